"""The ways out of many connections, laid flat: the loop over them touches the sockets and nothing else.

With thousands of them the cost of Python's objects is to fetch them from memory: a row of the sockets' own
`send` is one object a socket, where connection, outlet and their methods are four.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from watercooler.connection import Connection, Encode, Outlet
from watercooler.outlet import Laggards

SOCKETS_AT_ONCE = 512  # about 4 ms; then others have their turn


class Lane:
    """The ways out that take the same bytes."""

    __slots__ = ("_outlets", "_sends", "encode")

    def __init__(self, encode: Encode, outlets: list[Outlet]) -> None:
        self.encode = encode
        self._outlets = outlets
        self._sends = [outlet.send for outlet in outlets]

    def __len__(self) -> int:
        return len(self._outlets)

    def send(self, data: bytes, start: int, *, ephemeral: bool) -> int:
        """Send whole frames to a part, each as it sent when this lane was laid; say to how many."""
        size, sends = len(data), self._sends[start : start + SOCKETS_AT_ONCE]
        for place, send in enumerate(sends, start):
            try:
                sent = send(data)
            except OSError:  # it says the same when the outlet tries, and knows what to do
                sent = 0
            if sent != size:
                self._outlets[place].write(data, ephemeral=ephemeral, sent=sent)
        return len(sends)

    def write(self, data: bytes, start: int, *, ephemeral: bool) -> int:
        """Send them as each sends now."""
        outlets = self._outlets[start : start + SOCKETS_AT_ONCE]
        for outlet in outlets:
            outlet.write(data, ephemeral=ephemeral)
        return len(outlets)


class Lanes:
    """All lanes of some connections, good until any outlet of the hub begins to hold back, or ceases to."""

    def __init__(self, to: tuple[Connection, ...], laggards: Laggards) -> None:
        self.to = to
        self._laggards = laggards
        self._turns = laggards.turns
        outlets: dict[Encode, list[Outlet]] = {}
        for connection in to:
            outlets.setdefault(connection.outlet.encode, []).append(connection.outlet)
        self._lanes = [Lane(*each) for each in outlets.items()]

    def is_for(self, to: tuple[Connection, ...]) -> bool:
        """Say whether these are the lanes of just these connections, as they are now."""
        return self.to is to and self._is_current()

    def write(self, frames: Iterable[bytes], *, ephemeral: bool) -> Iterator[int]:
        """Send the frames to all, in one piece each; give after each part how many sockets it had."""
        for lane in self._lanes:
            data = b"".join(map(lane.encode, frames))
            for start in range(0, len(lane), SOCKETS_AT_ONCE):
                send = lane.send if self._is_current() else lane.write
                yield send(data, start, ephemeral=ephemeral)

    def _is_current(self) -> bool:
        return self._turns == self._laggards.turns
