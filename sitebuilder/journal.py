"""Keep dictionaries as a journal: an entry of it is what changed, with a checksum that tells damage.

A change is what is new or other, and the keys of what is gone.
"""

import os
from struct import Struct
from zlib import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence
    from typing import Any

    Change = tuple[dict[str, Any], list[str]]

HEAD = Struct("<QQI")  # of an entry: the byte where it starts, the length and the checksum of what follows


def change(before: "Mapping[str, Any]", after: "Mapping[str, Any]") -> "Change":
    """What makes `after` of `before`; named tuples become plain ones, which load faster."""
    if before is after:
        return {}, []
    get = before.get
    news = {
        key: tuple(value) if isinstance(value, tuple) else value
        for key, value in after.items()
        if (old := get(key)) is not value and old != value
    }
    return news, list(before.keys() - after.keys())


def apply(change: "Change", record: "MutableMapping[str, Any]") -> None:
    news, gone = change
    record.update(news)
    for key in gone:
        del record[key]


def read_journal(path: str) -> tuple[list[memoryview], list[int]]:
    """The bodies of all entries, and where each entry ends; none where anything of the file is not whole."""
    try:
        with open(path, "rb", buffering=0) as file:
            content = memoryview(file.read())
    except OSError:
        return [], []
    bodies, ends, start = list[memoryview](), list[int](), 0
    while start < len(content):
        head, rest = content[start : start + HEAD.size], content[start + HEAD.size :]
        if len(head) < HEAD.size:
            return [], []
        place, length, checksum = HEAD.unpack(head)
        if place != start or len(rest) < length or crc32(rest[:length]) != checksum:
            return [], []
        start += HEAD.size + length
        bodies.append(rest[:length])
        ends.append(start)
    return bodies, ends


def write_journal(path: str, body: bytes, ends: "Sequence[int]" = ()) -> None:
    """Add an entry to the journal whose entries end there; without any, begin one in the old one's place."""
    head = HEAD.pack(ends[-1] if ends else 0, len(body), crc32(body))
    with open(path, "ab") if ends else open(f"{path}.part", "wb") as journal:
        journal.write(head)
        journal.write(body)
    if not ends:
        os.replace(f"{path}.part", path)
