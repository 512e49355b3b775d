"""Let one publisher at a time at a stage.

The lock is `flock`: the system releases it when its holder dies, so it never has to be broken by hand.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sitebuilder.errors import Problem, SiteError
from sitebuilder.publishing.releases import stamp


class Busy(SiteError):
    """Somebody else is publishing to this stage."""

    def __init__(self, held: str, where: str) -> None:
        what = f"{holder(held)} is publishing to {where}; wait for its end"
        super().__init__([Problem(what)])


@contextmanager
def held(path: Path, *, by: str, where: str) -> Iterator[None]:
    """Hold the lock at `path` for the time of the block; raise Busy where another holds it."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(lock.read(), where) from None
        lock.truncate()
        lock.write(claim(by))
        lock.flush()
        yield


def claim(by: str) -> str:
    """Return what a holder writes into its lock."""
    return json.dumps({"by": by, "process": os.getpid(), "since": stamp(datetime.now(UTC))})


def holder(held: str) -> str:
    try:
        found = json.loads(held)
        return f"{found['by']} (process {found['process']}, since {found['since']})"
    except (ValueError, KeyError, TypeError):  # taken a moment ago, and not signed yet
        return "somebody"
