"""Join and minify a block's style sheets or scripts; what a bundle would lose or break is an error.

Loaded within `as_compressor_expects` only.
"""

import base64
import hashlib
from collections.abc import Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from compressor.base import Compressor
from compressor.css import CssCompressor
from compressor.js import JsCompressor

from sitebuilder.assets.blocks import Block, static_name
from sitebuilder.assets.files import static_file
from sitebuilder.assets.kept import kept
from sitebuilder.assets.pieces import HASH_CHARACTERS, Pieces
from sitebuilder.errors import wrong
from sitebuilder.scanning import digest

FOLDER = "static/bundles"


class Bundle(Compressor):  # type: ignore[misc]
    """What bundles of both kinds have in common."""

    site_filters: Sequence[str]
    title: str  # how a bundle is called that has no name
    tags: dict[str, str]  # by the mode

    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__(kind, **{**options, "filters": self.site_filters})

    @cached_property
    def pieces(self) -> Pieces:
        found: Pieces = self.context["pieces"]
        return found

    @cached_property
    def parser(self) -> Block:
        return Block(self.content, self.resource_kind)

    def copy(self, **options: Any) -> "Bundle":
        """A bundle of a part of this block, whose elements have been read already."""
        part: Bundle = super().copy(**options)
        part.parser = self.parser
        return part

    def get_basename(self, url: str) -> str:
        return static_name(url)

    def get_filename(self, basename: str) -> str:
        return str(static_file(self.pieces.site, basename))

    def get_filecontent(self, filename: str, charset: str) -> str:
        try:
            return Path(filename).read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            name = Path(filename).relative_to(self.pieces.site.folder).as_posix()
            raise wrong(f"it is not UTF-8 text: {error}", name) from None

    def handle_output(self, mode: str, content: str, forced: bool, basename: str | None = None) -> str:
        """The tag for a bundle whose content is made."""
        values = {"media": "", "extra": "", "content": content} | self.extra_context
        values["media"] = f' media="{escape(values["media"])}"' if values["media"] else ""
        if mode != "inline":
            made = content.encode()
            values["url"] = escape(self.saved(made, basename or self.title))
            values["integrity"] = f"sha384-{base64.b64encode(hashlib.sha384(made).digest()).decode()}"
        return self.tags[mode].format(**values)

    def saved(self, content: bytes, name: str) -> str:
        hashed = f"{name}.{digest(content)[:HASH_CHARACTERS]}.{self.resource_kind}"
        return self.pieces.beside(f"{FOLDER}/{hashed}", kept(self.pieces.site, hashed, lambda: content))


class CssBundle(Bundle, CssCompressor):  # type: ignore[misc]
    site_filters = (
        "sitebuilder.assets.css_addresses.CssAddresses",
        "compressor.filters.cssmin.rCSSMinFilter",
    )
    title = "styles"
    tags = {
        "file": '<link rel="stylesheet" href="{url}" integrity="{integrity}"{media}>',
        "inline": "<style{media}>{content}</style>",
        "preload": '<link rel="preload" href="{url}" as="style" integrity="{integrity}"{media}>',
    }


class JsBundle(Bundle, JsCompressor):  # type: ignore[misc]
    site_filters = ("compressor.filters.jsmin.rJSMinFilter",)
    title = "scripts"
    tags = {
        "file": '<script src="{url}" integrity="{integrity}"{extra}></script>',
        "inline": "<script>{content}</script>",
        "preload": '<link rel="preload" href="{url}" as="script" integrity="{integrity}">',
    }


BUNDLES: dict[str, type[Bundle]] = {"css": CssBundle, "js": JsBundle}
