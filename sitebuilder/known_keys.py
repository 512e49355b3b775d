"""Know the keys of front matter: find those that are misspelt, and values that cannot be.

A page may have keys of its own, for its templates; one that is ours but for a slip of a finger, and says what
ours could say, is a mistake where ours is not given.
"""

import datetime
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sitebuilder.errors import Problem, SiteError
from sitebuilder.guesses import begin_alike, perhaps
from sitebuilder.known_settings import line_of

KEYS: dict[str, type] = {
    "title": str, "description": str, "summary": str, "layout": str, "slug": str, "lang": str, "draft": bool,
    "weight": int, "tags": list, "aliases": list, "paginate": int,
}  # fmt: skip
DATE_KEYS = ("date", "updated")
IN_WORDS = {str: "a text", int: "a whole number", bool: "true or false", list: "a list, such as [one, two]"}
OURS = {*KEYS, *DATE_KEYS}
SHORT = 4  # letters: a word so short is another with one letter changed, as `land` and `lang`


def check_keys(path: str, matter: dict[Any, Any], text: str, first_line: int) -> None:
    """Raise SiteError for keys and values that are mistakes; `text` says them from `first_line` on."""
    if found := list(mistakes(matter)):
        raise SiteError(
            Problem(what, path, first_line + max(line_of(text, name) - 1, 0), right)
            for name, what, right in found
        )


def mistakes(matter: dict[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """The name of each key that is a mistake, what is wrong with it, and what would be right."""
    for name, value in matter.items():
        kind = KEYS.get(name)
        if kind and not (isinstance(value, kind) or (kind is str and isinstance(value, int))):
            yield name, f"{name} is {value!r}", IN_WORDS[kind]
        meant = "" if name in OURS else likely(str(name))
        if meant and meant not in matter and could_say(meant, value):
            yield (
                str(name),
                f"{name} is no key of a page",
                f"{perhaps([meant])}; a key of your own needs another name",
            )


@lru_cache(maxsize=256)  # most pages have the same
def likely(name: str) -> str:
    """The key of ours that a name is but for a slip; empty of most."""
    return next((key for key in sorted(OURS) if is_slip(name.casefold(), key)), "")


def is_slip(name: str, key: str) -> bool:
    """Whether one letter of a key is missing, doubled, another, or two have changed places.

    What begins otherwise, and what ends sooner or later, is a word of its own: `height`, `titles`, `update`.
    """
    place = begin_alike(name, key)
    if place in (0, len(name), len(key)):
        return name == key
    rest, ours = name[place:], key[place:]
    if rest[1:2] + rest[:1] + rest[2:] == ours:
        return True
    return len(key) > SHORT and (rest[1:] == ours or rest == ours[1:] or rest[1:] == ours[1:])


def could_say(name: str, value: object) -> bool:
    """Whether a value may be one of this key."""
    if name in KEYS:
        return type(value) is KEYS[name]
    return isinstance(value, datetime.date) or (isinstance(value, str) and is_date(value))


def is_date(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
