"""Keep dictionaries as a journal: an entry of it is what changed, with a checksum that tells damage.

A change is what is new or other, and the keys of what is gone. Checksums begin with a `seed`: what other code
wrote, perhaps in another form, is not taken for whole.
"""

import os
from operator import ne
from struct import Struct
from zlib import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping, Sequence
    from typing import Any

    Change = tuple[dict[str, Any], list[str]]

HEAD = Struct("<QQQ")  # of an entry: the byte where it starts, its build, and its body's length
CHECKSUM = Struct("<I")  # of head and body, between them


def change(
    before: "Mapping[str, Any]", after: "Mapping[str, Any]", differ: "Callable[[Any, Any], object]" = ne
) -> "Change":
    """What makes `after` of `before`; named tuples become plain ones, which load faster."""
    if before is after:
        return {}, []
    get = before.get
    news = {
        key: tuple(value) if isinstance(value, tuple) else value
        for key, value in after.items()
        if differ(get(key), value)
    }
    return news, list(before.keys() - after.keys())


def apply(change: "Change", record: "MutableMapping[str, Any]") -> None:
    news, gone = change
    record.update(news)
    for key in gone:
        del record[key]


class Journal:
    """What stands in a journal; nothing, where anything of it is not whole."""

    def __init__(self, path: str = "", seed: int = 0) -> None:
        self.bodies: list[memoryview] = []
        self.builds: list[int] = []  # that added each entry
        self.ends: list[int] = []  # the byte where each entry ends
        try:
            with open(path, "rb", buffering=0) as file:
                content = memoryview(file.read())
        except OSError:
            return
        if not self._takes(content, seed):
            self.bodies, self.builds, self.ends = [], [], []

    def _takes(self, content: memoryview, seed: int) -> bool:
        start = 0
        while start < len(content):
            after = start + HEAD.size + CHECKSUM.size
            if len(content) < after:
                return False
            head = content[start : start + HEAD.size]
            place, build, length = HEAD.unpack(head)
            body = content[after : after + length]
            checksum = CHECKSUM.pack(crc32(body, crc32(head, seed)))
            if place != start or len(body) < length or content[start + HEAD.size : after] != checksum:
                return False
            start = after + length
            self.bodies.append(body)
            self.builds.append(build)
            self.ends.append(start)
        return True


def write_journal(path: str, body: bytes, seed: int, build: int, ends: "Sequence[int]" = ()) -> None:
    """Add an entry to the journal whose entries end there; without any, begin one in the old one's place."""
    head = HEAD.pack(ends[-1] if ends else 0, build, len(body))
    with open(path, "ab") if ends else open(f"{path}.part", "wb") as journal:
        journal.write(head)
        journal.write(CHECKSUM.pack(crc32(body, crc32(head, seed))))
        journal.write(body)
    if not ends:
        os.replace(f"{path}.part", path)
