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

    def parts(self) -> Iterator[tuple[int, int]]:
        """Divide the ways out, so that not too many are taken at once."""
        count = len(self._outlets)
        return ((start, min(count, start + SOCKETS_AT_ONCE)) for start in range(0, count, SOCKETS_AT_ONCE))

    def send(self, data: bytes, start: int, stop: int, *, ephemeral: bool) -> None:
        """Send whole frames to these of the ways out, each as it sent when this lane was laid."""
        size = len(data)
        for place, send in enumerate(self._sends[start:stop], start):
            try:
                sent = send(data)
            except OSError:  # it says the same when the outlet tries, and knows what to do
                sent = 0
            if sent != size:
                self._outlets[place].write(data, ephemeral=ephemeral, sent=sent)

    def write(self, data: bytes, start: int, stop: int, *, ephemeral: bool) -> None:
        """Send them as they send now."""
        for outlet in self._outlets[start:stop]:
            outlet.write(data, ephemeral=ephemeral)


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
            for start, stop in lane.parts():
                send = lane.send if self._is_current() else lane.write
                send(data, start, stop, ephemeral=ephemeral)
                yield stop - start

    def _is_current(self) -> bool:
        return self._turns == self._laggards.turns
