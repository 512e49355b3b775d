"""Hubs that share a Redis, and what happens to their browsers when it is killed: nothing."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_event, make_events
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.patience import until
from tests.watercooler.redis_server import RedisServer
from watercooler.catchup import READS_AT_ONCE


@pytest.fixture
async def redis_hub(start_hub: StartHub, own_redis: RedisServer) -> RunningHub:
    """A hub on a Redis that may be killed."""
    return await start_hub(redis_url=own_redis.url)


async def test_two_hubs_on_one_redis_tell_the_same(start_hub: StartHub, own_redis: RedisServer) -> None:
    one, two = [await start_hub(redis_url=own_redis.url) for _ in range(2)]
    browsers = [await one.watcher(after=0), await two.watcher(after=0)]

    await one.publish([make_event(1)])
    await two.publish([make_event(2)])

    for browser in browsers:
        assert await browser.hear_events(2) == [1, 2]


async def test_a_message_that_is_no_event_makes_the_hub_look_what_it_missed(
    redis_hub: RunningHub, board: FakeBoard, own_redis: RedisServer
) -> None:
    browser = await redis_hub.watcher(after=0)
    board.logs[7] = [make_event(1)]

    async with Redis.from_url(own_redis.url) as redis:
        await redis.publish("watercooler:0", "rubbish")

    assert await browser.hear_events(1) == [1]
    assert not redis_hub.failed.is_set()


async def test_nothing_is_lost_when_redis_is_killed(
    redis_hub: RunningHub, board: FakeBoard, own_redis: RedisServer
) -> None:
    """What is recorded while Redis is away is read from the board once it is back."""
    browser = await redis_hub.watcher(after=0)
    await redis_hub.publish([make_event(1)])
    assert await browser.hear_events(1) == [1]

    own_redis.kill()
    board.logs[7] = make_events(1, 3)
    assert (await redis_hub.publish(make_events(2, 3))).code == 503
    own_redis.start()

    assert await browser.hear_events(2) == [2, 3]
    assert (await redis_hub.publish([make_event(4)])).code == 200
    assert await browser.hear_events(1) == [4]


async def test_while_redis_is_away_the_board_is_asked_instead(
    start_hub: StartHub, board: FakeBoard, own_redis: RedisServer
) -> None:
    hub = await start_hub(redis_url=own_redis.url, poll_alone_seconds=0.01)
    browser = await hub.watcher(after=0)

    own_redis.kill()
    board.logs[7] = make_events(1, 3)

    assert await browser.hear_events(3) == [1, 2, 3]


async def test_a_browser_may_come_while_redis_is_away(
    redis_hub: RunningHub, board: FakeBoard, own_redis: RedisServer
) -> None:
    board.logs[7] = make_events(1, 3)
    own_redis.kill()
    browser = await redis_hub.browser()

    await browser.subscribe(after=1)

    assert (await browser.hear())["t"] == "sub"
    assert await browser.hear_events(2) == [2, 3]


async def test_many_boards_that_doubt_at_once_ask_the_board_a_few_at_a_time(
    start_hub: StartHub, board: FakeBoard, own_redis: RedisServer
) -> None:
    """A Redis that was started again is empty, so that every room has to ask the board, once."""
    boards = range(1, 4 * READS_AT_ONCE)
    board.logs = {number: [] for number in boards}
    hub = await start_hub(redis_url=own_redis.url)
    browser = await hub.browser()
    for number in boards:
        await browser.subscribe(after=0, board=number)
        assert (await browser.hear())["t"] == "sub"
    await until(hub.hub.is_joined)
    board.most_at_once = 0

    own_redis.kill()
    board.logs = {number: [make_event(1, board=number)] for number in boards}
    board.may_answer.clear()
    own_redis.start()
    await until(lambda: board.reading >= READS_AT_ONCE)
    await browser.round_trip()
    board.may_answer.set()

    assert sorted([(await browser.hear())["b"] for _ in boards]) == list(boards)
    assert board.most_at_once <= READS_AT_ONCE
