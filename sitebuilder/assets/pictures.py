"""Write a picture as HTML that loads no more than a screen needs and moves nothing when it has loaded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sitebuilder.assets.files import picture_file
from sitebuilder.assets.image_settings import ImageSettings, image_settings
from sitebuilder.assets.kept import kept
from sitebuilder.assets.pieces import HASH_CHARACTERS, Pieces
from sitebuilder.assets.vectors import svg_size
from sitebuilder.errors import wrong
from sitebuilder.reads import read
from sitebuilder.scanning import digest
from sitebuilder.settings import Site

if TYPE_CHECKING:
    from sitebuilder.assets.pixels import Facts

ENDINGS = {"AVIF": "avif", "WEBP": "webp", "JPEG": "jpg", "PNG": "png"}
DRAWING = 1  # to be raised with every change of how variants are made


@dataclass(frozen=True)
class Asked:
    """A picture as a page asks for it."""

    name: str  # as the page writes it
    alt: str
    widths: tuple[int, ...] = ()  # of the variants, in pixels; empty: those of site.toml
    sizes: str = ""
    loading: str = "lazy"
    attributes: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True)
class File:
    """The file of a picture."""

    path: Path
    name: str  # from the site's folder
    output: str  # where a copy of it is in the output: variants stand beside it


def picture(pieces: Pieces, asked: Asked, page: str) -> str:
    """The HTML of a picture; raises SiteError if there is none, or if it cannot be read.

    `page` is the file of the page that asks, from which a name that begins with `./` is told.
    """
    return picture_of(pieces, file_of(pieces.site, picture_file(pieces.site, asked.name, page)), asked)


def file_of(site: Site, name: str) -> File:
    """A picture by its path from the site's folder."""
    folder, _, rest = name.partition("/")
    return File(site.folder / name, name, rest if folder == "pages" else f"static/{rest}")


def size_of(file: File) -> tuple[int, int] | None:
    """Width and height in pixels; None of an SVG that does not say."""
    if file.path.suffix.lower() == ".svg":
        return svg_size(file.path.read_bytes())
    about = looked_at(file)
    return about.width, about.height


def picture_of(pieces: Pieces, file: File, asked: Asked) -> str:
    """The HTML of a picture whose file is known and read."""
    if file.path.suffix.lower() == ".svg":
        return whole(pieces, file, asked, size_of(file))
    about = looked_at(file)
    if about.moves:  # a variant would show its first picture only
        return whole(pieces, file, asked, (about.width, about.height))
    read("settings")
    settings = image_settings(pieces.site)
    sizes = in_proportion(asked.widths or settings.widths, about.width, about.height)
    last = fallback(about.format, about.is_see_through)
    formats = [format_ for format_ in settings.formats if format_ != last]
    variants = Variants(pieces, file, settings, sizes, digest(file.path.read_bytes()))
    return "".join(html(variants, asked, formats, last))


def looked_at(file: File) -> "Facts":
    from sitebuilder.assets.pixels import facts  # noqa: PLC0415 - it loads Pillow

    return facts(file.path, file.name)


def whole(pieces: Pieces, file: File, asked: Asked, size: tuple[int, int] | None) -> str:
    """A picture that is left as it is."""
    return tag(pieces.copy(file.output, file.path), asked, size)


def in_proportion(widths: Sequence[int], width: int, height: int) -> list[tuple[int, int]]:
    """The sizes to make, from small to large, none larger than the picture itself."""
    fitting = sorted({min(wanted, width) for wanted in widths})
    return [(wanted, max(1, round(height * wanted / width))) for wanted in fitting]


def fallback(format_: str, is_see_through: bool) -> str:
    """The format for browsers that know no other: the picture's own, if browsers know that one."""
    if format_ in ENDINGS:
        return format_
    return "PNG" if is_see_through or format_ == "GIF" else "JPEG"


@dataclass(frozen=True)
class Variants:
    """The files that are made of one picture."""

    pieces: Pieces
    file: File
    settings: ImageSettings
    sizes: list[tuple[int, int]]
    source: str  # the digest of the picture

    def address(self, size: tuple[int, int], format_: str) -> str:
        """Make a variant, if no build has made it yet; its name tells its width and what it is made from."""
        from sitebuilder.assets import pixels  # noqa: PLC0415

        quality = self.settings.quality
        key = digest(repr((self.source, size, format_, quality, pixels.encoder(format_), DRAWING)).encode())
        pure = PurePosixPath(self.file.output)
        hashed = f"{pure.stem}.{size[0]}w.{key[:HASH_CHARACTERS]}.{ENDINGS[format_]}"

        def make() -> bytes:
            return pixels.variant(self.file.path, self.file.name, size, format_, quality)

        made = kept(self.pieces.site, f"{key}.{ENDINGS[format_]}", make)
        return self.pieces.beside(str(pure.with_name(hashed)), made)


def html(variants: Variants, asked: Asked, formats: Sequence[str], last: str) -> Iterator[str]:
    """`<picture>`: the formats in the order of their worth, each in all widths, of the last the largest."""
    largest = variants.sizes[-1]
    image = tag(variants.address(largest, last), asked, largest)
    sizes = escape(asked.sizes or f"(min-width: {largest[0]}px) {largest[0]}px, 100vw")
    yield "<picture>"
    for format_ in formats:
        addresses = (f"{variants.address(size, format_)} {size[0]}w" for size in variants.sizes)
        mime = f"image/{ENDINGS[format_]}"
        yield f'<source type="{mime}" srcset="{", ".join(addresses)}" sizes="{sizes}">'
    yield f"{image}</picture>"


def tag(source: str, asked: Asked, size: tuple[int, int] | None) -> str:
    if asked.loading not in ("lazy", "eager"):
        raise wrong(f"loading is {asked.loading!r}", right="lazy, or eager for what is seen at once")
    measures = f' width="{size[0]}" height="{size[1]}"' if size else ""
    others = "".join(f' {name}="{escape(value)}"' for name, value in asked.attributes)
    pace = ' loading="lazy"' if asked.loading == "lazy" else ' fetchpriority="high"'
    return f'<img src="{escape(source)}" alt="{escape(asked.alt)}"{measures}{pace} decoding="async"{others}>'
