"""The loop over many ways out: what it sends past, it never sends past somebody for whom something waits."""

from __future__ import annotations

from collections.abc import Iterable

from watercooler.connection import Connection, Encode, Send, send_nothing
from watercooler.lanes import SOCKETS_AT_ONCE, Lanes
from watercooler.outlet import Laggards
from watercooler.timing import utc_now


class Way:
    """A way out whose socket takes so many bytes, and which notes what it is given."""

    def __init__(self, laggards: Laggards, *, takes: int | None = None) -> None:
        self.encode: Encode = bytes
        self.send: Send = self._send
        self.has_lost = False
        self.sent: list[bytes] = []
        self.written: list[tuple[bytes, bool, int]] = []
        self.takes = takes
        self.laggards = laggards

    def write(self, data: bytes, *, ephemeral: bool = False, sent: int = 0) -> None:
        """Note it."""
        self.written.append((data, ephemeral, sent))

    def hold_back(self) -> None:
        """Let something wait."""
        self.send = send_nothing
        self.laggards.turns += 1

    def _send(self, data: bytes) -> int:
        if self.takes is None:
            self.sent.append(data)
            return len(data)
        if self.takes == 0:
            raise BlockingIOError
        return self.takes


class Line(Connection):
    """A connection of which nothing but its way out is used."""

    def __init__(self, way: Way) -> None:
        self.outlet = way


def lanes_of(ways: Iterable[Way], laggards: Laggards) -> Lanes:
    """Lay lanes for connections with these ways out."""
    return Lanes(tuple(map(Line, ways)), laggards)


def write(lanes: Lanes, *frames: bytes, ephemeral: bool = False) -> list[int]:
    """Send these to all; give the sizes of the parts."""
    return list(lanes.write(frames, ephemeral=ephemeral))


def test_frames_leave_by_the_sockets_own_send_in_one_piece() -> None:
    laggards = Laggards(utc_now)
    ways = [Way(laggards) for _ in range(3)]

    write(lanes_of(ways, laggards), b"1", b"2")

    assert [(way.sent, way.written) for way in ways] == [([b"12"], [])] * 3


def test_what_a_socket_does_not_take_is_left_to_its_outlet() -> None:
    laggards = Laggards(utc_now)
    before, short, full, after = (Way(laggards, takes=takes) for takes in (None, 2, 0, None))

    write(lanes_of([before, short, full, after], laggards), b"frame", ephemeral=True)

    assert (before.sent, after.sent) == ([b"frame"], [b"frame"])
    assert short.written == [(b"frame", True, 2)]
    assert full.written == [(b"frame", True, 0)]


def test_who_begins_to_hold_back_during_a_round_is_not_sent_past() -> None:
    laggards = Laggards(utc_now)
    ways = [Way(laggards) for _ in range(SOCKETS_AT_ONCE + 1)]
    parts = lanes_of(ways, laggards).write([b"1"], ephemeral=False)

    first = next(parts)
    ways[-1].hold_back()
    rest = list(parts)

    assert (first, rest) == (SOCKETS_AT_ONCE, [1])
    assert (ways[-1].sent, ways[-1].written) == ([], [(b"1", False, 0)])


def test_lanes_are_for_the_same_connections_as_long_as_none_holds_back_or_ceases_to() -> None:
    laggards = Laggards(utc_now)
    way = Way(laggards)
    to: tuple[Connection, ...] = (Line(way),)
    lanes = Lanes(to, laggards)

    assert lanes.is_for(to)
    assert not lanes.is_for((Line(way),))
    way.hold_back()
    assert not lanes.is_for(to)
