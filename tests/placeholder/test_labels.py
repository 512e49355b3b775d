"""A label stands in the middle, can be read, and touches no edge."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import placeholder
from tests.placeholder.ink import ink_box, is_at_edge, off_centre, pixels_near
from tests.placeholder.service import Service

SIDES = [*range(20, 101, 4), 33, 51, 77, 99, 101, 127, 150, 151, 173, 199, 200]
OBLONG = [(88, 31), (120, 60), (60, 120), (468, 60), (728, 90), (120, 600), (160, 600), (320, 50), (1600, 40)]
TEXTS = ["Hello", "gypsy", "A", "x", "Hello\\nWorld", "one|two|three", "...", "ÀÉÎõü", "Qj", "-"]
PALETTE = [  # a background and an ink
    ("ffffff", "000000"),
    ("000000", "ffffff"),
    ("dddddd", "999999"),
    ("264653", "e9c46a"),
    ("ff000080", "0000ff"),
    ("00000000", "123456"),
    ("transparent", "000"),
    ("123456", "fedcba40"),
]


@pytest.mark.parametrize(("background", "ink"), PALETTE)
@pytest.mark.parametrize("size", ["64x48", "65x49", "300x200@2x", "1x1", "1x400", "400x1"])
def test_the_background_is_exact_from_corner_to_corner(
    warm: Service, background: str, ink: str, size: str
) -> None:
    image = warm.ask(f"/{size}/{background}/{ink}").image("RGBA")
    right, bottom = image.width - 1, image.height - 1

    corners = {image.getpixel(place) for place in ((0, 0), (right, 0), (0, bottom), (right, bottom))}

    assert corners == {tuple(placeholder.Colour.parse(background))}


@pytest.mark.parametrize("side", SIDES)
def test_the_size_is_legible_in_every_small_square(warm: Service, side: int) -> None:
    """By its ink: some of it is as dark as asked, and it is high enough to make digits out."""
    image = warm.ask(f"/{side}/ffffff/000000").image()

    box = ink_box(image)

    assert box is not None
    assert box[3] - box[1] >= min(4 + side // 24, 9)
    assert box[2] - box[0] >= side * 0.38
    assert pixels_near(image, (0, 0, 0), within=120) >= 10 + side // 4
    assert not is_at_edge(box, image.size)


@pytest.mark.parametrize(("width", "height"), OBLONG)
@pytest.mark.parametrize("text", ["", "?text=Hello+World", "?text=one|two"])
def test_a_label_is_legible_in_an_oblong(warm: Service, width: int, height: int, text: str) -> None:
    image = warm.ask(f"/{width}x{height}/ffffff/000000{text}").image()

    box = ink_box(image)

    assert box is not None
    assert box[3] - box[1] >= 6
    assert pixels_near(image, (0, 0, 0), within=60) >= 10
    assert not is_at_edge(box, image.size)


@pytest.mark.parametrize(
    "size", ["100x100", "101x100", "100x101", "333x222", "64x64", "51x33", "100@2x", "77@3x"]
)
@pytest.mark.parametrize("text", [None, *TEXTS])
def test_the_ink_is_centred_within_a_pixel(warm: Service, size: str, text: str | None) -> None:
    query = "" if text is None else f"?text={text}".replace("ÀÉÎõü", "%C3%80%C3%89%C3%8E%C3%B5%C3%BC")
    image = warm.ask(f"/{size}/ffffff/000000{query}").image()

    box = ink_box(image, faintest=1)

    assert box is not None
    assert off_centre(box, image.size) <= 1


@pytest.mark.parametrize("text", [*TEXTS[:6], "W" * 40, "i" * 200, "Lorem ipsum dolor sit amet " * 7])
@pytest.mark.parametrize("size", ["60x60", "97x31", "300x200", "1200x630", "40x400"])
def test_ink_never_touches_an_edge(warm: Service, size: str, text: str) -> None:
    reply = warm.ask(f"/{size}/ffffff/000000?text={text.strip().replace(' ', '+')}")

    box = ink_box(reply.image())

    assert box is None or not is_at_edge(box, reply.size)


@pytest.mark.parametrize("font_size", [4, 12, 100, 1000])
@pytest.mark.parametrize("size", ["300x200", "60x20", "31x300"])
def test_a_label_of_any_size_asked_for_is_cut_at_no_edge(warm: Service, size: str, font_size: int) -> None:
    """What does not fit is drawn as large as it does: its ink is as wide as in a picture with room."""
    answer = warm.ask(f"/{size}/fff/000?text=Hamburg&size={font_size}")
    drawn = warm.ask(f"/{size}?text=Hamburg&size={font_size}&json").json()["font_size"]
    roomy = ink_box(warm.ask(f"/3000x1000/fff/000?text=Hamburg&size={drawn}").image()) if drawn else None

    box = ink_box(answer.image())

    assert drawn <= font_size
    assert (box is None) == (roomy is None)
    if box and roomy:
        assert (box[2] - box[0], box[3] - box[1]) == (roomy[2] - roomy[0], roomy[3] - roomy[1])


def test_a_larger_size_asked_for_gives_a_larger_label(warm: Service) -> None:
    boxes = [ink_box(warm.ask(f"/600x400/fff/000?text=Hi&size={size}").image()) for size in (20, 40, 80, 160)]

    heights = [box[3] - box[1] for box in boxes if box]

    assert [round(height / heights[0]) for height in heights] == [1, 2, 4, 8]


@pytest.mark.parametrize("form", ["png", "jpg", "gif", "webp", "avif"])
@pytest.mark.parametrize("text", ["", "%20", "|", "%0A%0A"])
def test_an_empty_text_draws_nothing(warm: Service, form: str, text: str) -> None:
    image = warm.ask(f"/60x40.{form}/09f/fff?text={text}").image()

    assert len(image.getcolors() or []) == 1


def test_a_text_without_breaks_is_wrapped_where_that_makes_it_larger(warm: Service) -> None:
    words = "the+quick+brown+fox+jumps+over+the+lazy+dog"

    one_line = ink_box(warm.ask(f"/300/fff/000?text={words.replace('+', '%C2%A0')}").image())
    wrapped = ink_box(warm.ask(f"/300/fff/000?text={words}").image())

    assert one_line is not None
    assert wrapped is not None
    assert wrapped[3] - wrapped[1] > 3 * (one_line[3] - one_line[1])


@given(st.tuples(*[st.integers(0, 255)] * 3), st.just(255) | st.integers(64, 255))
@settings(max_examples=150, deadline=None)
def test_the_ink_that_we_choose_can_be_read_on_any_background(
    background: tuple[int, int, int], alpha: int
) -> None:
    """WCAG 2.2, success criterion 1.4.3: a contrast of at least 4.5, computed here by its own formula.

    What shows through is taken for white.
    """
    ink = placeholder.Colour(*background, alpha).readable_ink()
    seen = tuple(255 - (255 - value) * alpha / 255 for value in background)

    lighter, darker = sorted((luminance(seen), luminance(ink[:3])), reverse=True)

    assert ink.alpha == 255
    assert (lighter + 0.05) / (darker + 0.05) >= 4.45  # the seen colour is rounded to whole values


def luminance(colour: tuple[float, ...]) -> float:
    shares = [value / 255 for value in colour]
    light = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), light, strict=True))
