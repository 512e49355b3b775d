"""Know a tree of files by the hashes of its contents, and say how two trees differ.

Times of modification are never compared: a rebuild renews them, and a restored backup sets them back.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sitebuilder.errors import Problem, SiteError

Hashes = Mapping[str, str]  # a file's path in the site, with slashes: the SHA-256 of its content
PAGE_ENDINGS = (".html", ".htm", ".xhtml")


@dataclass(frozen=True)
class Changes:
    """Paths, each in order."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)

    def of_pages(self) -> Self:
        return type(self)(pages(self.added), pages(self.changed), pages(self.removed))

    def others(self) -> int:
        """How many files changed that are no pages."""
        return len(self) - len(self.of_pages())

    def to_json(self) -> dict[str, list[str]]:
        return {"added": list(self.added), "changed": list(self.changed), "removed": list(self.removed)}


def pages(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(path for path in paths if is_page(path))


def is_page(path: str) -> bool:
    return path.endswith(PAGE_ENDINGS)


def compare(old: Hashes, new: Hashes) -> Changes:
    """Say what leads from the tree `old` to the tree `new`."""
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(path for path in new.keys() & old.keys() if new[path] != old[path])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def scan(folder: Path) -> dict[str, str]:
    """Hash every file below `folder`.

    Raises SiteError for what a release cannot hold: links, devices, names that are not plain text.
    """
    entries = list(walk(folder))
    if problems := [Problem(wrong, file=entry.path) for entry in entries if (wrong := unfit(entry))]:
        raise SiteError(problems)
    root = len(str(folder)) + 1
    return {entry.path[root:].replace(os.sep, "/"): hash_file(Path(entry.path)) for entry in entries}


def walk(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """Yield all below `folder` that is not itself a folder, in order."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from walk(entry.path)
        else:
            yield entry


def unfit(entry: os.DirEntry[str]) -> str:
    if not entry.is_file(follow_symlinks=False):
        return "this is a link or a device, and a release holds plain files only"
    if not entry.name.isprintable():  # also what is not UTF-8: such bytes come as lone surrogates
        return f"the name {entry.name!r} has characters that no address can show"
    return ""


def hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
