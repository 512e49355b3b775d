"""Read pictures and make them smaller, in other formats, without what their cameras wrote into them.

The same source, width, format and quality give the same bytes: nothing is made from another variant.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import PIL
from PIL import Image, ImageCms, ImageOps, features

from sitebuilder.errors import wrong

MOST_PIXELS = 80_000_000  # 240 MB as RGB; the cameras of 2026 make up to 200, phones save 12 to 50
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")  # a JPEG of several is an MPO to Pillow
READABLE = "a JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG"
ORIENTATION = 0x0112  # of Exif
TURNED = (5, 6, 7, 8)  # orientations that swap width and height
SRGB_NAME = "sRGB"


class Facts(NamedTuple):
    """What is known of a picture without decoding it."""

    format: str  # JPEG, PNG, …
    width: int  # as it is shown, turned as its Exif says
    height: int
    moves: bool
    is_see_through: bool


def facts(path: Path, name: str) -> Facts:
    """Look at a picture's header; raises SiteError for `name` if it is none, or too large."""
    with opened(path, name) as image:
        width, height = image.size
        if image.getexif().get(ORIENTATION) in TURNED:
            width, height = height, width
        moves = image.format != "MPO" and getattr(image, "n_frames", 1) > 1 and image.format != "TIFF"
        format_ = "JPEG" if image.format == "MPO" else str(image.format)
        return Facts(format_, width, height, moves, is_see_through(image))


def variant(path: Path, name: str, size: tuple[int, int], format_: str, quality: int) -> bytes:
    """The picture at a size, as a file of this format (`AVIF`, `WEBP`, `JPEG` or `PNG`), in sRGB."""
    with opened(path, name) as image:
        image.draft("", doubled(image, size))  # a JPEG is decoded no larger than is needed
        upright = ImageOps.exif_transpose(image)
        small = in_srgb(upright).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    small.info.clear()  # or a colour profile and comments would be saved again
    with io.BytesIO() as file:
        small.save(file, format_, **options(format_, quality))
        return file.getvalue()


def encoder(format_: str) -> str:
    """What encodes this format, with its version; raises SiteError where Pillow was built without it."""
    codec = {"AVIF": "avif", "WEBP": "webp", "JPEG": "jpg", "PNG": "zlib"}[format_]
    if not features.check(codec):
        right = 'a Pillow that has it, or [images] formats = ["webp"]'
        raise wrong(f"Pillow {PIL.__version__} was built without {format_}", "site.toml", right=right)
    return f"Pillow {PIL.__version__}, {codec} {features.version(codec)}"


@contextmanager
def opened(path: Path, name: str) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Image.DecompressionBombWarning(f"{image.width} × {image.height} pixels")
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        right = f"at most {MOST_PIXELS // 1_000_000} megapixels"
        raise wrong(f"{name} is too large ({error})", right=right) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # which Pillow raises for broken files
        raise wrong(f"{name} cannot be read as a picture ({error})", right=READABLE) from None


def doubled(image: Image.Image, size: tuple[int, int]) -> tuple[int, int]:
    """Twice the size that is wanted, as the file has it: enough for a sharp result."""
    width, height = size
    if image.getexif().get(ORIENTATION) in TURNED:
        width, height = height, width
    return 2 * width, 2 * height


def is_see_through(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def in_srgb(image: Image.Image) -> Image.Image:
    """The picture in eight bits a channel of red, green and blue, and of transparency where it has some."""
    mode = "RGBA" if is_see_through(image) else "RGB"
    if image.mode.startswith("I"):  # 16 bits of grey, which convert() would clip
        image = image.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
    elif image.mode in ("P", "PA", "1", "LA"):
        image = image.convert(mode)
    profile = image.info.get("icc_profile")
    return (with_profile(image, profile, mode) if profile else image).convert(mode)


def with_profile(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if SRGB_NAME in ImageCms.getProfileDescription(theirs):
            return image
        done = ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (
        ImageCms.PyCMSError,
        OSError,
        ValueError,
    ):  # a profile that is broken, or of another kind of picture
        return image
    return done or image


def options(format_: str, quality: int) -> dict[str, Any]:
    """How each format is saved; on one thread, for the same bytes on every machine."""
    saved: dict[str, dict[str, Any]] = {
        "AVIF": {"quality": max(1, quality - 20), "speed": 6, "max_threads": 1, "autotiling": False},
        "WEBP": {"quality": quality, "method": 4},
        "JPEG": {"quality": quality, "optimize": True, "progressive": True},
        "PNG": {"optimize": True},
    }
    return saved[format_]
