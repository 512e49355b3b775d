"""Make the lists of addresses that are asked for, the same in every run and for every server."""

import random
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

SIZES = [
    (300, 200), (150, 150), (600, 400), (400, 300), (640, 480), (320, 240), (800, 600), (1200, 630), (64, 64),
    (728, 90), (300, 250), (1024, 768), (1200, 800), (1920, 1080), (40, 40), (500, 500),
]  # fmt: skip
COLOURS = ["264653", "2a9d8f", "e9c46a", "f4a261", "e76f51", "dddddd", "333333", "0099ff", "ffffff", "6c5ce7"]
WORDS = [
    "Hero",
    "Avatar",
    "Product",
    "Banner",
    "Team",
    "Thumbnail",
    "Coming soon",
    "Article",
    "Logo",
    "Gallery",
]
DISTINCT = 2_000
ASKED = 8_000
COLD = 60_000  # more than any server draws in the seconds of a scenario


def mix() -> list[str]:
    """8,000 requests of 2,000 addresses by Zipf's law: the n-th is asked for 1/n as often as the first."""
    dice = random.Random(1)
    known: dict[str, None] = {}
    while len(known) < DISTINCT:
        known[_any(dice)] = None
    weights = [1 / rank for rank in range(1, DISTINCT + 1)]
    return dice.choices(list(known), weights, k=ASKED)


def colours(size: str) -> Iterator[str]:
    """Addresses of one size, each with a background that no other has."""
    return (f"/{size}/{0x264653 + place:06x}/ffffff" for place in range(COLD))


def texts(size: str) -> Iterator[str]:
    """Addresses of one size, each with a text that no other has, its letters shuffled."""
    dice = random.Random(2)
    words = ("".join(dice.sample("etaoinsrhldcumfpg", 7)).capitalize() for _ in range(COLD))
    return (f"/{size}?text={word}%20{place}" for place, word in enumerate(words))


FRESH: dict[str, Callable[[str], Iterator[str]]] = {"colours": colours, "texts": texts}


def _any(dice: random.Random) -> str:
    width, height = dice.choice(SIZES)
    path = f"/{width}x{height}"
    if dice.random() < 0.6:
        path += f"/{dice.choice(COLOURS)}"
        path += f"/{dice.choice(COLOURS)}" if dice.random() < 0.5 else ""
    if dice.random() < 0.3:
        text = f"{dice.choice(WORDS)} {dice.randrange(1, 40)}"
        path += f"?{urlencode({'text': text}, quote_via=quote)}"
    return path
