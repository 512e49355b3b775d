"""What a StreamOutlet needs of Tornado's stream, on real sockets: order is kept whoever else writes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from sys import getrefcount
from typing import Any

import pytest
from tornado.iostream import IOStream
from tornado.websocket import WebSocketClientConnection, WebSocketProtocol13

from tests.watercooler.browser import PATIENCE_SECONDS
from tests.watercooler.conftest import RunningHub
from tests.watercooler.patience import until
from watercooler.outlet import BEHIND_BYTES_AT_MOST, STALLED_AT_MOST, Laggards, StreamOutlet
from watercooler.timing import utc_now

MUCH = 256 * 1024  # bytes, more than the two sockets hold
LITTLE_BYTES = 4096


class Pipe:
    """A stream with an outlet, and the other side of its socket."""

    def __init__(self, kind: type[IOStream] = IOStream) -> None:
        ours, self.theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LITTLE_BYTES)
        self.theirs.setblocking(False)
        self.stream = kind(ours)
        self.now = utc_now()
        self.laggards = Laggards(lambda: self.now)
        self.gave_up = 0
        self.outlet = StreamOutlet(self.stream, laggards=self.laggards, too_slow=self._too_slow)

    async def read(self, count: int) -> bytes:
        """Read so many bytes."""
        data = b""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(data) < count:
                data += await asyncio.get_running_loop().sock_recv(self.theirs, count - len(data))
        return data

    async def read_until_more_is_taken(self) -> None:
        """Make room, until the stream has noticed."""
        before = self.stream._total_write_done_index
        await self.read(MUCH)
        await until(lambda: self.stream._total_write_done_index > before)

    def close(self) -> None:
        """Close both sides."""
        self.stream.close()
        self.theirs.close()

    def _too_slow(self) -> None:
        self.gave_up += 1


class Shouting(IOStream):
    """A stream that does something to what it sends, as one with TLS does."""

    def write_to_fd(self, data: memoryview) -> int:
        """Send it in capitals."""
        return self.socket.send(bytes(data).upper())


@pytest.fixture
async def pipe() -> AsyncIterator[Pipe]:
    """An outlet of a plain stream."""
    pipe = Pipe()
    yield pipe
    pipe.close()


async def test_what_fits_is_sent_at_once(pipe: Pipe) -> None:
    pipe.outlet.write(b"one")

    assert pipe.theirs.recv(3) == b"one"
    assert not pipe.laggards.outlets


async def test_what_does_not_fit_follows_in_order(pipe: Pipe) -> None:
    parts = [bytes([number]) * MUCH for number in range(4)]

    for part in parts:
        pipe.outlet.write(part)

    assert pipe.outlet.behind > 0
    assert pipe.laggards.outlets == {pipe.outlet}
    assert await pipe.read(4 * MUCH) == b"".join(parts)


async def test_what_a_loop_over_many_has_sent_a_part_of_is_sent_once(pipe: Pipe) -> None:
    data = b"".join(b"%07d" % number for number in range(MUCH // 7))
    sent = pipe.outlet.send(data)
    assert 0 < sent < len(data)
    begun = await pipe.read(sent)  # so that there is room for all of it again

    pipe.outlet.write(data, sent=sent)
    pipe.outlet.write(b"next")

    assert begun + await pipe.read(len(data) - sent + 4) == data + b"next"


async def test_a_loop_over_many_sends_nothing_past_what_waits_and_is_told_when_that_changes(
    pipe: Pipe,
) -> None:
    turns = [pipe.laggards.turns]
    pipe.outlet.write(b"x" * MUCH)
    turns.append(pipe.laggards.turns)
    past = pipe.outlet.send(b"past")
    await pipe.read(MUCH)
    await until(lambda: not pipe.laggards.outlets)
    turns.append(pipe.laggards.turns)

    assert past == 0
    assert turns[0] < turns[1] < turns[2]
    assert pipe.outlet.send(b"one") == 3


async def test_who_has_caught_up_is_sent_to_at_once_again(pipe: Pipe) -> None:
    pipe.outlet.write(b"x" * MUCH)
    await pipe.read(MUCH)
    await until(lambda: not pipe.laggards.outlets)

    pipe.outlet.write(b"one")

    assert (pipe.theirs.recv(3), pipe.outlet.behind) == (b"one", 0)


async def test_small_frames_that_wait_arrive_whole_and_in_order(pipe: Pipe) -> None:
    frames = [b"%06d" % number for number in range(40_000)]
    pipe.outlet.write(b"x" * MUCH)

    for frame in frames:
        pipe.outlet.write(frame)

    assert await pipe.read(MUCH) == b"x" * MUCH
    assert await pipe.read(6 * len(frames)) == b"".join(frames)


async def test_what_tornado_has_begun_to_write_is_finished_first(pipe: Pipe) -> None:
    pipe.stream.write(b"pong" * MUCH)
    pipe.outlet.give_way()
    taken = pipe.theirs.recv(MUCH)  # now there would be room

    pipe.outlet.write(b"one")

    assert taken + await pipe.read(4 * MUCH + 3 - len(taken)) == b"pong" * MUCH + b"one"


async def test_what_tornado_writes_behind_a_long_frame_is_finished_before_the_next(pipe: Pipe) -> None:
    pipe.outlet.write(b"x" * MUCH)
    pipe.stream.write(b"pong" * MUCH)
    assert await pipe.read(MUCH) == b"x" * MUCH
    await until(lambda: pipe.outlet.behind == 0)
    taken = pipe.theirs.recv(MUCH)  # now there would be room

    pipe.outlet.write(b"one")

    assert taken + await pipe.read(4 * MUCH + 3 - len(taken)) == b"pong" * MUCH + b"one"


async def test_giving_way_to_nothing_changes_nothing(pipe: Pipe) -> None:
    pipe.outlet.give_way()

    pipe.outlet.write(b"one")

    assert pipe.theirs.recv(3) == b"one"


async def test_nothing_is_sent_after_it_was_shut(pipe: Pipe) -> None:
    pipe.outlet.write(b"x" * MUCH)
    pipe.outlet.write(b"waits")
    pipe.outlet.shut()
    pipe.outlet.write(b"late")
    pipe.stream.write(b"close frame")

    assert await pipe.read(MUCH + 11) == b"x" * MUCH + b"close frame"
    assert not pipe.laggards.outlets


async def test_whoever_was_shut_is_no_laggard_while_the_close_frame_waits(pipe: Pipe) -> None:
    pipe.outlet.write(b"x" * MUCH)
    pipe.outlet.shut()
    pipe.stream.write(b"close frame" * MUCH)

    await pipe.read(MUCH)
    await until(lambda: pipe.outlet.behind == 0)

    assert not pipe.laggards.outlets


async def test_a_frame_that_takes_its_time_is_not_given_up_while_it_moves(pipe: Pipe) -> None:
    pipe.outlet.write(b"x" * 8 * MUCH)

    for _ in range(3):
        await pipe.read_until_more_is_taken()
        pipe.now += STALLED_AT_MOST - timedelta(seconds=1)
        pipe.laggards.look()
    assert pipe.gave_up == 0

    pipe.now += STALLED_AT_MOST
    pipe.laggards.look()
    assert pipe.gave_up == 1


async def test_what_waited_is_let_go_of_when_it_is_shut(pipe: Pipe) -> None:
    pipe.outlet.write(b"x" * MUCH)
    frame = bytes(MUCH)
    references = getrefcount(frame)
    pipe.outlet.write(frame)

    pipe.outlet.shut()

    assert getrefcount(frame) == references


async def test_however_long_one_frame_is_it_is_no_reason_to_give_up(pipe: Pipe) -> None:
    pipe.outlet.write(b"x" * 3 * BEHIND_BYTES_AT_MOST)
    pipe.outlet.write(b"one")
    pipe.outlet.write(b"two")

    assert not pipe.gave_up
    assert (await pipe.read(3 * BEHIND_BYTES_AT_MOST + 6))[-6:] == b"onetwo"


async def test_whoever_lets_too_much_wait_is_given_up_once(pipe: Pipe) -> None:
    pipe.outlet.write(b"x" * MUCH)

    pipe.outlet.write(b"y" * (BEHIND_BYTES_AT_MOST + 1))
    assert pipe.gave_up == 0
    for _ in range(2):
        pipe.outlet.write(b"one")

    assert pipe.gave_up == 1


async def test_a_socket_whose_other_side_has_gone_is_closed(pipe: Pipe) -> None:
    pipe.theirs.close()

    pipe.outlet.write(b"one")

    assert pipe.stream.closed()


async def test_a_closed_stream_takes_nothing_and_says_nothing(pipe: Pipe) -> None:
    pipe.stream.close()

    pipe.outlet.write(b"one")

    assert not pipe.laggards.outlets


async def test_a_stream_that_closes_while_something_waits_is_forgotten(pipe: Pipe) -> None:
    pipe.outlet.write(b"x" * MUCH)
    pipe.outlet.write(b"waits")

    pipe.stream.close()

    await until(lambda: not pipe.laggards.outlets)


async def test_a_stream_that_is_not_plain_is_written_to_by_tornado_alone() -> None:
    pipe = Pipe(Shouting)

    for word in (b"one", b"two"):
        pipe.outlet.write(word)

    assert await pipe.read(6) == b"ONETWO"
    pipe.close()


async def test_tornado_counts_what_the_system_has_taken(pipe: Pipe) -> None:
    pipe.stream.write(b"x" * MUCH)
    before = pipe.stream._total_write_done_index

    await pipe.read(MUCH)

    assert 0 < before < MUCH
    await until(lambda: pipe.stream._total_write_done_index == MUCH)


async def test_tornado_has_written_its_pong_when_it_reports_the_ping(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    write_frame = WebSocketProtocol13._write_frame

    def writes(self: WebSocketProtocol13, fin: bool, opcode: int, data: bytes, flags: int = 0) -> Any:
        order.append({0x9: "ping", 0xA: "pong"}.get(opcode, "other"))
        return write_frame(self, fin, opcode, data, flags)

    browser = await hub.browser()
    monkeypatch.setattr(WebSocketProtocol13, "_write_frame", writes)
    monkeypatch.setattr(StreamOutlet, "give_way", lambda outlet: order.append("reported"))

    assert isinstance(browser.socket, WebSocketClientConnection)
    browser.socket.ping(b"")

    await until(lambda: len(order) == 3)
    assert order == ["ping", "pong", "reported"]


async def test_a_websocket_of_this_tornado_gets_the_fast_way_out(hub: RunningHub) -> None:
    await hub.browser()

    (connection,) = hub.hub.connections

    assert isinstance(connection.outlet, StreamOutlet)
