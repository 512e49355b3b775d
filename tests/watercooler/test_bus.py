"""One contract for both buses: what is taken, what is told, and what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from tests.watercooler.conftest import Clock, unhurried
from tests.watercooler.events import make_event, make_events
from tests.watercooler.redis_server import RedisServer
from watercooler.bus import Appended, Bus, BusAway, Top
from watercooler.memory_bus import Limits, MemoryBus
from watercooler.messages import Event
from watercooler.redis_bus import RedisBus
from watercooler.room import Page

PATIENCE_SECONDS = 20


class Follower:
    """Hears what a bus tells."""

    def __init__(self, bus: Bus, *, watched: Callable[[int], bool] = lambda board: True) -> None:
        self.heard: asyncio.Queue[Event] = asyncio.Queue()
        self.rejoined = asyncio.Event()
        self.whispered: asyncio.Queue[bytes] = asyncio.Queue()
        bus.listen(self.heard.put_nowait, self.rejoined.set, self.whispered.put_nowait, watched=watched)

    async def hear(self, count: int) -> list[Event]:
        """Give the next events."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [await self.heard.get() for _ in range(count)]


@pytest.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    """A bus that remembers four events a board."""
    bus: Bus
    if request.param == "memory":
        bus = MemoryBus(Limits(events=4))
    else:
        redis: RedisServer = request.getfixturevalue("shared_redis")
        bus = RedisBus(redis.url, timing=unhurried(Clock()), events=4, prefix=uuid4().hex)
    yield bus
    await bus.close()


@pytest.fixture
async def follower(bus: Bus) -> AsyncIterator[Follower]:
    """Somebody whom the bus tells everything."""
    async with following(bus) as follower:
        yield follower


@asynccontextmanager
async def following(
    bus: Bus, *, watched: Callable[[int], bool] = lambda board: True
) -> AsyncIterator[Follower]:
    """Run the bus for somebody whom it tells everything."""
    follower = Follower(bus, watched=watched)
    running = asyncio.create_task(bus.run())
    try:
        if isinstance(bus, RedisBus):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await follower.rejoined.wait()
        yield follower
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_first_event_of_a_board_is_taken_wherever_it_stands(bus: Bus) -> None:
    assert await bus.append([make_event(41)]) == Appended(tops={7: 41})


async def test_the_next_event_is_taken(bus: Bus) -> None:
    await bus.append([make_event(41)])

    assert await bus.append([make_event(42)]) == Appended(tops={7: 42})


async def test_an_event_at_or_below_the_top_is_ignored(bus: Bus, follower: Follower) -> None:
    await bus.append(make_events(41, 42))

    assert await bus.append(make_events(40, 42)) == Appended(tops={7: 42})
    await bus.append([make_event(43)])
    assert [event["seq"] for event in await follower.hear(3)] == [41, 42, 43]


async def test_an_event_beyond_the_next_is_a_gap_and_nothing_after_it_is_taken(bus: Bus) -> None:
    await bus.append([make_event(41)])

    assert await bus.append([make_event(42), make_event(44), make_event(45)]) == Appended(gaps={7: 42})


async def test_boards_do_not_know_of_each_other(bus: Bus) -> None:
    await bus.append([make_event(41), make_event(5, board=8)])

    assert await bus.append([make_event(6, board=8), make_event(43)]) == Appended(tops={8: 6}, gaps={7: 41})


async def test_events_are_told_in_order_and_whole(bus: Bus, follower: Follower) -> None:
    events = make_events(41, 45)

    await bus.append(events)

    assert await follower.hear(5) == events


async def test_what_was_missed_is_remembered(bus: Bus) -> None:
    await bus.append(make_events(41, 43))

    assert await bus.read(7, after=41) == Page("first", 41, tuple(make_events(42, 43)))


async def test_nothing_is_missed_at_the_top_or_beyond(bus: Bus) -> None:
    await bus.append(make_events(41, 43))

    assert await bus.read(7, after=43) == Page("first", 43, ())
    assert await bus.read(7, after=99) == Page("first", 43, ())


async def test_history_is_bounded_and_says_where_it_begins(bus: Bus) -> None:
    await bus.append(make_events(41, 50))

    assert await bus.read(7, after=41) == Page("first", 46, tuple(make_events(47, 50)))


async def test_an_unknown_board_has_no_history(bus: Bus) -> None:
    assert await bus.read(99, after=0) is None


async def test_another_epoch_replaces_the_history(bus: Bus, follower: Follower) -> None:
    await bus.append(make_events(41, 43))

    assert await bus.append([make_event(12, epoch="second")]) == Appended(tops={7: 12})
    assert await bus.read(7, after=0) == Page("second", 11, (make_event(12, epoch="second"),))
    assert (await follower.hear(4))[-1]["epoch"] == "second"


async def test_two_epochs_in_one_post_are_taken_one_after_the_other(bus: Bus) -> None:
    assert await bus.append([make_event(41), make_event(5, epoch="second")]) == Appended(tops={7: 5})
    assert await bus.append([make_event(6, epoch="second")]) == Appended(tops={7: 6})


