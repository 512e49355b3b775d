"""Gradients, stripes, borders and round corners are where, and what, the address says."""

from itertools import pairwise

import pytest
from PIL import Image

from tests.placeholder.ink import ink_box, is_at_edge, off_centre, pixel
from tests.placeholder.service import Service

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def picture(service: Service, query: str, size: str = "60x40", mode: str = "RGB") -> Image.Image:
    """A red picture without a label."""
    return service.ask(f"/{size}/f00?text=&{query}").image(mode)


def is_near(found: tuple[int, ...], expected: tuple[int, ...], within: int = 6) -> bool:
    return all(abs(a - b) <= within for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("angle", "begins", "ends"),
    [
        ("", (30, 0), (30, 39)),  # downwards, as in CSS
        (",180", (30, 0), (30, 39)),
        (",0", (30, 39), (30, 0)),
        (",90", (0, 20), (59, 20)),
        (",270", (59, 20), (0, 20)),
        (",135", (0, 0), (59, 39)),
        (",45", (0, 39), (59, 0)),
        (",315", (59, 39), (0, 0)),
    ],
)
def test_a_gradient_goes_from_the_background_to_its_colour(
    warm: Service, angle: str, begins: tuple[int, int], ends: tuple[int, int]
) -> None:
    image = picture(warm, f"gradient=00f{angle}")

    assert is_near(pixel(image, begins), RED)
    assert is_near(pixel(image, ends), BLUE)


