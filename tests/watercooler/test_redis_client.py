"""One connection for all who ask Redis: nobody gets the answer of another, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.exceptions import RedisError, ResponseError

from tests.watercooler.browser import PATIENCE_SECONDS
from tests.watercooler.redis_server import RedisServer
from watercooler.redis_client import RedisLane, make_redis


@pytest.fixture
async def lane(own_redis: RedisServer) -> AsyncIterator[RedisLane]:
    """A connection to a Redis that may be harmed."""
    async with make_redis(own_redis.url) as redis:
        lane = RedisLane(redis)
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield lane
        await lane.close()


async def test_each_gets_the_answer_to_what_it_asked(lane: RedisLane) -> None:
    words = [uuid4().bytes for _ in range(100)]

    assert await asyncio.gather(*(lane.ask("ECHO", word) for word in words)) == words


async def test_a_command_that_is_refused_harms_nobody_else(lane: RedisLane) -> None:
    commands = [("ECHO", "one"), ("ECHO",), ("NONSENSE",), ("ECHO", "two")]

    one, *refused, two = await asyncio.gather(
        *(lane.ask(*command) for command in commands), return_exceptions=True
    )

    assert (one, two) == (b"one", b"two")
    assert [type(error) for error in refused] == [ResponseError, ResponseError]


async def test_who_asked_together_with_one_that_gives_up_is_told_and_the_next_gets_its_answer(
    lane: RedisLane, own_redis: RedisServer
) -> None:
    first = asyncio.create_task(lane.ask("BLPOP", "first", 0))
    gives_up = asyncio.create_task(lane.ask("BLPOP", "nothing", 0))
    together = asyncio.create_task(lane.ask("ECHO", "together"))
    async with make_redis(own_redis.url) as other:
        await other.rpush("first", "done")
        assert await first == [b"first", b"done"]
        while not any("b" in client["flags"] for client in await other.client_list()):
            continue  # until it waits for the second

    gives_up.cancel()

    with pytest.raises(ConnectionAbortedError, match="given up"):
        await together
    assert await lane.ask("ECHO", "next") == b"next"


async def test_a_redis_that_was_started_again_is_asked_again(lane: RedisLane, own_redis: RedisServer) -> None:
    await lane.ask("PING")
    own_redis.kill()
    with pytest.raises((RedisError, OSError)):
        await lane.ask("PING")

    own_redis.start()

    assert await lane.ask("PING") == b"PONG"
