"""Record what a rendering reads, each thing by a name whose value can be asked for again.

A name is a kind and what of it: `file pages/a.md`, `names data/people/`, `page pages/b.md`,
`next pages/a.md`, `list section posts 0 5`, `settings`. An output is as it was as long as every name that it
read has the value that it had; a name of the kind `unknown` never has.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from sys import intern

_reading: list[set[str]] = []


def read(kind: str, what: str = "") -> None:
    """Note that what is being rendered depends on this."""
    if _reading:
        _reading[-1].add(intern(f"{kind} {what}"))  # most outputs read the same


@contextmanager
def recorded() -> Iterator[set[str]]:
    """Collect what is read inside; an inner collection also counts for the outer one."""
    found: set[str] = set()
    _reading.append(found)
    try:
        yield found
    finally:
        _reading.pop()
        if _reading:
            _reading[-1] |= found


def read_again(names: frozenset[str]) -> None:
    """Note what something that was made before has read."""
    if _reading:
        _reading[-1] |= names
