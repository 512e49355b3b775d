"""Find what is too large to load, and pictures that move the text when they arrive."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from sitebuilder.checking.addresses import Addresses
from sitebuilder.checking.facts import Facts, Finding
from sitebuilder.checking.limits import Limits

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp"})
PAGES = frozenset({".html", ".htm"})


def oversized(sizes: Mapping[str, int], limits: Limits) -> Iterator[tuple[str, Finding]]:
    """Yield each file of `sizes`, in bytes, that is larger than the site wants it."""
    for name, size in sizes.items():
        suffix = Path(name).suffix.lower()
        what, key, limit = (
            ("page", "page_kb", limits.page_kb) if suffix in PAGES else ("image", "image_kb", limits.image_kb)
        )
        if (suffix in PAGES or suffix in IMAGES) and size > limit * 1000:
            yield name, Finding(f"the {what} has {size / 1000:,.0f} KB", f"at most {limit} KB (check.{key})")


def unsized(facts: Mapping[str, Facts], addresses: Addresses, output: Path) -> Iterator[tuple[str, Finding]]:
    """Yield the pictures of pages that state no size, with the size that each has."""
    known: dict[str, str] = {}
    for page, each in facts.items():
        for picture in each.unsized:
            try:
                place = addresses.place(picture.target, page)
            except ValueError:
                place = None
            name = addresses.file(place.path) if place and not place.outside else None
            if name and name not in known:
                known[name] = _size_of(output / name)
            right = known.get(name or "") or 'width="…" and height="…"'
            what = f"the image {picture.target} has no width and height"
            yield page, Finding(what, right, picture.target, picture.line)


def _size_of(path: Path) -> str:
    """Return a picture's size as attributes; nothing, if the file does not tell."""
    try:
        with Image.open(path) as image:
            return f'width="{image.width}" height="{image.height}"'
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return ""
