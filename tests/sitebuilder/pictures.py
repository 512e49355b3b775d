"""Make small pictures of every kind, for sites that show them."""

import io
from typing import Any

from PIL import Image

WHERE, SIDE = 0x8825, 0x0112  # the tags of Exif for the place on earth, and for which side is up


def picture(
    width: int = 60, height: int = 40, *, mode: str = "RGB", kind: str = "JPEG", **options: Any
) -> bytes:
    """A picture whose left half is dark and whose right half is light."""
    image = Image.new("L", (width, height), 200)
    image.paste(40, (0, 0, width // 2, height))
    return saved(image.convert(mode), kind, **options)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    with io.BytesIO() as file:
        image.save(file, kind, **options)
        return file.getvalue()


def exif(side: int = 1) -> Image.Exif:
    """What a telephone writes into a photograph."""
    found = Image.Exif()
    found[SIDE] = side
    found[WHERE] = {1: "N", 2: (52.0, 31.0, 0.0)}
    return found


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
