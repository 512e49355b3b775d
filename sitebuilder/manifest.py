"""Remember a build: the files that it saw, what each output read, and what the output was.

The file `seen` is small, and all that it takes to find that nothing has changed; `manifest` holds the rest.
"""

import gc
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sitebuilder.scanning import Stamp, digest
from sitebuilder.settings import Site
from sitebuilder.unchanged import MARKER, SEEN, code_in_words, read_seen, seen_as_bytes

NAME = "manifest"
CHECKED_BYTES = 24  # at the head of each file: the digest of what follows


class Made(NamedTuple):
    """An output as the last build left it."""

    spec: tuple[str, str, int]  # kind, what and number of the Output
    reads: frozenset[str]
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
    seen = load_seen(site)
    rest = read_checked(site.state / NAME) if seen else None
    if seen is None or rest is None:
        return Manifest()
    pages, digests, values, outputs = rest
    made = {path: Made._make(each) for path, each in outputs.items()}
    return Manifest(seen.drafts, seen.due, seen.files, pages, digests, values, made, seen.written)


def save(site: Site, manifest: Manifest) -> None:
    """Write both files, each all or nothing; a build that is cut off between them has left its marker."""
    outputs = {path: tuple(made) for path, made in manifest.outputs.items()}  # plain ones load faster
    files = {path: tuple(stamp) for path, stamp in manifest.files.items()}
    output = os.path.relpath(site.output, site.folder)
    seen = code_in_words(), manifest.drafts, manifest.due, output, len(outputs), files, manifest.written
    with without_collecting():
        rest = manifest.pages, manifest.digests, manifest.values, outputs
        record = pickle.dumps(rest, pickle.HIGHEST_PROTOCOL)
        replace_file(site.state / NAME, digest(record).encode() + record)
        replace_file(site.state / SEEN, seen_as_bytes(seen))


def read_checked(path: Path) -> Any:
    """The rest that was saved, or None where it is not whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    head, body = content[:CHECKED_BYTES], memoryview(content)[CHECKED_BYTES:]
    if digest(body).encode() != head:
        return None
    with without_collecting():
        return pickle.loads(body)  # noqa: S301 - our own file, and whole


def replace_file(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(content)
    draft.replace(path)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile: among so many new objects, that takes as long as making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def code_version() -> str:
    """A name for the builder's own code, Python, and the libraries whose output ends up in a site."""
    return digest(code_in_words().encode())
