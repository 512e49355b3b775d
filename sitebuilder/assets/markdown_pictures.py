"""Give the pictures of Markdown their width and height, so that the text below them does not jump.

Only those of the site itself: an address is looked up as a browser would, from the address of the page.
"""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from sitebuilder.assets.files import is_seen
from sitebuilder.assets.image_settings import image_settings
from sitebuilder.assets.pieces import Pieces
from sitebuilder.errors import Problem, SiteError
from sitebuilder.lines import line_of
from sitebuilder.markdown_walk import ATTRIBUTE, REST_OF_TAG
from sitebuilder.metadata import Source
from sitebuilder.outputs import PAGE_ENDINGS
from sitebuilder.reads import read
from sitebuilder.settings import Site

IMAGE = re.compile(rf"<img(?=[\s/>]){REST_OF_TAG}")
RASTERS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
ENDINGS = (*RASTERS, ".svg")
OWN = ("src", "alt", "loading", "decoding")  # attributes that every picture has


def measured(pieces: Pieces, html: str, source: Source, url: str) -> str:
    """The HTML of a page with its pictures measured, or, where site.toml says so, in several sizes.

    Raises SiteError, with the line of the page, for a picture that cannot be read.
    """

    def replaced(found: "re.Match[str]") -> str:
        attributes = attributes_of(found[0])
        address = attributes.get("src", "")
        if "width" in attributes or "height" in attributes or "srcset" in attributes:
            return found[0]
        file = local_file(pieces.site, address, url)
        if not file:
            return found[0]
        try:
            return pieces.piece(("markdown", file, found[0]), lambda: better(pieces, found[0], file))
        except SiteError as error:
            line = line_of(source.body, address)
            raise SiteError(placed(error, source.path, line and line + source.first_line - 1)) from None

    return IMAGE.sub(replaced, html)


def local_file(site: Site, source: str, url: str) -> str:
    """The file that an address leads to, from the site's folder; empty if it is no picture of it."""
    parts = urlsplit(urljoin(url, source))
    path = unquote(parts.path).lstrip("/")
    if parts.scheme or parts.netloc or not is_seen(path) or not path.lower().endswith(ENDINGS):
        return ""
    for name in (path,) if path.startswith("static/") else (f"static/root/{path}", f"pages/{path}"):
        read("file", name)  # also where there is none: a new one would be measured
        if not name.endswith(PAGE_ENDINGS) and (site.folder / name).is_file():
            return name
    return ""


def placed(error: SiteError, file: str, line: int) -> list[Problem]:
    return [problem if problem.file else replace(problem, file=file, line=line) for problem in error.problems]


def better(pieces: Pieces, tag: str, file: str) -> str:
    from sitebuilder.assets.pictures import Asked, file_of, picture_of, size_of  # noqa: PLC0415

    read("file", file)
    read("settings")
    picture = file_of(pieces.site, file)
    if not image_settings(pieces.site).markdown:
        size = size_of(picture)
        return f'<img width="{size[0]}" height="{size[1]}"{tag[4:]}' if size else tag
    given = attributes_of(tag)
    others = {name: value for name, value in given.items() if name not in OWN}
    asked = Asked(file, given.get("alt", ""), (), "", given.get("loading", "lazy"), tuple(others.items()))
    return picture_of(pieces, picture, asked)


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes of an `<img>`; of one given twice the first counts, as in a browser."""
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(tag, len("<img")):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found
