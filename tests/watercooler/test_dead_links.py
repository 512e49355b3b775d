"""A link to Redis that is dead without a sign is noticed, and what was said meanwhile is not lost."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator

import pytest
from redis.asyncio import Redis

from tests import services
from tests.watercooler.black_hole import BlackHole
from tests.watercooler.browser import PATIENCE_SECONDS
from tests.watercooler.conftest import Clock, StartHub, unhurried
from tests.watercooler.events import make_event, make_events
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.patience import until
from tests.watercooler.redis_server import RedisServer
from tests.watercooler.test_bus import following
from watercooler.bus import BusAway
from watercooler.messages import Event
from watercooler.redis_bus import RedisBus
from watercooler.redis_history import RedisHistory

QUICK = {"canary_seconds": 0.1, "bus_answer_seconds": 1, "poll_alone_seconds": 0.05}


@pytest.fixture
def hole(own_redis: RedisServer) -> Iterator[BlackHole]:
    """The way to a Redis of our own, which may be cut."""
    with contextlib.closing(BlackHole(own_redis.path).start()) as hole:
        yield hole


async def append_unheard(server: RedisServer, events: list[Event]) -> None:
    """Let Redis remember events that no hub is told of."""
    async with Redis.from_url(server.url) as redis:
        history = RedisHistory(redis, prefix="watercooler", channel="elsewhere", limits=(60_000, 99, 99_999))
        await history.append(events)
        await history.close()


async def test_a_link_on_which_the_canary_is_not_heard_is_given_up_and_replaced(hole: BlackHole) -> None:
    bus = RedisBus(_url(hole), timing=unhurried(Clock(), **QUICK))
    async with following(bus) as follower:
        follower.rejoined.clear()

        hole.swallow()
        await until(lambda: not bus.is_joined())
        assert not follower.rejoined.is_set()
        hole.let_through()

        await until(follower.rejoined.is_set)
        await bus.append([make_event(41)])
        assert await follower.hear(1) == [make_event(41)]
    await bus.close()


async def test_a_link_on_which_the_canary_is_heard_is_kept(shared_redis: RedisServer) -> None:
    bus = RedisBus(shared_redis.url, timing=unhurried(Clock(), canary_seconds=0.3), prefix="kept")
    async with following(bus) as follower, Redis.from_url(shared_redis.url) as redis:
        follower.rejoined.clear()
        async with redis.pubsub() as canaries, asyncio.timeout(PATIENCE_SECONDS):
            await canaries.psubscribe(f"{bus.channel}:canary:*")
            heard = [await anext(canaries.listen()) for _ in range(5)]  # three unheard would end the link

        assert {message["type"] for message in heard} == {"psubscribe", "pmessage"}
        assert bus.is_joined()
        assert not follower.rejoined.is_set()
    await bus.close()


async def test_a_stopped_redis_is_noticed(own_redis: RedisServer) -> None:
    bus = RedisBus(own_redis.url, timing=unhurried(Clock(), **QUICK))
    async with following(bus) as follower:
        follower.rejoined.clear()

        own_redis.send(signal.SIGSTOP)
        await until(lambda: not bus.is_joined())
        own_redis.send(signal.SIGCONT)

        await until(follower.rejoined.is_set)
    await bus.close()


async def test_no_command_waits_longer_than_the_bus_may(hole: BlackHole) -> None:
    bus = RedisBus(_url(hole), timing=unhurried(Clock(), **QUICK))
    await bus.append([make_event(41)])
    hole.swallow()

    attempts = (bus.append([make_event(42)]), bus.read(7, after=0), bus.tops([7]), bus.present([7]))
    harmless = (bus.whisper(b"psst"), bus.appear(7, 3, "Ana"), bus.disappear(7, 3))
    async with asyncio.timeout(PATIENCE_SECONDS):
        failures = await asyncio.gather(*attempts, return_exceptions=True)
        await asyncio.gather(*harmless)

    assert [type(failure) for failure in failures] == [BusAway] * len(attempts)
    await bus.close()


async def test_an_idle_connection_that_ended_meanwhile_is_not_used(redis: services.Redis) -> None:
    bus, other = (RedisBus(redis.url, timing=unhurried(Clock())) for _ in range(2))
    await bus.append([make_event(41)])

    redis.restart()
    await other.check()  # meanwhile the loop sees the end of the first connection

    assert (await bus.append([make_event(42)])).tops == {7: 42}
    await bus.close()
    await other.close()


async def test_while_the_link_is_cut_the_board_is_asked_and_later_the_bus_is_heard_again(
    start_hub: StartHub, board: FakeBoard, hole: BlackHole
) -> None:
    hub = await start_hub(redis_url=_url(hole), **QUICK)
    browser = await hub.watcher(after=0)

    hole.swallow()
    board.logs[7] = make_events(1, 3)
    assert await browser.hear_events(3) == [1, 2, 3]
    assert (await hub.publish([make_event(4)])).code == 503
    hole.let_through()

    assert (await hub.publish([make_event(4)])).code == 200
    assert await browser.hear_events(1) == [4]


async def test_what_is_published_while_redis_drops_its_listeners_is_not_lost(
    start_hub: StartHub, own_redis: RedisServer
) -> None:
    hub = await start_hub(redis_url=own_redis.url)
    browser = await hub.watcher(after=0)

    async with Redis.from_url(own_redis.url) as redis:
        for seq in range(1, 6):
            await redis.client_kill_filter(_type="pubsub")
            assert (await hub.publish([make_event(seq)])).code == 200

    assert await browser.hear_events(5) == [1, 2, 3, 4, 5]


async def test_what_was_published_and_not_heard_shows_when_tops_are_compared(
    start_hub: StartHub, board: FakeBoard, own_redis: RedisServer
) -> None:
    hub = await start_hub(redis_url=own_redis.url, compare_seconds=0.01)
    browser = await hub.watcher(after=0)
    await until(hub.hub.is_joined)
    board.status = 502

    await append_unheard(own_redis, [make_event(1)])

    assert await browser.hear_events(1) == [1]


async def test_another_epoch_that_was_not_heard_of_shows_when_tops_are_compared(
    start_hub: StartHub, board: FakeBoard, own_redis: RedisServer
) -> None:
    hub = await start_hub(redis_url=own_redis.url, compare_seconds=0.01)
    browser = await hub.watcher(after=0)
    board.epoch, board.logs[7] = "second", [make_event(1, epoch="second")]

    await append_unheard(own_redis, [make_event(1, epoch="second")])

    assert await browser.hear() == {"t": "reset", "b": 7, "why": "epoch"}


async def test_nothing_is_lost_when_redis_is_emptied(
    start_hub: StartHub, board: FakeBoard, own_redis: RedisServer
) -> None:
    """It then takes whatever is posted first for the top, here 4; the room knows that 3 is missing."""
    hub = await start_hub(redis_url=own_redis.url)
    browser = await hub.watcher(after=0)
    await hub.publish(make_events(1, 2))
    assert await browser.hear_events(2) == [1, 2]

    async with Redis.from_url(own_redis.url) as redis:
        await redis.flushall()
    board.logs[7] = make_events(1, 4)
    assert (await hub.publish([make_event(4)])).code == 200

    assert await browser.hear_events(2) == [3, 4]


async def test_a_redis_that_fell_back_to_a_stale_copy_is_filled_by_the_board(
    start_hub: StartHub, board: FakeBoard, own_redis: RedisServer
) -> None:
    hub = await start_hub(redis_url=own_redis.url)
    browser = await hub.watcher(after=0)
    await hub.publish(make_events(1, 8))
    assert len(await browser.hear_events(8)) == 8
    board.logs[7] = make_events(1, 9)
    async with Redis.from_url(own_redis.url) as redis:
        await redis.flushall()
    await append_unheard(own_redis, make_events(1, 5))

    refusal = await hub.publish([make_event(9)])
    assert (refusal.code, refusal.body) == (409, b'{"have":{"7":5}}')
    assert (await hub.publish(make_events(6, 9))).code == 200

    assert await browser.hear_events(1) == [9]


def _url(hole: BlackHole) -> str:
    return f"redis://127.0.0.1:{hole.port}"
