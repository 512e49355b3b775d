"""Find a site's files and whether they have changed since the last build, before anything else is loaded."""

import os
import stat
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from sitebuilder.errors import Problem, SiteError

FOLDERS = ("pages", "templates", "data", "static", "images", "locale")
RACY_NANOSECONDS = 2_000_000_000  # a file this young may be written again without a new time (racy git)
DIGEST_BYTES = 12


class Stamp(NamedTuple):
    """What tells a changed file from one that is as it was."""

    time: int  # of the last change, in nanoseconds; 0: look at its bytes next time
    size: int  # bytes
    inode: int
    digest: str  # of its bytes; empty where they were not read yet


def scan(folder: Path) -> dict[str, Stamp]:
    """Every file of the site by its path from the folder, in order; nothing is opened.

    Raises SiteError for what is no file and no folder, and for links that lead in a circle.
    """
    problems: list[Problem] = []
    found = {"site.toml": stamp_of(os.stat(folder / "site.toml"))}
    for name in FOLDERS:
        if (folder / name).is_dir():
            found.update(files(str(folder), name, frozenset(), problems))
    if problems:
        raise SiteError(problems)
    return dict(sorted(found.items()))


def files(
    root: str, name: str, above: frozenset[tuple[int, int]], problems: list[Problem]
) -> Iterator[tuple[str, Stamp]]:
    """The files below a folder; `above` holds the folders that led here, by device and inode."""
    try:
        about = os.stat(f"{root}/{name}")
        here = about.st_dev, about.st_ino
        if here in above:
            problems.append(
                Problem("the link leads back into a folder that holds it", name, right="no such link")
            )
            return
        with os.scandir(f"{root}/{name}") as entries:
            listed = [entry for entry in entries if not is_left_out(entry.name)]
    except OSError as error:
        problems.append(Problem(f"it cannot be read ({error.strerror})", name))
        return
    for entry in listed:
        path = f"{name}/{entry.name}"
        if not is_text(path):
            problems.append(Problem("the name is not UTF-8", ascii(path)[1:-1], right="another name"))
            continue
        try:
            if entry.is_dir():
                yield from files(root, path, above | {here}, problems)
            else:
                yield path, file_stamp(entry)
        except OSError as error:
            problems.append(Problem(f"it cannot be read ({error.strerror})", path))


def is_left_out(name: str) -> bool:
    """Whether a file is an editor's or the system's, and no part of the site."""
    return (name.startswith(".") and name != ".well-known") or name.endswith("~")


def is_text(name: str) -> bool:
    """Whether a name can stand in a file: bytes that are no UTF-8 come as lone surrogates (PEP 383)."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def file_stamp(entry: os.DirEntry[str]) -> Stamp:
    about = entry.stat()
    if not stat.S_ISREG(about.st_mode):
        raise OSError(0, "it is neither a file nor a folder")
    return stamp_of(about)


def stamp_of(about: os.stat_result) -> Stamp:
    return Stamp(about.st_mtime_ns, about.st_size, about.st_ino, "")


def with_digests(folder: Path, now: dict[str, Stamp], before: dict[str, Stamp]) -> dict[str, Stamp]:
    """Read what has changed since `before`, and take the digests of all else from there."""
    done: dict[str, Stamp] = {}
    problems: list[Problem] = []
    for path, stamp in now.items():
        old = before.get(path)
        if old and old.digest and old[:3] == stamp[:3]:
            done[path] = old
            continue
        try:
            done[path] = settled(stamp)._replace(digest=digest(content_of(folder, path)))
        except OSError as error:
            problems.append(Problem(f"it cannot be read ({error.strerror})", path))
    if problems:
        raise SiteError(problems)
    return done


def content_of(folder: Path, path: str) -> bytes:
    with open(f"{folder}/{path}", "rb", buffering=0) as file:
        return file.read()


def settled(stamp: Stamp) -> Stamp:
    """The stamp, without its time if the file may still be written in the same instant."""
    young = time.time_ns() - stamp.time < RACY_NANOSECONDS
    return stamp._replace(time=0) if young else stamp


def digest(content: bytes | memoryview) -> str:
    return blake2b(content, digest_size=DIGEST_BYTES).hexdigest()
