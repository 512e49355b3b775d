"""Remember a build: the files that it saw, what each output read, and what the output was.

The file `seen` is small, and all that it takes to find that nothing has changed; `manifest` holds the rest.
Both are journals: an edit of one page among thousands adds a few lines to them, until new ones are begun.
"""

import marshal
import os
import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import chain
from typing import Any, NamedTuple

from sitebuilder.collecting import without_collecting
from sitebuilder.journal import apply, change, read_journal, write_journal
from sitebuilder.scanning import Stamp, digest
from sitebuilder.settings import Site
from sitebuilder.unchanged import SEEN, Seen, code_in_words

NAME = "manifest"
PARTS = ("pages", "digests", "values", "outputs")  # of the manifest that the journal holds
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

    drafts: bool = False
    due: str = ""
    files: dict[str, Stamp] = field(default_factory=dict)
    pages: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # their records, by source
    digests: dict[str, str] = field(default_factory=dict)  # of those records
    values: dict[str, str] = field(default_factory=dict)  # of every name that an output read
    outputs: dict[str, Made] = field(default_factory=dict)
    written: dict[str, tuple[int, int]] = field(default_factory=dict)
    ends: tuple[list[int], list[int]] = (
        [],
        [],
    )  # of the entries of both journals, `manifest` first


def load(site: Site, seen: Seen | None = None) -> Manifest:
    """All that is known of the last build, or an empty manifest where there is nothing to go by."""
    seen = seen or Seen(str(site.state))
    bodies, ends = read_journal(f"{site.state}/{NAME}") if seen.ends else ([], [])
    if not ends:
        return Manifest()
    pages, digests, values, outputs = parts_of(bodies)
    files = {path: Stamp._make(stamp) for path, stamp in seen.files.items()}
    made = {path: Made._make(each) for path, each in outputs.items()}
    ends_of_both = ends, seen.ends
    return Manifest(seen.drafts, seen.due, files, pages, digests, values, made, seen.written, ends_of_both)


@without_collecting()
def parts_of(bodies: Iterable[memoryview]) -> tuple[dict[str, Any], ...]:
    parts: tuple[dict[str, Any], ...] = ({}, {}, {}, {})
    for body in bodies:
        file = BytesIO(body)
        halves = pickle.load(file), pickle.load(file)  # noqa: S301 - our own file, and whole
        for part, changed in zip(parts, chain(*halves), strict=True):
            apply(changed, part)
    return parts


@without_collecting()
def save(site: Site, manifest: Manifest, before: Manifest | None = None) -> None:
    """Write both journals; what holds the build `before` is added to, by what differs from it."""
    base = before if before and may_grow(before, manifest) else Manifest()
    bodies = manifest_change(base, manifest), seen_change(site, base, manifest)
    for name, body, ends in zip((NAME, SEEN), bodies, base.ends, strict=True):
        write_journal(f"{site.state}/{name}", body, ends)


def may_grow(before: Manifest, after: Manifest) -> bool:
    """Whether the journals are to be added to: not by most of a site, nor for ever."""
    if any(not ends or ends[-1] > MOST_GROWN * ends[0] for ends in before.ends):
        return False
    changed = sum(before.outputs.get(path) != made for path, made in after.outputs.items())
    return changed <= MOST_CHANGED * len(after.outputs)


def manifest_change(before: Manifest, after: Manifest) -> bytes:
    """What is new in each of the parts, and what is gone."""
    changes = [change(getattr(before, name), getattr(after, name)) for name in PARTS]
    halves = changes[:2], changes[2:]  # one after the other takes half the memory of both at once
    return b"".join(pickle.dumps(half, pickle.HIGHEST_PROTOCOL) for half in halves)


def seen_change(site: Site, before: Manifest, after: Manifest) -> bytes:
    """What `Seen` is to know of it."""
    told = {"drafts": after.drafts, "due": after.due, "total": len(after.outputs)}
    if not before.ends[1]:
        told |= {"code": code_in_words(), "output": os.path.relpath(site.output, site.folder)}
    return marshal.dumps((told, change(before.files, after.files), change(before.written, after.written)))


@cache
def code_version() -> str:
    """A name for the builder's own code, Python, and the libraries whose output ends up in a site."""
    return digest(code_in_words().encode())
