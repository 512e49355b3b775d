"""Find a site's files, and which of them have changed since the last build."""

import os
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from sitebuilder.errors import Problem, SiteError
from sitebuilder.walking import walk

RACY_NANOSECONDS = 2_000_000_000  # a file this young may be written again without a new time (racy git)
DIGEST_BYTES = 12


class Stamp(NamedTuple):
    """What tells a changed file from one that is as it was."""

    time: int  # of the last change, in nanoseconds; 0: look at its bytes next time
    size: int  # bytes
    inode: int
    digest: str  # of its bytes; empty where they were not read yet


def scan(folder: Path) -> dict[str, Stamp]:
    """Every file of the site by its path from the folder, in order; raises SiteError for what is none."""
    problems: list[Problem] = []
    found = {path: stamp_of(about) for path, about in walk(str(folder), noting(problems))}
    if problems:
        raise SiteError(problems)
    return dict(sorted(found.items()))


def noting(problems: list[Problem]) -> Callable[[str, str, str], None]:
    return lambda what, file, right: problems.append(Problem(what, file, right=right))


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
