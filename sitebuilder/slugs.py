"""Make the ids of headings as GitHub makes them, each once a page."""

import re
from unicodedata import category

UNNAMED = "section"  # a heading of emoji only leaves no letter to name it by
ASCII_NOISE = re.compile(r"[^a-z0-9_ -]")


class Slugs:
    """The ids of one page; `taken` holds those that the writer gave anywhere on it."""

    def __init__(self, taken: set[str]) -> None:
        self._reserved = taken
        self._given: set[str] = set()
        self._next: dict[str, int] = {}

    def own(self, name: str) -> str:
        """Give the writer's own id; numbered, if an earlier heading has it."""
        return self._number(name) if name in self._given else self._give(name)

    def made_from(self, text: str) -> str:
        """Give an id made from a heading's words: `a-b`, then `a-b-1`, `a-b-2`."""
        slug = slug_of(text) or UNNAMED
        return self._number(slug) if self._is_taken(slug) else self._give(slug)

    def _number(self, slug: str) -> str:
        number = self._next.get(slug, 1)
        while self._is_taken(f"{slug}-{number}"):
            number += 1
        self._next[slug] = number + 1
        return self._give(f"{slug}-{number}")

    def _is_taken(self, name: str) -> bool:
        return name in self._given or name in self._reserved

    def _give(self, name: str) -> str:
        self._given.add(name)
        return name


def slug_of(text: str) -> str:
    """Return `text` in small letters, spaces as hyphens, with nothing but letters, marks, digits, - and _."""
    text = text.lower()
    if text.isascii():
        return ASCII_NOISE.sub("", text).replace(" ", "-")
    return "".join(letter for letter in text if _stays(letter)).replace(" ", "-")


def _stays(letter: str) -> bool:
    return letter in "- " or category(letter) in {"Nd", "Nl", "Pc"} or category(letter)[0] in "LM"
