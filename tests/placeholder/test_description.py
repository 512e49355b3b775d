"""A description says what a page needs to know of a picture, and its addresses lead back to it."""

from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import placeholder
from tests.placeholder.service import Service

COLOUR = st.sampled_from(["f00", "09f8", "transparent", "00000000", "teal", "123456", "red,128"])
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "text": st.text(st.sampled_from("aé|\\n \n&=+%#×😀ש"), max_size=12),
        "font": st.sampled_from(["serif", "lora", "sans", "mono"]),
        "size": st.integers(4, 300),
        "radius": st.integers(0, 80) | st.just("round"),
        "border": st.sampled_from(["0", "3", "3,red", "0,red", "200"]),
        "gradient": st.sampled_from(["red", "09f,90", "0000,0"]),
        "stripes": st.sampled_from(["red", "09f8,7"]),
    },
)
ADDRESSES = st.builds(
    lambda width, height, scale, form, colours, options: (
        f"/{width}x{height}@{scale}x.{form}/{'/'.join(colours)}?"
        + "&".join(f"{name}={quote(str(value))}" for name, value in options.items())
    ),
    st.integers(1, 90),
    st.integers(1, 90),
    st.integers(1, 3),
    st.sampled_from(["png", "gif", "svg"]),
    st.lists(COLOUR, max_size=2),
    OPTIONS,
)


@given(address=ADDRESSES)
@example(address="/60x40@1x.png?text=a%5C%7Cb|c")
@example(address="/60x40@1x.png?text=a%5C%0Ab%5C%5Cn")
@settings(max_examples=80, deadline=None)
def test_the_address_of_a_description_is_the_same_picture(warm: Service, address: str) -> None:
    described = warm.ask(f"{address}&json").json()
    picture = warm.ask(address)

    normal = warm.ask(described["address"])

    assert (normal.status, normal.etag, normal.body) == (200, picture.etag, picture.body)
    assert described["etag"] == picture.etag
    assert described["bytes"] == len(picture.body)


@pytest.mark.parametrize(
    "address",
    ["/300x200", "/1400.webp", "/1700.avif", "/2000", "/1999x1?border=1", "/1100?radius=9", "/4000"],
)
def test_every_address_of_the_srcset_is_answered(warm: Service, address: str) -> None:
    described = warm.ask(f"{address}{'&' if '?' in address else '?'}json").json()
    offered = [part.strip().split() for part in described["srcset"].split(",")]

    sizes = {words[1]: warm.ask(words[0]).size for words in offered}

    assert sizes["1x"] == (described["width"], described["height"])
    for name, size in sizes.items():
        assert size == (described["width"] * int(name[0]), described["height"] * int(name[0]))


def test_a_description_says_what_was_asked_and_what_was_found_out(warm: Service) -> None:
    described = warm.ask("/300x200@2x.webp/264653/fff?json&text=Hi|you&font=serif&gradient=f00,90").json()

    found = {name: described[name] for name in ("width", "height", "scale", "format", "type", "text", "font")}
    assert found == {
        "width": 300,
        "height": 200,
        "scale": 2,
        "format": "webp",
        "type": "image/webp",
        "text": "Hi\nyou",
        "font": "serif",
    }
    assert (described["background"], described["ink"]) == ("264653", "ffffff")
    assert described["gradient"] == ["ff0000", 90]
    assert described["missing"] == []
    assert len(described["blurhash"]) == 4 + 2 * 4 * 3


@pytest.mark.parametrize(
    ("address", "contrast"),
    [
        ("/60/fff/000", 21.0),
        ("/60/fff/fff", 1.0),
        ("/60/fff/777", 4.48),
        ("/60/fff/000?gradient=000", 1.0),
        ("/60?text=", None),
    ],
)
def test_the_contrast_is_that_of_wcag_with_the_worst_ground(
    warm: Service, address: str, contrast: float | None
) -> None:
    described = warm.ask(f"{address}{'&' if '?' in address else '?'}json").json()

    assert described["contrast"] == contrast


def test_the_blurhash_is_of_the_pictures_own_colours(warm: Service) -> None:
    """Its average colour stands in its third to sixth letter."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
    described = warm.ask("/60x40/264653?json&text=").json()

    average = 0
    for letter in described["blurhash"][2:6]:
        average = average * 83 + letters.index(letter)

    assert f"{average:06x}" == "264653"
    assert str(placeholder.Colour.parse("264653")) == "264653"
