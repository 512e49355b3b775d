"""Write files so that they survive a power cut, whole or not at all.

A file's content is on the disk after `fsync` of the file, its name after `fsync` of its folder (fsync(2)).
"""

import os
from pathlib import Path
from typing import IO


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


def settle(folder: Path) -> None:
    """Make the names in a folder last."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def settle_folders(folder: Path) -> None:
    for inner, _folders, _files in os.walk(folder):
        settle(Path(inner))
