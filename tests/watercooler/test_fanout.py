"""In which order, and in how few pieces, frames leave: without a socket."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable

import pytest

from tests.watercooler.conftest import RunningHub
from tests.watercooler.events import make_event
from tests.watercooler.patience import until
from watercooler import fanout
from watercooler.connection import Connection, Encode, Send, send_nothing
from watercooler.fanout import Fanout
from watercooler.lanes import SOCKETS_AT_ONCE
from watercooler.room import Delivery
from watercooler.timing import utc_now


class Paper:
    """A way out that notes what it is given."""

    def __init__(self, encode: Encode) -> None:
        self.encode = encode
        self.send: Send = send_nothing
        self.has_lost = False
        self.written: list[bytes] = []
        self.ephemerals: list[bytes] = []
        self.on_write: Callable[[], object] = lambda: None

    def write(self, data: bytes, *, ephemeral: bool = False, sent: int = 0) -> None:
        """Note it."""
        self.on_write()
        (self.ephemerals if ephemeral else self.written).append(data)


class Line(Connection):
    """A connection of which nothing but its way out is used."""

    def __init__(self, encode: Encode = bytes) -> None:
        self.paper = self.outlet = Paper(encode)


@pytest.fixture
async def out() -> AsyncIterator[Fanout]:
    """A running fan-out."""
    out = Fanout(utc_now)
    running = asyncio.create_task(out.run())
    yield out
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def delivery(*frames: bytes, to: tuple[Connection, ...], board: int = 7) -> Delivery[Connection]:
    """Give frames for these."""
    return Delivery(board, to, frames)


async def test_the_frames_of_one_moment_leave_in_one_piece(out: Fanout) -> None:
    lines = (Line(), Line())

    out.deliver(delivery(b"1", b"2", to=lines))
    out.deliver(delivery(b"3", to=lines))
    await until(lambda: all(line.paper.written for line in lines))

    assert [line.paper.written for line in lines] == [[b"123"], [b"123"]]


async def test_a_frame_is_built_once_for_all_who_take_it_in_the_same_way(out: Fanout) -> None:
    built: list[bytes] = []

    def encode(payload: bytes) -> bytes:
        built.append(payload)
        return b"<" + payload + b">"

    lines = (Line(encode), Line(), Line(encode), Line(), Line(encode))
    out.deliver(delivery(b"1", b"2", to=lines))
    await until(lambda: bool(lines[-1].paper.written))

    assert built == [b"1", b"2"]
    assert [line.paper.written[0] for line in lines] == [b"<1><2>", b"12", b"<1><2>", b"12", b"<1><2>"]
    assert lines[0].paper.written[0] is lines[4].paper.written[0]


async def test_who_is_told_something_while_nothing_waits_is_told_at_once(out: Fanout) -> None:
    line = Line()

    out.tell(line, b"welcome")

    assert line.paper.written == [b"welcome"]


async def test_what_one_is_told_overtakes_nothing_and_is_not_overtaken(out: Fanout) -> None:
    line, other = Line(), Line()

    out.deliver(delivery(b"1", to=(line, other)))
    out.tell(line, b"no")
    out.deliver(delivery(b"2", to=(line, other)))
    await until(lambda: b"".join(line.paper.written) == b"1no2")

    assert other.paper.written == [b"1", b"2"]


async def test_what_comes_while_others_are_being_sent_to_follows_it(out: Fanout) -> None:
    lines = tuple(Line() for _ in range(2 * SOCKETS_AT_ONCE))
    lines[0].paper.on_write = lambda: asyncio.get_running_loop().call_soon(out.tell, lines[-1], b"2")

    out.deliver(delivery(b"1", to=lines))
    await until(lambda: len(lines[-1].paper.written) == 2)

    assert lines[-1].paper.written == [b"1", b"2"]


async def test_a_loop_over_many_sockets_lets_others_have_their_turn(out: Fanout) -> None:
    lines = tuple(Line() for _ in range(2 * SOCKETS_AT_ONCE))
    reached: list[int] = []

    def look() -> None:
        reached.append(sum(bool(line.paper.written) for line in lines))

    lines[0].paper.on_write = lambda: asyncio.get_running_loop().call_soon(look)
    out.deliver(delivery(b"1", to=lines))
    await until(lambda: bool(lines[-1].paper.written))

    assert reached == [SOCKETS_AT_ONCE]


async def test_a_hub_that_has_stopped_sending_takes_frames_and_keeps_them() -> None:
    out, line = Fanout(utc_now), Line()
    running = asyncio.create_task(out.run())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    out.deliver(delivery(b"1", to=(line,)))

    assert (out.is_busy(), line.paper.written) == (True, [])


async def test_boards_do_not_wait_for_each_other(out: Fanout) -> None:
    line = Line()

    out.deliver(delivery(b"1", to=(line,), board=7))
    out.deliver(delivery(b"a", to=(line,), board=8))
    out.deliver(delivery(b"2", to=(line,), board=7))
    await until(lambda: len(line.paper.written) == 2)

    assert line.paper.written == [b"12", b"a"]


async def test_what_is_for_others_too_is_not_joined_to_what_is_not(out: Fanout) -> None:
    old, new = Line(), Line()

    out.deliver(delivery(b"1", to=(old,)))
    out.deliver(delivery(b"2", to=(old, new)))
    await until(lambda: bool(new.paper.written))

    assert (old.paper.written, new.paper.written) == ([b"1", b"2"], [b"2"])


async def test_what_may_be_lost_is_kept_apart_from_what_may_not(out: Fanout) -> None:
    line = Line()

    out.deliver(delivery(b"1", to=(line,)))
    out.deliver(Delivery(7, (line,), (b"drag",), ephemeral=True))
    out.deliver(delivery(b"2", to=(line,)))
    await until(lambda: len(line.paper.written) == 2)

    assert (line.paper.written, line.paper.ephemerals) == ([b"1", b"2"], [b"drag"])


async def test_a_burst_is_joined_by_the_rest_after_a_round(
    out: Fanout, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line()
    clock = [0.0]
    monkeypatch.setattr(fanout, "monotonic", lambda: clock[0])
    line.paper.on_write = lambda: clock.insert(0, clock[0] + 0.005)  # so that a round takes 5 ms
    out.deliver(delivery(b"0", to=(line,)))
    await until(lambda: bool(line.paper.written))

    for number in range(1, 6):
        out.deliver(delivery(b"%d" % number, to=(line,)))
        await asyncio.sleep(0)
    await until(lambda: len(line.paper.written) == 2)

    assert line.paper.written == [b"0", b"12345"]


async def test_the_hub_hears_of_it_when_sending_fails() -> None:
    out, line = Fanout(utc_now), Line()
    line.paper.on_write = lambda: 1 / 0
    running = asyncio.create_task(out.run())
    await asyncio.sleep(0)

    out.deliver(delivery(b"1", to=(line,)))

    with pytest.raises(ZeroDivisionError):
        await running


async def test_nobody_who_has_left_a_board_is_held_for_what_its_last_event_was_sent_by(
    hub: RunningHub,
) -> None:
    browser = await hub.watcher(after=0)
    await hub.publish([make_event(1)])
    await browser.hear_events(1)
    name = next(iter(hub.hub.connections)).name

    browser.vanish()
    await until(lambda: len(hub.hub.connections) == 0)
    gc.collect()

    assert name not in [one.name for one in gc.get_objects() if type(one) is Connection]


async def test_events_posted_one_by_one_arrive_in_order_at_everyone(hub: RunningHub) -> None:
    browsers = [await hub.watcher(after=0) for _ in range(3)]

    for seq in range(1, 101):
        await hub.publish([make_event(seq)])

    for browser in browsers:
        assert await browser.hear_events(100) == list(range(1, 101))
