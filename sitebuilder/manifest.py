"""Remember a build: the files that it saw, what each output read, and what the output was.

The file `seen` is small, and all that it takes to find that nothing has changed; `manifest` holds the rest.
"""

import gc
import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sitebuilder.scanning import Stamp, digest, stamp_of
from sitebuilder.settings import Site

NAME = "manifest"
SEEN = "seen"
MARKER = "building"  # a file that is there while a build writes; after a crash it still is
LIBRARIES = (
    "django", "django_compressor", "minify_html", "orjson", "pillow", "polib", "pygments", "pyromark",
    "pyyaml", "rcssmin", "rjsmin",
)  # fmt: skip
SOURCES = (".py", ".html", ".css", ".js", ".po")  # of the builder itself
CHECKED_BYTES = 24  # at the head of each file: the digest of what follows


class Made(NamedTuple):
    """An output as the last build left it."""

    spec: tuple[str, str, int]  # kind, what and number of the Output
    reads: frozenset[str]
    digest: str
    extras: tuple[str, ...]  # further files that it asked for


class Seen(NamedTuple):
    """How the last build found its sources and left its output."""

    code: str = ""  # the version of the builder, of its libraries and of Python
    drafts: bool = False
    due: str = ""  # when the next page that waits for its date is to be published
    total: int = 0  # outputs
    files: dict[str, Stamp] = {}
    written: dict[str, tuple[int, int]] = {}  # time and size of each file in the output


@dataclass
class Manifest:
    """What is known of the last build; empty before the first one, and after one that did not end."""

    code: str = ""
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
    seen: Seen | None = read_checked(site.state / SEEN)
    return seen if seen and seen.code == code_version() else None


def load(site: Site) -> Manifest:
    """All that is known of the last build, or an empty manifest where there is nothing to go by."""
    seen = load_seen(site)
    rest = read_checked(site.state / NAME) if seen else None
    if seen is None or rest is None:
        return Manifest()
    pages, digests, values, outputs = rest
    made = {path: Made._make(each) for path, each in outputs.items()}
    return Manifest(seen.code, seen.drafts, seen.due, seen.files, pages, digests, values, made, seen.written)


def save(site: Site, manifest: Manifest) -> None:
    """Write both files, each all or nothing; a build that is cut off between them has left its marker."""
    outputs = {path: tuple(made) for path, made in manifest.outputs.items()}  # plain ones load faster
    seen = Seen(manifest.code, manifest.drafts, manifest.due, len(outputs), manifest.files, manifest.written)
    write_checked(site.state / NAME, (manifest.pages, manifest.digests, manifest.values, outputs))
    write_checked(site.state / SEEN, seen)


def read_checked(path: Path) -> Any:
    """What `write_checked` wrote, or None where it is not whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    head, body = content[:CHECKED_BYTES], memoryview(content)[CHECKED_BYTES:]
    if digest(body).encode() != head:
        return None
    with without_collecting():
        return pickle.loads(body)  # noqa: S301 - our own file, and whole


def write_checked(path: Path, record: object) -> None:
    with without_collecting():
        body = pickle.dumps(record, pickle.HIGHEST_PROTOCOL)
    draft = path.with_name(f"{path.name}.part")
    with draft.open("wb") as file:
        file.write(digest(body).encode())
        file.write(body)
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
    package = os.path.dirname(__file__)
    own = sorted(
        (f"{folder}/{name}".removeprefix(package), *stamp_of(os.stat(f"{folder}/{name}"))[:2])
        for folder, _, names in os.walk(package)
        for name in names
        if name.endswith(SOURCES)
    )
    return digest(repr((own, library_versions(), sys.version)).encode())


def library_versions() -> list[str]:
    """`pyyaml-6.0.3.dist-info` and its like; importlib.metadata takes ten times as long."""
    found = []
    for folder in sys.path:
        if os.path.isdir(folder):
            names = (name.lower() for name in os.listdir(folder) if name.endswith(".dist-info"))
            found += [name for name in names if name.partition("-")[0] in LIBRARIES]
    return sorted(found)


def is_intact(site: Site, written: dict[str, tuple[int, int]]) -> bool:
    """Whether every file of the output is as the last build left it."""
    root = f"{site.output}/"
    stat = os.stat
    try:
        for path, stamp in written.items():
            about = stat(root + path)
            if (about.st_mtime_ns, about.st_size) != stamp:
                return False
    except OSError:
        return False
    return True
