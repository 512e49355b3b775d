"""Find the line of a source on which an address is written."""

from urllib.parse import unquote

BEFORE = frozenset("(<\"'= \t\n:,>[")
AFTER = frozenset(")>\"' \t\n,|]")


class Lines:
    """A source whose addresses are asked for in the order in which they stand."""

    def __init__(self, source: str, first_line: int = 1) -> None:
        self._source = source
        self._first_line = first_line
        self._passed: dict[str, int] = {}  # an address: the end of the last place where it was found
        self._last = 0

    def of(self, target: str) -> int:
        """Return the line of the next place that names `target`, or else the last line asked for."""
        place = self._next(target)
        if place < 0 and "%" in target:
            place = self._next(unquote(target))
        if place < 0:
            place = self._passed.get(target, self._last)
        self._last = place
        return self._first_line + self._source.count("\n", 0, place)

    def _next(self, target: str) -> int:
        """Return where `target` stands alone next, or part of a longer word, or -1."""
        if not target:
            return -1
        loose = -1
        place = self._source.find(target, self._passed.get(target, -1) + 1)
        while place >= 0:
            if _stands_alone(self._source, place, place + len(target)):
                self._passed[target] = place
                return place
            loose = place if loose < 0 else loose
            place = self._source.find(target, place + 1)
        if loose >= 0 and target not in self._passed:
            self._passed[target] = loose
            return loose
        return -1


def line_of(source: str, needle: str) -> int:
    """Return the first line on which `needle` stands, not as a part of a longer address, or 0.

    Markup, which can stand in many places for many reasons, is found only where it stands once.
    """
    if "<" in needle:
        return source.count("\n", 0, source.find(needle)) + 1 if source.count(needle) == 1 else 0
    place = source.find(needle) if needle else -1
    while place >= 0:
        if _stands_alone(source, place, place + len(needle)):
            return source.count("\n", 0, place) + 1
        place = source.find(needle, place + 1)
    return 0


def _stands_alone(source: str, start: int, end: int) -> bool:
    return (not start or source[start - 1] in BEFORE) and (end == len(source) or source[end] in AFTER)
