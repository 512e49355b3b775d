"""Write files so that they survive a power cut, whole or not at all.

A file's content is on the disk after `fsync` of the file, its name after `fsync` of its folder (fsync(2)).
"""

import ctypes
import os
from collections.abc import Collection
from pathlib import Path
from typing import IO, Any

SYNCFS: Any = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
MANY = 100  # files and folders; above, it pays to flush what others wrote to that disk, too


def write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        flush(file)


def append(path: Path, line: str) -> None:
    """Add a line; one that a dying writer left unfinished stays a line of its own."""
    with path.open("a+b") as file:
        file.seek(max(file.tell() - 1, 0))
        before = b"\n" if file.read() not in {b"", b"\n"} else b""
        file.write(before + line.encode())
        flush(file)


def flush(file: IO[bytes] | IO[str]) -> None:
    file.flush()
    os.fsync(file.fileno())


def settle(path: Path) -> None:
    """Make the names in a folder last, or what a file holds."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def settle_all(paths: Collection[Path]) -> None:
    """Make files and folders of one file system last: one by one, or, of many, by one call for all.

    On Linux `syncfs` waits and reports errors (syncfs(2)); elsewhere each costs a wait for the disk.
    """
    if len(paths) > MANY and SYNCFS:
        flush_file_system(next(iter(paths)))
        return
    for path in paths:
        settle(path)


def flush_file_system(of: Path) -> None:
    opened = os.open(of, os.O_RDONLY)
    try:
        if SYNCFS(opened) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(of))
    finally:
        os.close(opened)
