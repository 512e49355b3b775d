"""Shorten a pattern by what is known of the text that it reads, so that it matches there as it always did.

Long patterns cost the most to compile. Of a list of words, those are enough that begin with the next
character; of a class of all languages' letters, those of ASCII are, where the whole text is of ASCII.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from pygments.lexer import words

BEFORE = ("", "^", r"\b", r"(?<!\.)")  # what a list of words may come after, for it takes none of the text
REPEATED = ("?", "*", "+", "{")  # what a list comes before whose words may follow one another
LISTED = re.compile(
    rf"(?P<before>(?:{'|'.join(map(re.escape, BEFORE[1:]))})?\((?:\?:)?)"
    r"(?P<words>[\w-]+(?:\|[\w-]+)+)(?P<after>\)(?![?*+{]).*)",
    re.DOTALL,
)
BEYOND_ASCII = re.compile(r"(?<!-)(?:[^\x00-\x7f](?:-[^\x00-\x7f])?)+(?![-?*+{])")  # characters and ranges
BOUND = re.compile(r"\(\?[#a-zA-Z<]")  # flags and names within a pattern; what looks behind has a fixed width


class Listed(NamedTuple):
    """Words that a pattern begins with, and how the pattern of some of them is made."""

    words: Sequence[str]
    pattern: Callable[[tuple[str, ...]], str]


class WordList:
    """The words that a pattern begins with, by their initials."""

    def __init__(self, listed: Listed, *, any_case: bool) -> None:
        self.pattern = listed.pattern
        self.any_case = any_case
        self.by_initial: dict[str, list[str]] = defaultdict(list)
        for word in listed.words:
            self.by_initial[self._initial(word)].append(word)

    def at(self, char: str) -> str | None:
        """Return the pattern of those that may match at an ASCII character, tried in the same order."""
        found = self.by_initial.get(self._initial(char))
        return self.pattern(tuple(found)) if found else None

    def beginning(self) -> str:
        """Return a pattern that begins at the same characters as that of all."""
        return self.pattern(tuple(self.by_initial))

    def _initial(self, word: str) -> str:
        return word[:1].lower() if self.any_case else word[:1]


def word_list(regex: Any, flags: int) -> WordList | None:
    """Return the words that a pattern begins with, if their initials tell which of them may match."""
    listed = None if flags & re.VERBOSE else _listed(regex)
    if listed is None or not all(listed.words):
        return None
    any_case = bool(flags & re.IGNORECASE)
    if any_case and not _is_of_one_case("".join(listed.words)):
        return None
    return WordList(listed, any_case=any_case)


def _listed(regex: Any) -> Listed | None:
    if isinstance(regex, words):
        if regex.prefix not in BEFORE or regex.suffix.startswith(REPEATED):
            return None
        return Listed(regex.words, lambda of: pattern_of_words(of, regex.prefix, regex.suffix))
    found = LISTED.fullmatch(regex) if isinstance(regex, str) else None
    if found is None:
        return None
    return Listed(found["words"].split("|"), lambda of: f"{found['before']}{'|'.join(of)}{found['after']}")


def _is_of_one_case(letters: str) -> bool:
    """Whether, in any case, no two words differ by their case alone: Pygments tries longer ones first."""
    return letters.isascii() and letters in (letters.lower(), letters.upper())


@lru_cache(maxsize=4096)
def pattern_of_words(of: tuple[str, ...], prefix: str, suffix: str) -> str:
    """Return the pattern of a list of words: long ones take milliseconds to make, and states share them."""
    return str(words(of, prefix, suffix).get())  # type: ignore[no-untyped-call]


@lru_cache
def for_ascii(pattern: str, flags: int) -> str:
    """Return a pattern that matches the same in a text of ASCII: there, one character beyond it is as any."""
    if pattern.isascii() or flags & (re.IGNORECASE | re.VERBOSE) or BOUND.search(pattern):
        return pattern
    return BEYOND_ASCII.sub("\x80", pattern)
