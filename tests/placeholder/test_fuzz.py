"""No address, however it is made, is answered by anything but a picture, an unchanged one or a refusal."""

import random
from collections.abc import Callable
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

import placeholder
from tests.placeholder.service import Reply, Service

REQUESTS = 2_500  # of each kind
PIECES = [
    "/", "/", "/", "//", "image", "seed", "60x40", "60", "1", "0", "00060x0040", "x", "X", "@", "@2x",
    "@3x", "@4x", "16:9x40", "60x4:3", ":", "vga", "medrect", "mibar", "2k", ".png", ".jpg", ".jpeg",
    ".gif", ".svg", ".json", ".PNG", ".webp", ".", "png", "gif", "json", "svg", "f00", "fff8", "123456",
    "12345678", "transparent", "red", ",128", ",256", ",", "&text=", "&", "=", "&font=serif", "&radius=9",
    "|", "\\n", "\\|", "\\", "%", "%25", "%2525", "%00", "%0a", "%0d%0a", "%e9", "%c3%a9", "%f0%9f%98%80",
    "%ed%a0%80", "é", "😀", "שלום", "你", " ", "+", "#", "?", ";", "..", "\0", "\r\n", "\x7f", "\u2028",
    "\ufeff", "\uffff", "\u202e", "\u0301", "\u200d", "<script>", "'", '"', "9" * 20, "9" * 41, "9" * 5000,
    "٣x٣", "-1", "1e3", "0x10", "None", "true",
]  # fmt: skip
OPTIONS = [
    "text", "font", "size", "font_size", "radius", "border", "gradient", "stripes", "sig", "json", "v", "",
    "TEXT",
]  # fmt: skip
VALUES = [
    "", "0", "1", "9", "round", "red", "f00,90", "0009,3", "9,red", "serif", "mono", "notocoloremoji",
    "a|b", "Hello World", "ab" * 100, "x" * 201, "\n" * 11, "é", "😀😀", "👍🏽", "1️⃣", "مرحبا", "नमस्ते",
    "\u0301", "\u200d", "\ufe0f", "\0", "\ud800", "\uffff", "%", "%zz", "+", "../..", "-1", "1e9",
    "9" * 400, "&", "=", "<b>", "\\n", "\\|",
]  # fmt: skip
METHODS = ["GET"] * 8 + ["HEAD", "OPTIONS", "POST", "BREW"]
CONDITIONS = ["*", '"x"', "W/", '"', ",,", "", "é", "\x00", '"x",' * 50]


def path_of_pieces(dice: random.Random) -> tuple[str, str]:
    return "/" + "".join(dice.choices(PIECES, k=dice.randint(0, 7))), ""


def query_of_pieces(dice: random.Random) -> tuple[str, str]:
    path = dice.choice(
        ["/60x40", "/60x40.gif/f00", "/61x41.svg", "/60/transparent", "/seed/a/60", "/60.json", "/60@2x.webp"]
    )
    pairs = [(dice.choice(OPTIONS), dice.choice(VALUES)) for _ in range(dice.randint(1, 5))]
    encode = encoded if dice.random() < 0.7 else str
    return path, "&".join(f"{encode(name)}={encode(value)}" for name, value in pairs)


def random_bytes(dice: random.Random) -> tuple[str, str]:
    path, query = (dice.randbytes(dice.randint(0, 40)).decode("latin-1") for _ in range(2))
    return f"/{path}", query


def edited(dice: random.Random) -> tuple[str, str]:
    """A right address of which a few characters are others."""
    letters = list(
        "/60x40@2x.png/09f8/red,128&text=a|b?text=Hello&gradient=f00,90&border=3,red&radius=9&size=12"
    )
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(1, len(letters))
        letters[place] = dice.choice(
            ["", letters[place] * 2, chr(dice.randrange(0x20, 0x7F)), chr(dice.randrange(0x3000))]
        )
    path, _, query = "".join(letters).partition("?")
    return path, query


def encoded(text: str) -> str:
    return quote(text, errors="surrogatepass")


def as_wsgi(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")
@pytest.mark.parametrize(
    "make", [path_of_pieces, query_of_pieces, random_bytes, edited], ids=lambda make: make.__name__
)
def test_nothing_that_is_asked_breaks_it(
    warm: Service, make: Callable[[random.Random], tuple[str, str]]
) -> None:
    """An exception within is raised here; the same seed asks the same."""
    dice = random.Random(make.__name__)

    for _ in range(REQUESTS):
        path, query = map(as_wsgi, make(dice))
        headers = {"HTTP_IF_NONE_MATCH": as_wsgi(dice.choice(CONDITIONS))} if dice.random() < 0.1 else {}
        check(warm, path, query, dice.choice(METHODS), headers)


def check(service: Service, path: str, query: str, method: str, headers: dict[str, str]) -> None:
    reply = service.ask_raw(path, query, method, **headers)

    asked = f"{method} {path[:200]!r} {query[:200]!r} {headers}"
    assert reply.status in (200, 204, 304, 400, 403, 404, 405, 412, 414), asked
    if path not in ("/", "/health") and reply.body:
        assert is_what_it_says(reply), asked


def is_what_it_says(reply: Reply) -> bool:
    """Whether the body is of its type, and an error says why and is not to be kept."""
    form = reply.headers["Content-Type"].partition(";")[0]
    openings = {
        "image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8", "image/gif": b"GIF8", "image/webp": b"RIFF",
        "image/svg+xml": b"<svg", "application/json": b"{",
    }  # fmt: skip
    opens = reply.body[4:8] == b"ftyp" if form == "image/avif" else reply.body.startswith(openings[form])
    if reply.status == 200:
        return opens
    return opens and bool(reply.error) and reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("letter", ["x", "9", "%", "%25", "&", "é", "|", "/", "\0", "a=b&"])
def test_a_megabyte_is_refused_and_forgotten(service: Service, letter: str) -> None:
    flood = as_wsgi(letter) * (1_000_000 // len(letter))

    replies = [
        service.ask_raw("/60x40", flood),
        service.ask_raw(f"/{flood}"),
        service.ask_raw("/60x40", f"text={flood}"),
    ]

    assert [reply.status for reply in replies] == [414] * 3
    assert placeholder.decided.cache_info().currsize == 0
    assert placeholder.ANSWERS.weight == 0


@pytest.mark.parametrize(
    "address",
    [
        "/300.svg?text=a%EF%BF%BFb",
        "/300.svg?text=%EF%BF%BE",
        "/300.svg?text=a%F0%9F%BF%BF",
        "/300.svg?text=%3C%26%22'%5D%5D%3E",
        "/300.svg/%EF%BF%BF",
    ],
)
def test_every_drawing_is_well_formed(warm: Service, address: str) -> None:
    reply = warm.ask(address)

    assert ElementTree.fromstring(reply.body).tag == "{http://www.w3.org/2000/svg}svg"
