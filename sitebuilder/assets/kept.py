"""Keep files that are dear to make, in the state folder, under names that tell what they are made from."""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sitebuilder.errors import wrong
from sitebuilder.settings import Site

FOLDER = "assets"
MOST_BYTES = 1 << 30
YOUNG_SECONDS = 24 * 3600  # what was asked for within a day is not removed: a build may be about to copy it


def kept(site: Site, name: str, make: Callable[[], bytes]) -> Path:
    """The file of this name, made if it is not there. The same name must stand for the same bytes for ever.

    Any number of processes may make it at once: each writes a file of its own and renames it.
    """
    path = site.state / FOLDER / name
    with suppress(FileNotFoundError):
        if os.stat(path).st_size:  # a machine that failed may have left an empty one
            os.utime(path)
            return path
    content = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, content)
    except OSError as error:
        right = "room, and the right to write"
        raise wrong(f"{path} cannot be written ({error.strerror})", right=right) from None
    trim(site)
    return path


def write(path: Path, content: bytes) -> None:
    file, draft = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(file, "wb") as opened:
            opened.write(content)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def trim(site: Site, most: int = MOST_BYTES) -> None:
    """Remove what was not asked for the longest, until the rest is small enough."""
    with suppress(FileNotFoundError), os.scandir(site.state / FOLDER) as entries:
        files = sorted((entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in entries)
        excess = sum(size for _, size, _ in files) - most
        for used, size, path in files:
            if excess <= 0 or time.time() - used < YOUNG_SECONDS:
                break
            with suppress(FileNotFoundError):
                os.unlink(path)
            excess -= size
