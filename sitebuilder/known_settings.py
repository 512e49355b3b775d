"""Find settings of site.toml that nothing reads because their names are misspelt.

A site may have tables and names of its own, for its templates; one that is nearly ours, where ours is not
given, is a mistake.
"""

import re
from collections.abc import Iterator
from typing import Any

from sitebuilder.errors import Problem

TABLES = (
    "site", "params", "build", "section", "tags", "feed", "search", "check", "stage", "languages", "images",
)  # fmt: skip
NAMES = {
    "site": ("name", "url", "language", "timezone", "author", "description"),
    "build": ("output", "addresses", "workers"),
    "tags": ("paginate",),
    "feed": ("section", "limit"),
    "search": ("enabled",),
}
NAMES_OF_A_SECTION = ("order", "page_layout", "list_layout")
ALIKE = 0.75  # of 1, as difflib counts; `adresses` and `addresses` are 0.94, `url` and `urls` 0.86


def misspelt(raw: dict[str, Any], text: str, file: str) -> Iterator[Problem]:
    """Yield each name that is nearly one of ours; `text` is what `raw` was read from."""
    places: list[tuple[str, Any, tuple[str, ...]]] = [("", raw, TABLES)]
    places += [(f"{name}.", raw[name], known) for name, known in NAMES.items() if name in raw]
    sections = raw.get("section", {})
    if isinstance(sections, dict):
        places += [(f"section.{name}.", table, NAMES_OF_A_SECTION) for name, table in sections.items()]
    for prefix, table, known in places:
        if isinstance(table, dict):
            for name, meant in nearly(table, known):
                what = f"{prefix}{name} is no setting"
                yield Problem(what, file, line_of(text, name), f"{prefix}{meant}")


def nearly(table: dict[str, Any], known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    unknown = table.keys() - set(known)
    if not unknown:
        return
    from difflib import get_close_matches  # noqa: PLC0415 - a build that has nothing to do needs no guesses

    for name in sorted(unknown):
        for meant in get_close_matches(name, known, n=1, cutoff=ALIKE):
            if meant not in table:
                yield name, meant


def line_of(text: str, name: str) -> int:
    """The line on which a name is given a value, or heads a table; 0 where there is none such."""
    found = re.search(rf"^\s*(?:\[\s*)?[\"']?{re.escape(name)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 0
