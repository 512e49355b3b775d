"""Find the ink of a label in a decoded picture."""

from PIL import Image, ImageChops

Box = tuple[int, int, int, int]  # left, top, right, bottom; the last two are outside


def ink_box(image: Image.Image, *, faintest: int = 24) -> Box | None:
    """Where pixels differ by at least `faintest` of 255 from the upper left one, in any channel."""
    return ink_mask(image, faintest=faintest).getbbox()


def ink_mask(image: Image.Image, *, faintest: int = 24) -> Image.Image:
    """White where there is ink, black where there is none."""
    ground = Image.new(image.mode, image.size, image.getpixel((0, 0)))
    bands = ImageChops.difference(image, ground).split()
    most = bands[0]
    for band in bands[1:]:
        most = ImageChops.lighter(most, band)
    return most.point([0] * faintest + [255] * (256 - faintest))


def pixel(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    """The channels of one pixel."""
    found = image.getpixel(place)
    assert isinstance(found, tuple)
    return found


def off_centre(box: Box, size: tuple[int, int]) -> float:
    """By how many pixels the middle of a box is away from the picture's, across or down."""
    left, top, right, bottom = box
    return max(abs(left + right - size[0]), abs(top + bottom - size[1])) / 2


def is_at_edge(box: Box, size: tuple[int, int]) -> bool:
    return box[0] <= 0 or box[1] <= 0 or box[2] >= size[0] or box[3] >= size[1]


def pixels_near(image: Image.Image, colour: tuple[int, ...], *, within: int = 8) -> int:
    """How many pixels have this colour, give or take `within` in each channel."""
    near = Image.new("L", image.size, 255)
    for band, value in zip(image.split(), colour, strict=True):
        table = [255 if abs(value - each) <= within else 0 for each in range(256)]
        near = ImageChops.darker(near, band.point(table))
    return near.histogram()[255]


def difference(one: Image.Image, other: Image.Image) -> tuple[float, int]:
    """The mean and the greatest difference of two pictures' channels, of 255."""
    bands = ImageChops.difference(one, other).split()
    counts = [sum(counts) for counts in zip(*(band.histogram() for band in bands), strict=True)]
    mean = sum(value * count for value, count in enumerate(counts)) / sum(counts)
    return mean, max(value for value, count in enumerate(counts) if count)
