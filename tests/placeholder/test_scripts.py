"""Labels of every script are drawn by a font that has their letters, in their own direction."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageFont

import placeholder
from tests.placeholder.ink import Box, ink_box, ink_mask, off_centre
from tests.placeholder.service import Service

pytestmark = pytest.mark.usefixtures("fonts")

SCRIPTS = {
    "Latin": "Zażółć gęślą jaźń",
    "Greek": "Γειά σου",
    "Cyrillic": "Привіт",
    "Arabic": "مرحبا بالعالم",
    "Hebrew": "שלום עולם",
    "Devanagari": "नमस्ते दुनिया",
    "Thai": "สวัสดีชาวโลก",
    "Chinese": "你好世界",
    "Japanese": "こんにちは世界",
    "Korean": "안녕하세요",
    "symbols": "→ ✓ ∑ ♞",
}
NOWHERE = "\U000f0000"  # for private use: no font here covers it
EMOJI = ["😀", "❤️", "👍🏽", "🧑‍🚀", "🇩🇪", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]


def ask(service: Service, text: str, *, size: str = "600x200", form: str = "png") -> Image.Image:
    return service.ask(f"/{size}/fff/000.{form}?text={quote(text)}").image()


def ink(service: Service, text: str) -> Image.Image:
    """The label alone, cut to its ink."""
    mask = ink_mask(ask(service, text))
    box = mask.getbbox()
    assert box is not None
    return mask.crop(box)


@lru_cache
def box_glyphs(file: Path) -> frozenset[str]:
    """The glyph that a font draws for what it lacks."""
    with TTFont(file, fontNumber=0, lazy=True) as font:
        return frozenset(font.getGlyphOrder()[:1])


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_every_letter_is_drawn_by_a_font_that_has_it(text: str) -> None:
    runs, missing = placeholder.runs(text, "sans")

    assert missing == []
    assert "".join(sorted(letter for run in runs for letter in run.text)) == "".join(sorted(text))
    for run in runs:
        with TTFont(run.file, fontNumber=0, lazy=True) as font:
            glyphs = font.getBestCmap()
        names = {glyphs.get(ord(letter)) for letter in run.text}
        assert None not in names
        assert names.isdisjoint(box_glyphs(run.file))


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_no_label_is_a_row_of_boxes(warm: Service, text: str) -> None:
    """As many characters that no font has leave nothing; boxes of the same font would look alike."""
    image = ask(warm, text)
    box = ink_box(image)

    assert box is not None
    assert off_centre(box, image.size) <= 1
    first, last = text[0], text[-1]
    if first != last:
        assert ink(warm, first).tobytes() != ink(warm, last).tobytes()


@pytest.mark.parametrize("family", placeholder.FAMILIES)
def test_our_own_fonts_have_every_letter_of_latin_1(family: str) -> None:
    """So a label of such letters needs no search for a font."""
    letters = [chr(code) for code in range(0x20, 0x100) if unicodedata.category(chr(code)) != "Cc"]

    assert [each for each in letters if not placeholder.covers(placeholder.family_font(family), each)] == []


@pytest.mark.parametrize("font", sorted({*placeholder.FAMILIES, *placeholder.LOOKALIKES}))
def test_every_font_that_we_name_draws_a_label(warm: Service, font: str) -> None:
    reply = warm.ask(f"/300x100/fff/000?text=Hamburg&font={font}")

    assert reply.status == 200
    assert ink_box(reply.image()) is not None


def test_fonts_of_different_kinds_look_different(warm: Service) -> None:
    bodies = {warm.ask(f"/300x100?text=Hamburg&font={font}").body for font in placeholder.FAMILIES}

    assert len(bodies) == len(placeholder.FAMILIES)


@pytest.mark.parametrize(
    "stem", ["notosansthai-regular", "notosansarabic-regular", "notosansdevanagari-regular"]
)
def test_a_font_without_latin_letters_leaves_them_to_ours(warm: Service, stem: str) -> None:
    """Whatever font of the machine is named: no box is drawn for what it lacks."""
    found = ink(warm, "Hello").tobytes()

    named = warm.ask(f"/600x200/fff/000?text=Hello&font={stem}")
    mask = ink_mask(named.image())

    if placeholder.find_font(stem) and not placeholder.covers(placeholder.installed_fonts()[stem], "H"):
        assert mask.crop(mask.getbbox()).tobytes() == found


@pytest.mark.parametrize("text", ["שלום", "مرحبا", "אבג 123", "שלום abc", "abc שלום", "(שלום)"])
def test_hebrew_and_arabic_are_drawn_from_right_to_left(warm: Service, text: str) -> None:
    """As the shaping library draws the line when it is given the direction of the whole."""
    direction = "rtl" if unicodedata.bidirectional(text[0]) in ("R", "AL", "ON") else "ltr"
    runs, _ = placeholder.runs(text, "sans")
    first = next(letter for letter in text if unicodedata.bidirectional(letter) in ("R", "AL"))

    order = [run.text for run in runs]

    assert all(
        run.leftward == (unicodedata.bidirectional(run.text.strip("() ")[0]) in ("R", "AL"))
        for run in runs
        if run.text.strip("() ")
    )
    strong = [part for part in order if part.strip("() ")]
    if direction == "rtl":
        assert first in strong[-1]
    else:
        assert first not in strong[0]


def test_the_first_letter_of_hebrew_stands_rightmost(warm: Service) -> None:
    """An alef and a lamed: the lamed is the taller one."""
    mask = ink(warm, "אאאאל")
    half = mask.width // 2

    left, right = mask.crop((0, 0, half, 4)), mask.crop((half, 0, mask.width, 4))

    assert left.getbbox() is not None
    assert right.getbbox() is None


def test_brackets_around_hebrew_open_towards_it(warm: Service) -> None:
    """The first one is drawn at the right, and so mirrored (UAX 9, rule L4)."""
    mask = ink(warm, "(שלום)")

    left, right = mask.crop((0, 0, 3, mask.height)), mask.crop((mask.width - 3, 0, mask.width, mask.height))

    for edge in (left.getbbox(), right.getbbox()):
        assert edge is not None
        assert edge[1] > mask.height * 0.1  # the belly of a bracket, not its ends
        assert edge[3] < mask.height * 0.95


def test_arabic_letters_are_joined(warm: Service) -> None:
    apart = sum(ink(warm, letter).width * 100 // ink(warm, letter).height for letter in "مرحبا")
    joined = ink(warm, "مرحبا")

    assert joined.width * 100 // joined.height < apart
    assert placeholder.COMPLEX is ImageFont.Layout.RAQM


def test_devanagari_forms_conjuncts(warm: Service) -> None:
    """`kssa` is one shape, not its three letters in a row."""
    assert ink(warm, "क्ष").width < ink(warm, "कष").width * 0.9


def test_numbers_in_hebrew_still_run_rightwards() -> None:
    runs, _ = placeholder.runs("אב 123 גד", "sans")

    assert [run.text.strip() for run in runs if run.text.strip()] == ["גד", "123", "אב"]


@pytest.mark.parametrize("text", EMOJI)
def test_emoji_are_drawn_in_colour_and_as_one(warm: Service, text: str) -> None:
    runs, missing = placeholder.runs(text, "sans")
    image = warm.ask(f"/200/fff/000?text={quote(text)}").image("HSV")
    saturation = image.getchannel("S").tobytes()

    assert missing == []
    assert [run.text for run in runs] == [text]
    assert sum(value > 100 for value in saturation) > 50
    box = ink_box(image.convert("RGB"))
    assert box is not None
    assert (box[2] - box[0]) / (box[3] - box[1]) < 1.6  # one sign, not several beside each other


def test_emoji_stand_in_line_with_letters(warm: Service) -> None:
    both, letters = (ink_box(ask(warm, text)) for text in ("Hg😀", "Hg"))

    assert both is not None
    assert letters is not None
    assert height(both) <= height(letters) * 1.35
    assert both[2] - both[0] > letters[2] - letters[0] + height(letters) * 0.6


def height(box: Box) -> int:
    return box[3] - box[1]


@pytest.mark.parametrize("form", ["png", "jpg", "gif", "webp", "avif"])
@pytest.mark.parametrize("address", ["/600x200.{}?text={}", "/600x200.{}?border=2&text={}"])
def test_what_no_font_has_is_named_and_the_rest_is_drawn(warm: Service, form: str, address: str) -> None:
    with_it = warm.ask(address.format(form, quote(f"a{NOWHERE}b{NOWHERE}")))
    without = warm.ask(address.format(form, "ab"))

    assert with_it.headers["Placeholder-Missing"] == "U+F0000"
    assert "Placeholder-Missing" not in without.headers
    assert with_it.image().tobytes() == without.image().tobytes()


def test_a_description_names_what_no_font_has(warm: Service) -> None:
    assert warm.ask(f"/60x40?json&text={quote(NOWHERE)}").json()["missing"] == [NOWHERE]
