"""What Redis remembers of a board has bounds, and what is told of other boards costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import orjson
import pytest
from redis.asyncio import Redis

from tests.watercooler.conftest import Clock, unhurried
from tests.watercooler.events import make_event, make_events, make_membership
from tests.watercooler.redis_server import RedisServer
from tests.watercooler.test_bus import following
from watercooler.messages import Event
from watercooler.redis_bus import RedisBus
from watercooler.redis_history import RedisHistory

NewHistory = Callable[..., RedisHistory]
EVENT_BYTES = len(orjson.dumps(make_event(41)))


@pytest.fixture
async def history(shared_redis: RedisServer) -> AsyncIterator[NewHistory]:
    """Make a history of so many bytes a board."""
    histories: list[RedisHistory] = []
    async with Redis.from_url(shared_redis.url) as client:

        def make(*, most_bytes: int) -> RedisHistory:
            limits = (60_000, 1_000, most_bytes)
            made = RedisHistory(client, prefix=uuid4().hex, channel="nobody", limits=limits)
            histories.append(made)
            return made

        yield make
        await asyncio.gather(*(made.close() for made in histories))


def large(seq: int) -> Event:
    return make_event(seq, cid="x" * 10 * EVENT_BYTES)


async def remembered(history: RedisHistory) -> list[int]:
    page = await history.read(7, after=0)
    assert page is not None
    return [event["seq"] for event in page.events]


async def test_history_is_bounded_by_bytes(history: NewHistory) -> None:
    bounded = history(most_bytes=3 * EVENT_BYTES)

    await bounded.append(make_events(41, 50))

    assert await remembered(bounded) == [48, 49, 50]


async def test_a_large_event_pushes_out_many_small_ones_and_they_may_come_again(history: NewHistory) -> None:
    bounded = history(most_bytes=13 * EVENT_BYTES)
    await bounded.append(make_events(41, 50))
    await bounded.append([large(51)])
    assert 51 in (await remembered(bounded))
    assert 48 not in (await remembered(bounded))

    for seq in range(52, 65):
        await bounded.append([make_event(seq)])

    assert await remembered(bounded) == list(range(52, 65))


async def test_an_event_larger_than_the_bound_is_taken_and_not_remembered(history: NewHistory) -> None:
    bounded = history(most_bytes=3 * EVENT_BYTES)
    await bounded.append([make_event(41)])

    assert (await bounded.append([large(42)])).tops == {7: 42}

    page = await bounded.read(7, after=0)
    assert (page and page.top, page and page.events) == (42, ())
    await bounded.append([make_event(43)])
    assert await remembered(bounded) == [43]


async def test_another_epoch_has_all_the_room(history: NewHistory) -> None:
    bounded = history(most_bytes=4 * EVENT_BYTES)
    await bounded.append(make_events(41, 44))

    await bounded.append(make_events(1, 3, epoch="other"))

    assert await remembered(bounded) == [1, 2, 3]


async def test_events_of_boards_that_nobody_here_watches_are_not_told(shared_redis: RedisServer) -> None:
    bus = RedisBus(shared_redis.url, timing=unhurried(Clock()), prefix=uuid4().hex)
    async with following(bus, watched={7}.__contains__) as follower:
        await bus.append([make_event(1, board=8), make_event(1)])

        assert await follower.hear(1) == [make_event(1)]
    await bus.close()


async def test_who_joins_or_leaves_a_board_is_told_to_every_process(shared_redis: RedisServer) -> None:
    """A ticket from before is barred wherever it is shown."""
    bus = RedisBus(shared_redis.url, timing=unhurried(Clock()), prefix=uuid4().hex)
    removal = make_membership(1, user=3, is_member=False, board=8)
    async with following(bus, watched=set[int]().__contains__) as follower:
        await bus.append([make_event(1), removal])

        assert await follower.hear(1) == [removal]
    await bus.close()
