"""Read the table [images] of site.toml."""

from typing import Any, NamedTuple

from sitebuilder.settings import Site, unusable, value

WIDTHS = (480, 960, 1440)
FORMATS = ("avif", "webp")
MOST_WIDTH = 8192


class ImageSettings(NamedTuple):
    """How pictures are made where a page does not say."""

    widths: tuple[int, ...]  # pixels
    formats: tuple[str, ...]  # in the order in which a browser is offered them
    quality: int  # of JPEG and WebP; that of AVIF, whose scale is another, is 20 below
    markdown: bool  # whether pictures in Markdown come in several sizes too


def image_settings(site: Site) -> ImageSettings:
    raw = site.table("images")
    widths = value(raw, "images.widths", list, list(WIDTHS))
    formats = value(raw, "images.formats", list, list(FORMATS))
    quality = value(raw, "images.quality", int, 80)
    if not widths or not all(is_width(width) for width in widths):
        raise unusable(
            "images.widths", widths, f"whole numbers of pixels up to {MOST_WIDTH}, such as [480, 960]"
        )
    if not all(name in FORMATS for name in formats):
        raise unusable("images.formats", formats, 'some of ["avif", "webp"]')
    if not 1 <= quality <= 100:
        raise unusable("images.quality", quality, "a whole number from 1 to 100")
    upper = tuple(str(name).upper() for name in formats)
    return ImageSettings(tuple(widths), upper, quality, value(raw, "images.markdown", bool, False))


def is_width(width: Any) -> bool:
    return isinstance(width, int) and not isinstance(width, bool) and 0 < width <= MOST_WIDTH
