"""Turn Markdown into HTML, and tell its headings.

pyromark parses GitHub's dialect in C-like time but gives headings no ids and leaves bare addresses alone; one
walk over the tags of its HTML adds them, at about the cost of the parse.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyromark
from pyromark import Options
from pyromark.event import Event

from sitebuilder.highlighting import Highlighter
from sitebuilder.markdown_walk import Body, Heading, walk

__all__ = ["Body", "Entry", "Heading", "protected", "put_back", "render", "set_aside", "toc"]

DIALECT = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_GFM
)
ASIDE = "\x02{}\x03"  # stands for a piece of code that is set aside
in_memory = Highlighter()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table of contents, with the lines below it."""

    level: int
    id: str
    text: str
    children: tuple["Entry", ...] = ()


def render(text: str, *, highlight: Highlighter = in_memory) -> Body:
    """Render the Markdown `text`. Every text renders; raw HTML passes, for the writer owns the site."""
    return walk(_parser(highlight).html(text), text)


def protected(text: str) -> list[tuple[bool, str]]:
    """Split a Markdown source into pieces `(is_code, piece)` that join to it exactly.

    Code is a fenced block with its fences, an indented block, and an inline span with its backticks.
    """
    pieces = []
    source = text.encode()
    end = 0
    for start, stop in _code_ranges(text):
        if start > end:
            pieces.append((False, source[end:start].decode()))
        pieces.append((True, source[start:stop].decode()))
        end = stop
    if end < len(source):
        pieces.append((False, source[end:].decode()))
    return pieces


def set_aside(text: str) -> tuple[str, list[str]]:
    """Take the code out of a Markdown source, so that nobody reads template tags in it; lines stay lines."""
    codes: list[str] = []
    pieces = protected(text)
    for place, (is_code, piece) in enumerate(pieces):
        if is_code:
            pieces[place] = (True, ASIDE.format(len(codes)) + "\n" * piece.count("\n"))
            codes.append(piece)
    return "".join(piece for _, piece in pieces), codes


def put_back(text: str, codes: Iterable[str]) -> str:
    """Put the code that was set aside into its places, as far as these are still there."""
    for number, code in enumerate(codes):
        text = text.replace(ASIDE.format(number) + "\n" * code.count("\n"), code)
    return text


def toc(headings: Iterable[Heading]) -> list[Entry]:
    """Nest headings by their levels; one that skips a level hangs under the nearest higher heading."""
    return list(_entries(list(headings)))


@lru_cache(maxsize=8)
def _parser(highlight: Highlighter) -> pyromark.Markdown:
    return pyromark.Markdown(options=DIALECT, highlight=highlight)


def _code_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield where code begins and ends, in bytes of UTF-8, in the order of the text."""
    if not any(mark in text for mark in ("`", "~~~", "    ", "\t")):
        return
    end = 0
    for event, place in pyromark.events_with_range(text, options=DIALECT):
        if isinstance(event, dict) and _is_code(event) and place["start"] >= end:
            end = place["end"]
            yield place["start"], end


def _is_code(event: Event) -> bool:
    if "Code" in event:
        return True
    started = event.get("Start") if isinstance(event, dict) else None
    return isinstance(started, dict) and "CodeBlock" in started


def _entries(headings: list[Heading]) -> Iterator[Entry]:
    """Yield an entry for each heading that no earlier one encloses."""
    index = 0
    while index < len(headings):
        heading = headings[index]
        below = index + 1
        while below < len(headings) and headings[below].level > heading.level:
            below += 1
        children = tuple(_entries(headings[index + 1 : below]))
        yield Entry(heading.level, heading.id, heading.text, children)
        index = below
