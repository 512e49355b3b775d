"""Tell at which characters a regular expression can begin to match, without trying it.

The answer may hold too many characters, never too few: a part that is not understood may begin with any.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

PARSER: Any = getattr(re, "_parser", None)  # not public: a test compares what is read here with `re`
Characters = frozenset[str]

END = ""  # stands for the end of the text
ASCII = frozenset(map(chr, range(128)))
LETTERS = frozenset(filter(str.isalpha, ASCII))
ANYWHERE = ASCII | {END}
ENDS = {"AT_END": frozenset({"\n", END}), "AT_END_STRING": frozenset({END})}
CLASSES = {
    f"CATEGORY_{name}": frozenset(char for char in ASCII if re.match(pattern, char))
    for pattern, name in (
        (r"\d", "DIGIT"), (r"\s", "SPACE"), (r"\w", "WORD"),
        (r"\D", "NOT_DIGIT"), (r"\S", "NOT_SPACE"), (r"\W", "NOT_WORD"),
    )
}  # fmt: skip


@lru_cache(maxsize=4096)
def first_characters(pattern: str, flags: int) -> Characters:
    """Return the ASCII characters, and END, at which `pattern` may match; it says nothing of any others."""
    if PARSER is None:
        return ANYWHERE
    try:
        parts = PARSER.parse(pattern, flags)
        return _Reading(parts.state.flags).sequence(parts, ANYWHERE)
    except (AttributeError, KeyError, TypeError, ValueError):  # a Python that parses into other parts
        return ANYWHERE


class _Reading:
    """A walk over the parts of a pattern, last part first.

    `after` is where all that follows a part may match: it counts where the part itself can match nothing.
    """

    def __init__(self, flags: int) -> None:
        self.any_case = bool(flags & re.IGNORECASE)
        self.dot = ASCII if flags & re.DOTALL else ASCII - {"\n"}

    def sequence(self, parts: Iterable[tuple[Any, Any]], after: Characters) -> Characters:
        for name, value in reversed(list(parts)):
            read = getattr(self, f"_{str(name).lower()}", None)
            after = read(value, after) if read else ANYWHERE
        return after

    def _any(self, _value: None, _after: Characters) -> Characters:
        return self.dot

    def _literal(self, code: int, _after: Characters) -> Characters:
        return self._range((code, code))

    def _not_literal(self, code: int, _after: Characters) -> Characters:
        return ASCII if self.any_case else ASCII - {chr(code)}

    def _in(self, items: list[tuple[Any, Any]], _after: Characters) -> Characters:
        named = [(str(name), value) for name, value in items]
        negated = ("NEGATE", None) in named
        found = frozenset[str]().union(*(self._item(*item) for item in named))
        if negated:
            return ASCII if self.any_case else ASCII - found
        return found

    def _item(self, name: str, value: Any) -> Characters:
        if name == "CATEGORY":
            return CLASSES[str(value)]
        if name == "NEGATE":
            return frozenset()
        return self._range((value, value) if name == "LITERAL" else value)

    def _range(self, ends: tuple[int, int]) -> Characters:
        """Return what lies between two codes; in any case, letters beyond ASCII may match an ASCII letter."""
        first, last = ends
        found = frozenset(map(chr, range(first, min(last, 127) + 1)))
        if not self.any_case:
            return found
        return found | {char.swapcase() for char in found} | (LETTERS if last > 127 else set())

    def _at(self, name: Any, after: Characters) -> Characters:
        return after & ENDS.get(str(name), ANYWHERE)

    def _assert(self, value: tuple[int, Any], after: Characters) -> Characters:
        direction, parts = value
        return after & self.sequence(parts, ANYWHERE) if direction > 0 else after

    def _assert_not(self, _value: Any, after: Characters) -> Characters:
        return after

    def _branch(self, value: tuple[None, list[Any]], after: Characters) -> Characters:
        return frozenset[str]().union(*(self.sequence(parts, after) for parts in value[1]))

    def _subpattern(self, value: tuple[Any, int, int, Any], after: Characters) -> Characters:
        _number, added, removed, parts = value
        return ANYWHERE if added or removed else self.sequence(parts, after)

    def _atomic_group(self, parts: Any, after: Characters) -> Characters:
        return self.sequence(parts, after)

    def _max_repeat(self, value: tuple[int, Any, Any], after: Characters) -> Characters:
        fewest, _most, parts = value
        repeated = self.sequence(parts, after)
        return repeated if fewest else repeated | after

    _min_repeat = _possessive_repeat = _max_repeat
