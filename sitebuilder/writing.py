"""Change the built site so that it is never half-built: files wait beside it and are renamed into place."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path

from sitebuilder.errors import wrong

_numbers = count()


def put_aside(staging: Path, content: bytes) -> str:
    """Write a file beside the built site; return its name there, which no other process gives."""
    name = f"{os.getpid()}-{next(_numbers)}"
    try:
        file = os.open(f"{staging}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(file, view) :]
        finally:
            os.close(file)
    except OSError as error:
        raise wrong(
            f"{staging} cannot be written ({error.strerror})", right="room, and the right to write"
        ) from None
    return name


def put_in_place(root: Path, staging: Path, path: str, name: str) -> None:
    """Move a file to where it belongs, which replaces its forerunner at once.

    What holds the forerunner open, or links to it, keeps it as it was.
    """
    try:
        os.replace(f"{staging}/{name}", f"{root}/{path}")
    except FileNotFoundError:
        os.makedirs(os.path.dirname(f"{root}/{path}"), exist_ok=True)
        os.replace(f"{staging}/{name}", f"{root}/{path}")


def make_room(root: Path, paths: Iterable[str]) -> None:
    """Take away a file where a folder is to be, and a folder where a file is to be."""
    for path in paths:
        place = root / path
        if place.is_dir():
            shutil.rmtree(place)
        for parent in place.parents:
            if parent == root or parent.is_dir():
                break
            parent.unlink(missing_ok=True)


def sweep(root: Path, gone: Iterable[str]) -> list[str]:
    """Remove files that the site no longer has, and emptied folders; return the files that were there."""
    removed = []
    for path in gone:
        with suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(root / path)
            removed.append(path)
        with suppress(OSError):  # of the first folder that is not empty
            for parent in (root / path).parents:
                if parent == root:
                    break
                parent.rmdir()
    return removed


def strangers(root: Path, known: set[str]) -> list[str]:
    """The files in the output that no build knows of; a crash may have left them."""
    found = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
    paths = (path.relative_to(root).as_posix() for path in found)
    return [path for path in paths if path not in known]
