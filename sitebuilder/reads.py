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


WORDS = {
    "names": "which files there are in {}",
    "page": "what {} says of itself",
    "next": "the page after {}",
    "previous": "the page before {}",
    "translations": "the translations of {}",
}  # of other kinds a name is plain as it is


def in_words(name: str) -> str:
    """A name for people: `pages 11 to 20 of section posts in en` for `list section posts@en 10 20`."""
    kind, _, what = name.partition(" ")
    if kind == "list":
        listed, start, stop = what.rsplit(" ", 2)
        return f"{part_in_words(start, stop)} of {list_in_words(listed)}"
    if kind == "length":
        return f"the length of {list_in_words(what)}"
    if kind == "tags":
        return f"the tags in {what}" if what else "the tags"
    return WORDS[kind].format(what) if kind in WORDS else name.rstrip()


def part_in_words(start: str, stop: str) -> str:
    first = 1 if start == "-" else int(start) + 1
    if stop == "-":
        return "all" if first == 1 else f"pages from {first} on"
    return f"pages {first} to {stop}"


def list_in_words(name: str) -> str:
    """A list of the library: `pages`, `section posts` or, where the site has languages, `tag red@de`."""
    listed, _, language = name.partition("@")
    kind, _, of = listed.partition(" ")
    words = {"pages": "the site's pages", "tag": f"the tag {of}", "section": f"section {of}"}[kind]
    words = words if listed != "section " else "the pages at the top"
    return f"{words} in {language}" if language else words
