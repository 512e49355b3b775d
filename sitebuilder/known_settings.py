"""Know the settings of site.toml: find those that are misspelt, and values that cannot be.

A site may have tables and names of its own, for its templates; one that is nearly ours, where ours is not
given, is a mistake.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sitebuilder.errors import Problem, SiteError, wrong
from sitebuilder.guesses import nearest, perhaps

KINDS: dict[str, dict[str, type]] = {
    "site": {"name": str, "url": str, "language": str, "timezone": str, "author": str, "description": str},
    "build": {"output": str, "addresses": str, "workers": int},
    "tags": {"paginate": int},
    "feed": {"section": str, "limit": int},
    "search": {"enabled": bool, "headings": bool, "body": bool},
}
OF_A_SECTION: dict[str, type] = {"order": str, "page_layout": str, "list_layout": str}
TABLES = (*KINDS, "section", "check", "stage", "params", "languages", "images", "html", "highlight")
SOURCES = ("pages", "templates", "data", "static", "images", "locale")
ALIKE = 0.75  # as `guesses` counts: a name that is less like ours may be one of the site's own


def checked(raw: dict[str, Any], text: str, file: str) -> dict[str, Any]:
    """Return `raw`, which `text` says; raises SiteError for each name and value that is a mistake."""
    problems = list(nearly(raw, TABLES, "", text, file))
    for prefix, table, kinds in tables(raw):
        problems += nearly(table, tuple(kinds), prefix, text, file)
        problems += unfit(table, kinds, prefix, text, file)
    if problems:
        raise SiteError(problems)
    return raw


def check_output(folder: Path, output: Path) -> None:
    """Refuse to build where a build would remove what it does not know: over the sources, or around them."""
    place = output.resolve()
    if folder.is_relative_to(place) or any(place.is_relative_to(folder / name) for name in SOURCES):
        right = "a folder that holds nothing else, such as 'out'"
        raise wrong(f"build.output is {str(output)!r}", "site.toml", right=right)


def tables(raw: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, type]]]:
    """The tables that we know, each with what its names begin with and the kinds of its values."""
    known = [(name, raw.get(name), kinds) for name, kinds in KINDS.items()]
    sections = raw.get("section")
    if isinstance(sections, dict):
        known += [(f"section.{name}", table, OF_A_SECTION) for name, table in sections.items()]
    for name, table, kinds in known:
        if isinstance(table, dict):
            yield f"{name}.", table, kinds


def nearly(
    table: dict[str, Any], known: tuple[str, ...], prefix: str, text: str, file: str
) -> Iterator[Problem]:
    for name in sorted(table.keys() - set(known)):
        for ours in nearest(name, known, alike=ALIKE):
            if ours not in table or (ours == "section" and is_of_sections(table[name])):
                what, right = f"{prefix}{name} is no setting", perhaps([f"{prefix}{ours}"])
                yield Problem(what, file, line_of(text, name), right)


def is_of_sections(table: object) -> bool:
    """Whether a table says what `section` could: there may be one of that name beside `[sectoin.posts]`."""
    inner = table.values() if isinstance(table, dict) else ()
    return any(isinstance(each, dict) and each.keys() & OF_A_SECTION.keys() for each in inner)


def unfit(
    table: dict[str, Any], kinds: dict[str, type], prefix: str, text: str, file: str
) -> Iterator[Problem]:
    said = {str: "a text", int: "a whole number from 0", bool: "true or false"}
    for name in table.keys() & kinds.keys():
        found, kind = table[name], kinds[name]
        right = "" if type(found) is kind else said[kind]
        if isinstance(found, int) and found < 0:
            right = said[int]
        if isinstance(found, str) and name == "timezone" and not is_time_zone(found):
            right = "the name of a time zone, such as Europe/Paris"
        if right:
            yield Problem(f"{prefix}{name} is {found!r}", file, line_of(text, name), right)


def is_time_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - most sites name none

    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def line_of(text: str, name: str) -> int:
    """The line on which a name is given a value, or heads a table, best at its beginning; 0 without any."""
    given = rf"(?:\[\s*)?[\"']?{re.escape(name)}\b"
    found = re.search(rf"^{given}", text, re.MULTILINE) or re.search(rf"^\s*{given}", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 0


def line_in(text: str, table: str, name: str) -> int:
    """The line on which a name is given a value below the head of a table; 0 where there is none such."""
    head = re.search(rf"^\s*\[\s*{re.escape(table)}\s*\]", text, re.MULTILINE)
    below = head.end() if head else len(text)
    line = line_of(text[below:], name)
    return line and line + text.count("\n", 0, below)


def line_of_table(text: str, table: str, name: str) -> int:
    """The line that heads a table within a table, or on which it is given a value; 0 where there is none."""
    key = rf"[\"']?{re.escape(name)}[\"']?(?![\w-])"
    found = re.search(rf"^\s*(?:\[\s*)?{table}\s*\.\s*{key}", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else line_in(text, table, name)
