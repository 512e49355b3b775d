"""Make the events that are sent around: numbered in each room, and stamped with the moment they are sent."""

import time
from collections import Counter
from typing import Any

from watercooler import frames
from watercooler.messages import Change, Event

EPOCH = "bench"
FRAME_BYTES = 300


class Events:
    """The events of all rooms; a room is a board to the hub."""

    def __init__(self) -> None:
        self.tops: Counter[int] = Counter()  # the last number of each room

    def next(self, room: int, size: int = FRAME_BYTES) -> Event:
        """Make the next event of this room, which takes about `size` bytes on the wire."""
        self.tops[room] += 1
        seq = self.tops[room]
        return {
            "board": room,
            "epoch": EPOCH,
            "seq": seq,
            "verb": "task.moved",
            "by": 3,
            "at": "2026-11-21T13:00:00.123Z",
            "cid": f"{room}.{seq}.{time.monotonic_ns()}",  # what the load client reads
            "changes": [_change(size)],
        }


def text_of(event: Event) -> bytes:
    """Give the text that every server delivers for it."""
    return frames.happened(event)


def _change(size: int) -> Change:
    was: dict[str, Any] = {"column": 2, "place": "a1"}
    now = {"column": 3, "place": "a0V", "name": "x" * max(0, size - 217)}  # 217: all but the name
    return {"entity": "task", "id": 12, "was": was, "now": now}
