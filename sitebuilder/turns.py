"""Let one build at a time change a site: the second waits for the end of the first, and then looks anew."""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(lock: Path) -> Iterator[bool]:
    """Hold the lock for the time of the block; True where another had it until now.

    The system releases it when its holder dies, so it never has to be broken by hand.
    """
    with lock.open("w") as file:
        has_waited = False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("another build of this site is at work; this one waits for its end\n")
            fcntl.flock(file, fcntl.LOCK_EX)
            has_waited = True
        yield has_waited
