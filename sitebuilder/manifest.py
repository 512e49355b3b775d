"""Remember a build: the files that it saw, what each output read, and what the output was.

The file `seen` is small, and all that it takes to find that nothing has changed; `manifest` holds the rest.
That is a journal: an edit of one page among thousands adds a few lines to it, until a new one is begun.
"""

import os
import pickle
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import chain
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple
from zlib import crc32

from sitebuilder.collecting import without_collecting
from sitebuilder.scanning import Stamp, digest
from sitebuilder.settings import Site
from sitebuilder.unchanged import MARKER, SEEN, code_in_words, read_seen, seen_as_bytes

NAME = "manifest"
PARTS = ("pages", "digests", "values", "outputs")  # of the manifest that the journal holds
HEAD = Struct("<QQI")  # of an entry: the byte where it starts, the length and the checksum of what follows
MOST_GROWN = 1.25  # times its first entry, for what was replaced is still there to be read
MOST_CHANGED = 0.25  # of the outputs: what tells of more is not much smaller than the whole


class Made(NamedTuple):
    """An output as the last build left it."""

    spec: tuple[str, str, int]  # kind, what and number of the Output
    reads: tuple[str, ...]  # in order; a set takes five times the memory
    digest: str
    extras: tuple[str, ...]  # further files that it asked for


class Seen(NamedTuple):
    """How the last build found its sources and left its output."""

    code: str = ""  # the builder, its libraries and Python, as `code_in_words` tells them
    drafts: bool = False
    due: str = ""  # when the next page that waits for its date is to be published
    output: str = ""  # its folder, from the site's
    total: int = 0  # outputs
    files: dict[str, Stamp] = {}
    written: dict[str, tuple[int, int]] = {}  # time and size of each file in the output


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
    ends: list[int] = field(default_factory=list)  # of the entries of the journal that it was read from


def load_seen(site: Site) -> Seen | None:
    """How the last build left things; none if it was made by other code, did not end or cannot be read."""
    if (site.state / MARKER).exists():
        return None
    record = read_seen(f"{site.state}/{SEEN}")
    if record is None or record[0] != code_in_words():
        return None
    files = {path: Stamp(*stamp) for path, stamp in record[5].items()}
    return Seen._make(record)._replace(files=files)


def load(site: Site) -> Manifest:
    """All that is known of the last build, or an empty manifest where there is nothing to go by."""
    return load_all(site, load_seen(site))


def load_all(site: Site, seen: Seen | None) -> Manifest:
    """The manifest whose smaller part is loaded already."""
    journal = read_journal(site.state / NAME) if seen else None
    if seen is None or journal is None:
        return Manifest()
    (pages, digests, values, outputs), ends = journal
    made = {path: Made._make(each) for path, each in outputs.items()}
    return Manifest(seen.drafts, seen.due, seen.files, pages, digests, values, made, seen.written, ends)


@without_collecting()
def save(site: Site, manifest: Manifest, before: Manifest | None = None) -> None:
    """Write both files; where they hold the build `before`, add to the larger one what differs from it."""
    if before and may_grow(before, manifest):
        with (site.state / NAME).open("ab") as journal:
            journal.write(entry(before, manifest))
    else:
        replace_file(site.state / NAME, entry(Manifest(), manifest))
    replace_file(site.state / SEEN, seen_as_bytes(seen_of(site, manifest)))


def may_grow(before: Manifest, after: Manifest) -> bool:
    """Whether the journal is to be added to: not by most of a site, nor for ever."""
    if not before.ends or before.ends[-1] > MOST_GROWN * before.ends[0]:
        return False
    changed = sum(before.outputs.get(path) != made for path, made in after.outputs.items())
    return changed <= MOST_CHANGED * len(after.outputs)


def seen_of(site: Site, manifest: Manifest) -> tuple[Any, ...]:
    files = {path: tuple(stamp) for path, stamp in manifest.files.items()}
    output = os.path.relpath(site.output, site.folder)
    drafts, due, total = manifest.drafts, manifest.due, len(manifest.outputs)
    return code_in_words(), drafts, due, output, total, files, manifest.written


def entry(before: Manifest, after: Manifest) -> bytes:
    """The next entry of the journal that tells of `before`: what is new in each part, and what is gone."""
    changes = []
    for name in PARTS:
        old, new = getattr(before, name), getattr(after, name)
        news = {key: value for key, value in new.items() if old.get(key) != value}
        if name == "outputs":
            news = {path: tuple(made) for path, made in news.items()}  # plain ones load faster
        changes.append((news, [key for key in old if key not in new]))
    halves = changes[:2], changes[2:]  # one after the other takes half the memory of both at once
    body = b"".join(pickle.dumps(half, pickle.HIGHEST_PROTOCOL) for half in halves)
    return HEAD.pack(before.ends[-1] if before.ends else 0, len(body), crc32(body)) + body


@without_collecting()
def read_journal(path: Path) -> tuple[tuple[dict[str, Any], ...], list[int]] | None:
    """The parts that were saved, and where each entry ends; None where anything of it is not whole."""
    try:
        content = memoryview(path.read_bytes())
    except OSError:
        return None
    parts: tuple[dict[str, Any], ...] = ({}, {}, {}, {})
    ends = [0]
    while (start := ends[-1]) < len(content):
        head, rest = content[start : start + HEAD.size], content[start + HEAD.size :]
        if len(head) < HEAD.size:
            return None
        place, length, checksum = HEAD.unpack(head)
        if place != start or len(rest) < length or crc32(rest[:length]) != checksum:
            return None
        body = BytesIO(rest[:length])
        halves = pickle.load(body), pickle.load(body)  # noqa: S301 - our own file, and whole
        for part, (news, gone) in zip(parts, chain(*halves), strict=True):
            part.update(news)
            for key in gone:
                del part[key]
        ends.append(start + HEAD.size + length)
    return (parts, ends[1:]) if ends[1:] else None


def replace_file(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(content)
    draft.replace(path)


@cache
def code_version() -> str:
    """A name for the builder's own code, Python, and the libraries whose output ends up in a site."""
    return digest(code_in_words().encode())
