"""Remember a build: the files that it saw, what each output read, and what the output was.

It stands in three journals, `seen`, `pages` and `outputs`; the first is all that it takes to find that
nothing has changed. An edit of one page among many adds a little to each, until new ones are begun.
"""

import marshal
import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from operator import is_not
from time import time_ns
from typing import Any, NamedTuple

from sitebuilder.collecting import without_collecting
from sitebuilder.journal import Journal, apply, change, write_journal
from sitebuilder.scanning import Stamp, digest
from sitebuilder.settings import Site
from sitebuilder.unchanged import SEEN, Seen, code_in_words, seed

PAGES, OUTPUTS = "pages", "outputs"  # journals, as SEEN is
NEVER: tuple[list[int], list[int], list[int]] = ([], [], [])
MOST_GROWN = 1.25  # times its first entry, for what was replaced is still there to be read
MOST_CHANGED = 0.25  # of the outputs: what tells of more is not much smaller than the whole


class Made(NamedTuple):
    """An output as the last build left it."""

    spec: tuple[str, str, int]  # kind, what and number of the Output
    reads: tuple[str, ...]  # in order; a set takes five times the memory
    digest: str
    extras: tuple[str, ...]  # further files that it asked for


@dataclass
class Manifest:
    """What is known of the last build; empty before the first one, and after one that did not end."""

    at: float = 0.0  # when the build began, in seconds since 1970
    drafts: bool = False
    due: str = ""
    timezone: str = ""  # that dates without one are of
    output: str = ""  # its folder, from the site's
    files: dict[str, Stamp] = field(default_factory=dict)
    pages: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # their records, by source
    digests: dict[str, str] = field(default_factory=dict)  # of those records
    values: dict[str, str] = field(default_factory=dict)  # of every name that an output read
    outputs: dict[str, Made] = field(default_factory=dict)
    written: dict[str, tuple[int, int]] = field(default_factory=dict)
    folders: dict[str, tuple[int, int]] = field(default_factory=dict)
    ends: tuple[list[int], list[int], list[int]] = NEVER  # of the entries of the journals


def load(site: Site, seen: Seen | None = None) -> Manifest:
    """All that is known of the last build, or an empty manifest where there is nothing to go by."""
    seen = seen or Seen(str(site.state))
    if not seen.journal.ends:
        return Manifest()
    pages, outputs = (Journal(f"{site.state}/{name}", seed()) for name in (PAGES, OUTPUTS))
    if not pages.builds == outputs.builds == seen.journal.builds:
        return Manifest()
    digests, values, made = parts_of(marshal.loads, outputs.bodies, 3)
    return Manifest(
        at=seen.at,
        drafts=seen.drafts,
        due=seen.due,
        timezone=seen.timezone,
        output=seen.output,
        files={path: Stamp._make(stamp) for path, stamp in seen.files.items()},
        pages=parts_of(pickle.loads, pages.bodies, 1)[0],
        digests=digests,
        values=values,
        outputs={path: Made._make(each) for path, each in made.items()},
        written=seen.written,
        folders=seen.folders,
        ends=(pages.ends, outputs.ends, seen.journal.ends),
    )


@without_collecting()
def parts_of(
    loads: Callable[[memoryview], Any], bodies: Iterable[memoryview], count: int
) -> list[dict[str, Any]]:
    """The dictionaries that a journal is of, whose entries have a change of each."""
    parts: list[dict[str, Any]] = [{} for _ in range(count)]
    for body in bodies:
        for changed, part in zip(loads(body), parts, strict=True):
            apply(changed, part)
    return parts


@without_collecting()
def save(site: Site, manifest: Manifest, before: Manifest | None = None) -> None:
    """Write the journals; where they hold the build `before`, add to each what differs from it."""
    base, build = before if before and may_grow(before, manifest) else Manifest(), time_ns()
    for name, entry, ends in zip(
        (PAGES, OUTPUTS, SEEN), (of_pages, of_outputs, of_seen), base.ends, strict=True
    ):
        write_journal(f"{site.state}/{name}", entry(site, base, manifest), seed(), build, ends)


def may_grow(before: Manifest, after: Manifest) -> bool:
    """Whether the journals are to be added to: not by most of a site, nor for ever."""
    if any(not ends or ends[-1] > MOST_GROWN * ends[0] for ends in before.ends):
        return False
    changed = sum(before.outputs.get(path) != made for path, made in after.outputs.items())
    return changed <= MOST_CHANGED * len(after.outputs)


def of_pages(_: Site, before: Manifest, after: Manifest) -> bytes:
    """Pages that were read anew differ: 1 and True, or a moment in two zones, are equal, not shown alike."""
    changed = change(before.pages, after.pages, is_not)
    return pickle.dumps([changed], pickle.HIGHEST_PROTOCOL)  # for they hold dates


def of_outputs(_: Site, before: Manifest, after: Manifest) -> bytes:
    """What changes; `values` and `outputs` have most of their strings in common, which are written once."""
    pairs = (before.digests, after.digests), (before.values, after.values), (before.outputs, after.outputs)
    return marshal.dumps([change(*pair) for pair in pairs])


def of_seen(site: Site, before: Manifest, after: Manifest) -> bytes:
    told = {
        "at": after.at,
        "drafts": after.drafts,
        "in_project": site.in_project,
        "due": after.due,
        "timezone": after.timezone,
        "output": after.output,
        "total": len(after.outputs),
    }
    pairs = (before.files, after.files), (before.written, after.written), (before.folders, after.folders)
    return marshal.dumps((told, *(change(*pair) for pair in pairs)))


@cache
def code_version() -> str:
    """A name for the builder's own code, Python, and the libraries whose output ends up in a site."""
    return digest(code_in_words().encode())
