"""Know the keys of front matter: find those that are misspelt, and values that cannot be.

A page may have keys of its own, for its templates; one that is nearly ours, and says what ours could say, is
a mistake where ours is not given.
"""

import datetime
from functools import lru_cache
from typing import Any

from sitebuilder.errors import wrong
from sitebuilder.guesses import nearest, perhaps
from sitebuilder.known_settings import line_of

KEYS: dict[str, type] = {
    "title": str, "description": str, "summary": str, "layout": str, "slug": str, "lang": str, "draft": bool,
    "weight": int, "tags": list, "aliases": list, "paginate": int,
}  # fmt: skip
DATE_KEYS = ("date", "updated")
OURS = {*KEYS, *DATE_KEYS}
ALIKE = 0.8  # as `guesses` counts; `titel` and `title` are 0.8, `data` and `date` 0.75


def check_keys(path: str, matter: dict[Any, Any], text: str, first_line: int) -> None:
    """Raise SiteError for a key or a value that is a mistake; `text` says them from `first_line` on."""

    def line(name: str) -> int:
        return first_line + max(line_of(text, name) - 1, 0)

    for name, kind in KEYS.items():
        if name in matter and not (
            isinstance(matter[name], kind) or (kind is str and isinstance(matter[name], int))
        ):
            raise wrong(f"{name} is {matter[name]!r}", path, line(name), f"a {kind.__name__}")
    for name in matter.keys() - OURS:
        meant = likely(str(name))
        if meant and meant not in matter and could_say(meant, matter[name]):
            raise wrong(f"{name} is no key of a page", path, line(str(name)), perhaps([meant]))


@lru_cache(maxsize=256)  # most pages have the same
def likely(name: str) -> str:
    """The key of ours that one is nearly; empty of most."""
    return next(iter(nearest(name, OURS, alike=ALIKE)), "")


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
