"""What a socket loses that does not take what it is sent, and when it is closed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import orjson
import pytest

from tests.watercooler.conftest import RunningHub
from tests.watercooler.events import make_event
from tests.watercooler.patience import until
from tests.watercooler.slow_reader import SlowReader
from watercooler import outlet
from watercooler.connection import Connection
from watercooler.frames import Close
from watercooler.outlet import BEHIND_BYTES_AT_MOST, EPHEMERAL_BEHIND_BYTES, STALLED_AT_MOST, StreamOutlet
from watercooler.room import Delivery

EVENT_BYTES = 64 * 1024
EVENTS_AT_MOST = 500
MOMENT = timedelta(seconds=1)


class Flood:
    """Publishes events that nobody reads, and watches how far the reader falls behind."""

    def __init__(self, hub: RunningHub, reader: SlowReader) -> None:
        self.hub = hub
        self.reader = reader
        (self.connection,) = hub.hub.connections
        self._seqs = count(1)
        self.published = 0

    @property
    def behind(self) -> int:
        """How many bytes wait for the reader."""
        assert isinstance(self.connection.outlet, StreamOutlet)
        return self.connection.outlet.behind

    async def publish(self) -> None:
        """Publish one more event; before the last of them the hub has long given the reader up."""
        assert self.published < EVENTS_AT_MOST
        self.published = next(self._seqs)
        event = make_event(self.published)
        event["changes"][0]["now"] = {"description": "x" * EVENT_BYTES}
        assert (await self.hub.publish([event])).code == 200

    async def until_behind(self, least: int) -> None:
        """Publish until more than this waits."""
        while self.behind <= least:
            await self.publish()

    async def read_a_little(self) -> None:
        """Read until less waits than before."""
        before = self.behind
        await self.reader.read_until(lambda: self.behind < before)

    def whisper(self, key: str) -> None:
        """Send what may be lost."""
        word = orjson.dumps({"t": "say", "b": 7, "key": key})
        self.hub.hub.fanout.deliver(Delivery(7, (self.connection,), (word,), ephemeral=True))

    def let_pass(self, time: timedelta) -> None:
        """Let time pass, and the hub look."""
        self.hub.clock.advance(time)
        self.hub.hub.fanout.laggards.look()


@pytest.fixture
async def flood(hub: RunningHub) -> AsyncIterator[Flood]:
    """A hub, and one reader that reads nothing more."""
    reader = await SlowReader.watch(hub.port, hub.keys, after=0)
    yield Flood(hub, reader)
    reader.close()


async def test_who_is_a_little_behind_loses_what_may_be_lost_and_nothing_else(flood: Flood) -> None:
    await flood.until_behind(EPHEMERAL_BEHIND_BYTES)
    flood.whisper("lost")
    await flood.publish()

    await flood.reader.read_until(lambda: flood.reader.events()[-1:] == [flood.published])
    flood.whisper("heard")
    await flood.reader.read_until(lambda: flood.reader.heard[-1]["t"] == "say")

    assert flood.reader.events() == list(range(1, flood.published + 1))
    assert [frame["key"] for frame in flood.reader.heard if frame["t"] == "say"] == ["heard"]
    assert flood.connection.outlet.has_lost


async def test_who_keeps_up_loses_nothing(flood: Flood) -> None:
    for key in ("one", "two"):
        flood.whisper(key)

    await flood.reader.read_until(lambda: flood.reader.heard[-1].get("key") == "two")

    assert not flood.connection.outlet.has_lost


async def test_who_is_too_far_behind_is_closed_and_had_everything_until_then(flood: Flood) -> None:
    most = 0
    while flood.connection.boards:
        most = max(most, flood.behind)
        await flood.publish()

    await flood.reader.read_until(lambda: flood.reader.close_code)

    assert flood.reader.close_code == Close.SLOW
    assert flood.reader.events() == list(range(1, len(flood.reader.events()) + 1))
    assert most < BEHIND_BYTES_AT_MOST + 4 * EVENT_BYTES


async def test_who_takes_nothing_for_too_long_is_closed(flood: Flood) -> None:
    await flood.until_behind(0)

    flood.let_pass(STALLED_AT_MOST - MOMENT)
    assert flood.connection.boards
    flood.let_pass(MOMENT)

    assert not flood.connection.boards
    await flood.reader.read_until(lambda: flood.reader.close_code)
    assert flood.reader.close_code == Close.SLOW


async def test_who_takes_something_now_and_then_is_not_closed(flood: Flood) -> None:
    await flood.until_behind(BEHIND_BYTES_AT_MOST // 2)

    while flood.behind > EVENT_BYTES:
        await flood.read_a_little()
        flood.let_pass(STALLED_AT_MOST - MOMENT)

    assert flood.connection.boards


async def test_who_has_taken_everything_may_be_idle_for_ever(flood: Flood) -> None:
    await flood.until_behind(0)
    await flood.reader.read_until(lambda: flood.reader.events()[-1:] == [flood.published])

    flood.let_pass(2 * STALLED_AT_MOST)
    await flood.publish()

    await flood.reader.read_until(lambda: flood.reader.events()[-1:] == [flood.published])
    assert flood.connection.boards


async def test_the_answers_to_a_slow_clients_pings_come_between_whole_frames(flood: Flood) -> None:
    await flood.until_behind(EPHEMERAL_BEHIND_BYTES)
    for number in range(3):
        await flood.reader.ping(b"%d" % number)
        await flood.publish()

    await flood.reader.read_until(lambda: flood.reader.events()[-1:] == [flood.published])
    await flood.reader.read_until(lambda: flood.reader.pongs[-1:] == [b"2"])

    assert flood.reader.events() == list(range(1, flood.published + 1))


async def test_nothing_follows_the_close_frame_not_even_what_was_on_its_way(flood: Flood) -> None:
    word = Delivery(7, (flood.connection,), (b'{"t":"late"}',))
    flood.connection.drain()
    flood.hub.hub.fanout.deliver(word)
    await until(lambda: not flood.hub.hub.fanout.is_busy())

    await flood.reader.read_until(lambda: flood.reader.close_code)

    assert flood.reader.close_code == Close.DRAINING


async def test_without_tornados_inner_parts_messages_go_its_own_way(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlet, "StreamOutlet", _missing)
    reader = await hub.watcher(after=0)

    await hub.publish([make_event(1), make_event(2)])

    assert await reader.hear_events(2) == [1, 2]


async def test_without_tornados_inner_parts_who_does_not_read_is_closed(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlet, "StreamOutlet", _missing)
    slow = Flood(hub, await SlowReader.watch(hub.port, hub.keys, after=0))

    while slow.connection.boards:
        await slow.publish()

    await slow.reader.read_until(lambda: slow.reader.close_code)
    assert slow.reader.events() == list(range(1, len(slow.reader.events()) + 1))
    slow.reader.close()


def _missing(*_: object, **__: object) -> Connection:
    raise AttributeError("'IOStream' object has no attribute '_total_write_done_index'")