async def test_posts_at_the_same_time_lose_and_repeat_nothing(bus: Bus, follower: Follower) -> None:
    await bus.append([make_event(0 + 1)])

    await asyncio.gather(*(bus.append(make_events(1, last)) for last in range(2, 12)))

    assert [event["seq"] for event in await follower.hear(11)] == list(range(1, 12))
    assert follower.heard.empty()


async def test_tops_are_given_of_the_boards_that_are_known(bus: Bus) -> None:
    await bus.append([make_event(41), make_event(5, board=8, epoch="second")])

    assert await bus.tops([7, 8, 9]) == {7: Top("first", 41), 8: Top("second", 5)}
    assert await bus.tops([]) == {}


async def test_a_whisper_is_heard_by_the_process_itself_too(bus: Bus, follower: Follower) -> None:
    await bus.whisper(b"psst")

    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await follower.whispered.get() == b"psst"


async def test_who_appeared_is_present_until_disappearing(bus: Bus) -> None:
    await bus.appear(7, 3, "Ana")
    await bus.appear(7, 3, "Ana")
    await bus.appear(7, 4, "Zoë: 1")
    await bus.appear(8, 3, "Ana")
    assert await bus.present([7, 8, 9]) == {7: {3: "Ana", 4: "Zoë: 1"}, 8: {3: "Ana"}, 9: {}}

    await bus.disappear(7, 3)
    await bus.disappear(7, 99)

    assert await bus.present([7, 8]) == {7: {4: "Zoë: 1"}, 8: {3: "Ana"}}
    assert await bus.present([]) == {}


async def test_redis_forgets_an_idle_board(shared_redis: RedisServer) -> None:
    bus = RedisBus(shared_redis.url, timing=unhurried(Clock()), idle_seconds=0.001, prefix=uuid4().hex)
    await bus.append([make_event(41)])

    async with asyncio.timeout(PATIENCE_SECONDS):
        while await bus.read(7, after=0):
            continue

    assert await bus.append([make_event(50)]) == Appended(tops={7: 50})
    await bus.close()


async def test_databases_of_one_redis_do_not_hear_each_other(shared_redis: RedisServer) -> None:
    """Redis itself keeps channels apart by their names only."""
    prefix = uuid4().hex
    ours, theirs = [
        RedisBus(f"{shared_redis.url}?db={number}", timing=unhurried(Clock()), prefix=prefix)
        for number in (0, 1)
    ]
    async with following(ours) as follower:
        await theirs.append([make_event(90, epoch="other")])
        await ours.append([make_event(41)])

        assert await follower.hear(1) == [make_event(41)]
    await ours.close()
    await theirs.close()


@pytest.mark.parametrize("message", [b"rubbish", b"\xff", b"[]", b'{"board": 7}'])
async def test_what_is_no_event_is_passed_over_and_taken_for_a_loss(
    shared_redis: RedisServer, message: bytes
) -> None:
    bus = RedisBus(shared_redis.url, timing=unhurried(Clock()), prefix=uuid4().hex)
    async with following(bus) as follower, Redis.from_url(shared_redis.url) as redis:
        follower.rejoined.clear()

        await redis.publish(bus.channel, message)
        await bus.append([make_event(41)])

        assert await follower.hear(1) == [make_event(41)]
        assert follower.rejoined.is_set()
    await bus.close()


async def test_a_history_that_holds_no_event_is_as_good_as_away(shared_redis: RedisServer) -> None:
    prefix = uuid4().hex
    bus = RedisBus(shared_redis.url, timing=unhurried(Clock()), prefix=prefix)
    await bus.append([make_event(41)])
    async with Redis.from_url(shared_redis.url) as redis:
        await redis.xadd(f"{prefix}:7:events", {"e": "rubbish"}, id="42-0")

    with pytest.raises(BusAway, match="no event"):
        await bus.read(7, after=0)
    await bus.close()


async def test_without_redis_the_bus_says_so(own_redis: RedisServer) -> None:
    bus = RedisBus(own_redis.url, timing=unhurried(Clock()))
    await bus.append([make_event(41)])
    own_redis.kill()

    for attempt in (bus.append([make_event(42)]), bus.read(7, after=0), bus.check()):
        with pytest.raises(BusAway, match="Redis does not answer"):
            await attempt
    await bus.close()


async def test_the_bus_returns_to_a_redis_that_was_killed(own_redis: RedisServer) -> None:
    """And says that something may have been missed, since Redis will not."""
    bus = RedisBus(own_redis.url, timing=unhurried(Clock()))
    follower = Follower(bus)
    running = asyncio.create_task(bus.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await follower.rejoined.wait()
        follower.rejoined.clear()

        own_redis.kill()
        own_redis.start()

        await follower.rejoined.wait()
    await bus.append([make_event(41)])
    assert [event["seq"] for event in await follower.hear(1)] == [41]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await bus.close()
