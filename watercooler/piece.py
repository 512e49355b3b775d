"""A stretch of one board's log as it is sent, without a hole, and bounded by events and by bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

PIECE_EVENTS = 1_000
PIECE_BYTES = 1024 * 1024


class Line(NamedTuple):
    """One event as it is sent."""

    epoch: str
    seq: int
    frame: bytes


class Piece:
    """Grows at both ends; only `shorten` makes it smaller."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self._lines: deque[Line] = deque(lines)
        self._bytes = _length(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def append(self, line: Line) -> None:
        """Put the next line behind the last."""
        self._lines.append(line)
        self._bytes += len(line.frame)

    def put_before(self, lines: Sequence[Line]) -> None:
        """Put older lines before the first."""
        self._lines.extendleft(reversed(lines))
        self._bytes += _length(lines)

    def after(self, seq: int) -> list[bytes]:
        """Give the frames of what follows `seq`."""
        return [line.frame for line in self._lines if line.seq > seq]

    def shorten(self) -> None:
        """Let the oldest lines go until both limits hold."""
        while len(self._lines) > PIECE_EVENTS or self._bytes > PIECE_BYTES:
            self._bytes -= len(self._lines.popleft().frame)


def _length(lines: Iterable[Line]) -> int:
    return sum(len(line.frame) for line in lines)