@pytest.mark.parametrize("angle", [0, 30, 90, 135, 200, 271, 359])
@pytest.mark.parametrize("size", ["60x40", "40x60", "41x41", "1x60", "60x1"])
def test_the_middle_of_a_gradient_is_half_of_each(warm: Service, size: str, angle: int) -> None:
    image = picture(warm, f"gradient=00f,{angle}", size)

    assert is_near(pixel(image, (image.width // 2, image.height // 2)), (127, 0, 127), within=10)


@pytest.mark.parametrize("angle", [90, 180])
def test_a_gradient_never_goes_back(warm: Service, angle: int) -> None:
    image = picture(warm, f"gradient=00f,{angle}", "300x300")
    middle = image.crop((0, 150, 300, 151) if angle == 90 else (150, 0, 151, 300)).getchannel("B").tobytes()

    assert list(middle) == sorted(middle)
    assert (middle[0], middle[-1]) == pytest.approx((0, 255), abs=3)


def test_stripes_are_as_wide_as_asked_and_rise_to_the_right(warm: Service) -> None:
    image = picture(warm, "stripes=00f,20", "400x400")

    row = image.crop((0, 0, 400, 1)).getchannel("B").tobytes()
    changes = [x for x in range(1, 400) if (row[x - 1] < 128) != (row[x] < 128)]
    widths = {later - earlier for earlier, later in pairwise(changes)}

    assert widths <= {28, 29}  # 20 across the stripe are 20 * sqrt(2) along a row
    assert set(image.crop((0, 0, 400, 400)).getchannel("G").tobytes()) == {0}
    assert [image.getpixel((x - y, y)) for x, y in ((200, 0), (200, 90), (200, 199))] == [
        image.getpixel((200, 0))
    ] * 3


def test_half_of_a_striped_picture_is_stripes(warm: Service) -> None:
    blue = picture(warm, "stripes=00f,10", "560x560").getchannel("B").tobytes()

    assert sum(blue) / len(blue) == pytest.approx(127.5, abs=3)


def test_stripes_let_the_background_through_as_their_opacity_says(warm: Service) -> None:
    colours = picture(warm, "stripes=0000ff80,20", "200x200").getcolors(1 << 16) or []

    common = sorted(colours, reverse=True)[:2]

    assert {colour for _, colour in common} == {(127, 0, 128), RED}


@pytest.mark.parametrize("size", ["60x40", "61x41", "60x40@2x"])
@pytest.mark.parametrize("border", [1, 2, 7])
def test_a_border_is_inside_and_as_wide_as_asked(warm: Service, size: str, border: int) -> None:
    image = picture(warm, f"border={border},00f", size)

    wide = border * (2 if "@2x" in size else 1)
    inner = (wide, wide, image.width - wide, image.height - wide)
    inside = image.crop(inner).getcolors()
    image.paste(BLUE, inner)

    assert inside == [((inner[2] - inner[0]) * (inner[3] - inner[1]), RED)]
    assert image.getcolors() == [(image.width * image.height, BLUE)]


def test_a_border_without_a_colour_has_that_of_the_ink(warm: Service) -> None:
    assert warm.ask("/60x40/f00/008000?border=3").image().getpixel((0, 0)) == GREEN


@pytest.mark.parametrize("border", [20, 30, 200])
def test_a_border_that_fills_the_picture_leaves_nothing_else(warm: Service, border: int) -> None:
    assert picture(warm, f"border={border},00f").getcolors() == [(60 * 40, BLUE)]


@pytest.mark.parametrize("options", ["radius=12", "radius=12&border=3,00f", "radius=12&gradient=f00"])
@pytest.mark.parametrize("size", ["60x40", "61x41", "60x40@3x"])
def test_round_corners_show_what_is_behind_and_edges_stay_exact(
    warm: Service, size: str, options: str
) -> None:
    image = picture(warm, options, size, "RGBA")
    right, bottom = image.width - 1, image.height - 1

    corners = [pixel(image, place)[3] for place in ((0, 0), (right, 0), (0, bottom), (right, bottom))]
    edge = (*(BLUE if "border" in options else RED), 255)

    assert corners == [0, 0, 0, 0]
    for place in ((right // 2, 0), (right // 2, bottom), (0, bottom // 2), (right, bottom // 2)):
        assert image.getpixel(place) == edge


@pytest.mark.parametrize("size", ["60x60", "61x61", "60x40", "41x60"])
def test_a_round_picture_is_a_circle_or_a_stadium(warm: Service, size: str) -> None:
    alpha = picture(warm, "radius=round", size, "RGBA").getchannel("A")
    width, height = alpha.size
    side = min(width, height)

    area = sum(alpha.tobytes()) / 255

    assert area == pytest.approx(3.14159 / 4 * side**2 + side * (max(width, height) - side), rel=0.01)
    assert alpha.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes() == alpha.tobytes()
    assert alpha.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes() == alpha.tobytes()


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_a_radius_grows_with_the_resolution(warm: Service, scale: int) -> None:
    alpha = picture(warm, "radius=12", f"60x40@{scale}x", "RGBA").getchannel("A")

    cut_off = alpha.width * alpha.height - sum(alpha.tobytes()) / 255

    assert cut_off == pytest.approx((4 - 3.14159) * (12 * scale) ** 2, rel=0.05)


def test_the_edge_of_a_round_corner_is_smooth(warm: Service) -> None:
    alphas = set(picture(warm, "radius=20", "60x60", "RGBA").getchannel("A").tobytes())

    assert len(alphas) >= 12


def test_a_border_is_round_inside_too(warm: Service) -> None:
    image = picture(warm, "radius=20&border=4,00f", "60x60")

    assert [image.getpixel((x, 30)) for x in (3, 4)] == [BLUE, RED]
    assert is_near(pixel(image, (7, 7)), BLUE)  # the inner corner's radius is 16: 4.7 pixels are cut off
    assert is_near(pixel(image, (11, 11)), RED)


@pytest.mark.parametrize(
    "options",
    ["gradient=eee", "stripes=eee", "border=4,eee", "radius=round", "gradient=eee&border=2&radius=9"],
)
def test_the_label_stands_as_on_a_flat_picture(warm: Service, options: str) -> None:
    plain = warm.ask("/300x300/fff/000").image("L")
    expected = ink_box(plain, faintest=128)

    dark = warm.ask(f"/300x300/fff/000?{options}").image("L").crop((30, 30, 270, 270))
    found = ink_box(dark, faintest=128)

    assert expected is not None
    assert found is not None
    assert tuple(place + 30 for place in found) == expected
    assert off_centre(expected, (300, 300)) <= 1
    assert not is_at_edge(found, (240, 240))
