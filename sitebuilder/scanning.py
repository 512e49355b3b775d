"""Find a site's files, and which of them have changed since the last build."""

import time
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from sitebuilder.errors import Problem, SiteError
from sitebuilder.walking import found

RACY_NANOSECONDS = 2_000_000_000  # a file this young may be written again without a new time (racy git)
DIGEST_BYTES = 12
Found = tuple[int, int, int]  # time of the last change (ns), size (bytes) and inode


class Stamp(NamedTuple):
    """What tells a changed file from one that is as it was."""

    time: int  # of the last change, in nanoseconds; 0: look at its bytes next time
    size: int  # bytes
    inode: int
    digest: str  # of its bytes; empty where they were not read yet


def scan(folder: Path) -> dict[str, Found]:
    """Every file of the site by its path from the folder; raises SiteError for what is none."""
    problems: list[Problem] = []
    files = found(str(folder), noting(problems))
    if problems:
        raise SiteError(problems)
    return files


def noting(problems: list[Problem]) -> Callable[[str, str, str], None]:
    return lambda *trouble: problems.append(problem_of(*trouble))


def problem_of(what: str, file: str, right: str) -> Problem:
    """What `found` tells of."""
    return Problem(what, file, right=right)


def with_digests(folder: Path, files: Mapping[str, Found], before: Mapping[str, Stamp]) -> dict[str, Stamp]:
    """The files in order: what has changed since `before` is read, the digests of all else are from there."""
    done: dict[str, Stamp] = {}
    problems: list[Problem] = []
    for path in sorted(files):
        old, times = before.get(path), files[path]
        if old and old[:3] == times and old.digest:
            done[path] = old
            continue
        try:
            done[path] = settled(Stamp(*times, digest(content_of(folder, path))))
        except FileNotFoundError:  # an editor's, which is gone again
            continue
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
