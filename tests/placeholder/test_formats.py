"""Every format shows the same picture, within what it loses."""

import pytest

import placeholder
from tests.placeholder.ink import difference, ink_box, pixel
from tests.placeholder.service import Service

LOSS = {"jpg": (2.0, 120), "gif": (0.0, 0), "webp": (0.0, 0), "avif": (2.0, 120)}  # mean and most, of 255
PAINTED_LOSS = {"jpg": (2.5, 120), "gif": (4.0, 90), "webp": (2.0, 90), "avif": (2.5, 120)}
FLAT = [
    "300x200",
    "301x199/264653/e9c46a",
    "64/fff/000",
    "300x200@2x/000/0f0",
    "300x200?text=one|two",
    "200x120/f00",
]
PAINTED = [
    "300x200?gradient=264653,90",
    "300x200/fff/000?stripes=eee,10",
    "300x200/fff?border=5,09f",
    "301x199?gradient=f00,30&border=3&text=Hi",
]
NO_SHOWING_THROUGH = ["png", "jpg", "gif", "webp", "avif"]


def in_format(address: str, form: str) -> str:
    path, mark, query = address.partition("?")
    return f"/{path}/{form}{mark}{query}"


@pytest.mark.parametrize("form", LOSS)
@pytest.mark.parametrize("address", FLAT)
def test_a_flat_picture_looks_as_in_png(warm: Service, form: str, address: str) -> None:
    expected = warm.ask(in_format(address, "png")).image()

    found = warm.ask(in_format(address, form)).image()

    mean, most = difference(found, expected)
    assert found.size == expected.size
    assert mean <= LOSS[form][0]
    assert most <= LOSS[form][1]


@pytest.mark.parametrize("form", PAINTED_LOSS)
@pytest.mark.parametrize("address", PAINTED)
def test_a_painted_picture_looks_as_in_png(warm: Service, form: str, address: str) -> None:
    expected = warm.ask(in_format(address, "png")).image()

    found = warm.ask(in_format(address, form)).image()

    mean, most = difference(found, expected)
    assert found.size == expected.size
    assert mean <= PAINTED_LOSS[form][0]
    assert most <= PAINTED_LOSS[form][1]


@pytest.mark.parametrize("form", ["gif", "webp", "avif"])
@pytest.mark.parametrize("address", ["300x200/transparent/f00", "300x200/f008/00f", "300x200/0000?text=Hi"])
def test_what_shows_through_shows_through(warm: Service, form: str, address: str) -> None:
    """GIF knows all or nothing; half is all."""
    expected = warm.ask(in_format(address, "png")).image("RGBA").getchannel("A")

    found = warm.ask(in_format(address, form)).image("RGBA").getchannel("A")

    if form == "gif":
        expected = expected.point([0] * 128 + [255] * 128)
    mean, _ = difference(found, expected)
    assert mean <= (3 if form == "gif" else 1)
    assert abs(found.getpixel((0, 0)) - expected.getpixel((0, 0))) <= 2  # type: ignore[operator]


@pytest.mark.parametrize("form", ["gif", "webp", "avif", "png"])
@pytest.mark.parametrize(
    "query", ["gradient=f00,90", "stripes=f00", "border=5,f00", "gradient=f00,45&text=%F0%9F%98%80"]
)
@pytest.mark.usefixtures("fonts")
def test_what_is_opaque_has_no_holes(warm: Service, form: str, query: str) -> None:
    image = warm.ask(f"/300x200/fff/{form}?{query}").image("RGBA")

    assert image.getchannel("A").getextrema() == (255, 255)


@pytest.mark.parametrize("address", ["60x40/transparent/f00", "60x40/00000080/f00", "60x40/0000?radius=9"])
def test_a_jpeg_shows_white_where_nothing_is(warm: Service, address: str) -> None:
    expected = warm.ask(in_format(address, "png")).image("RGBA")
    corner = placeholder.Colour(*pixel(expected, (0, 0))).over_white()

    found = pixel(warm.ask(in_format(address, "jpg")).image(), (0, 0))

    assert max(abs(a - b) for a, b in zip(found, corner[:3], strict=True)) <= 6


@pytest.mark.parametrize("form", NO_SHOWING_THROUGH)
def test_the_label_has_its_ink_in_every_format(warm: Service, form: str) -> None:
    expected = ink_box(warm.ask("/300x200/fff/c00/png").image(), faintest=64)

    found = ink_box(warm.ask(f"/300x200/fff/c00/{form}").image(), faintest=64)

    assert expected is not None
    assert found is not None
    assert max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= 1
