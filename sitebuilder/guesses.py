"""Guess which name was meant by one that is not there; difflib is loaded only where one may have been."""

from collections.abc import Iterable

from sitebuilder.errors import PERHAPS

ALIKE = 0.6  # of 1, as difflib counts; `adresses` and `addresses` are 0.94, `url` and `urls` 0.86
MANY = 200  # names; of more, only so many that begin and end alike are looked at, for each takes 90 µs


def meant(
    name: str, known: Iterable[str], otherwise: str = "", *, most: int = 1, alike: float = ALIKE
) -> str:
    """What would be right: the known names that are most like one that is not there, else `otherwise`."""
    return perhaps(nearest(name, known, most=most, alike=alike)) or otherwise


def perhaps(names: Iterable[str]) -> str:
    """`perhaps you meant a or b`; nothing, where there is no name."""
    said = " or ".join(names)
    return f"{PERHAPS}{said}" if said else ""


def nearest(name: str, known: Iterable[str], *, most: int = 1, alike: float = ALIKE) -> list[str]:
    """The known names most like one, the nearest first; paths that end as it does go before others."""
    asked = name.casefold()
    spelled = {each.casefold(): each for each in sorted(known, reverse=True)}
    likely = sorted(spelled, key=lambda each: -ends_alike(each, asked))
    same = [each for each in likely if last(each) == last(asked)][:MANY]
    some = [each for each in likely[:MANY] if letters_alike(each, asked) >= alike]
    if not (same or some):
        return []
    from difflib import get_close_matches  # noqa: PLC0415 - a site has names of its own, and is well

    found = [
        *get_close_matches(asked, same, n=most, cutoff=0),
        *get_close_matches(asked, some, n=most, cutoff=alike),
    ]
    return [spelled[each] for each in dict.fromkeys(found)][:most]


def ends_alike(one: str, other: str) -> int:
    """How many letters two names have in common at their beginning and at their end; a slip is between."""
    return begin_alike(one, other) + begin_alike(one[::-1], other[::-1])


def begin_alike(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (ours, theirs) in pairs if ours != theirs), min(len(one), len(other)))


def letters_alike(one: str, other: str) -> float:
    """The most that two names can be alike: as if their letters stood in the same order."""
    both = sum(min(one.count(letter), other.count(letter)) for letter in set(one))
    return 2 * both / (len(one) + len(other) or 1)


def last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
