"""Who is on a board, over processes that share a Redis, come and go, and die."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.watercooler.browser import PATIENCE_SECONDS
from tests.watercooler.conftest import Clock, unhurried
from tests.watercooler.redis_server import RedisServer
from tests.watercooler.test_bus import following
from watercooler.redis_bus import RedisBus

NewBus = Callable[..., RedisBus]
ANA_AND_BEN = {7: {3: "Ana", 4: "Ben"}}


@pytest.fixture
async def new_bus(own_redis: RedisServer) -> AsyncIterator[NewBus]:
    """Make buses of as many processes."""
    buses: list[RedisBus] = []

    def make(**timing: Any) -> RedisBus:
        buses.append(RedisBus(own_redis.url, timing=unhurried(Clock(), **timing)))
        return buses[-1]

    yield make
    await asyncio.gather(*(bus.close() for bus in buses))


@asynccontextmanager
async def redis_client(server: RedisServer) -> AsyncIterator[Redis]:
    async with Redis.from_url(server.url, decode_responses=True) as client:
        yield client


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what passes by itself."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await holds():
            continue


async def test_the_people_of_all_processes_are_present_and_each_once(new_bus: NewBus) -> None:
    one, two = new_bus(), new_bus()
    await one.appear(7, 3, "Ana")
    await two.appear(7, 3, "Ana")
    await two.appear(7, 4, "Ben")
    assert await one.present([7]) == ANA_AND_BEN

    await one.disappear(7, 3)

    assert await one.present([7]) == ANA_AND_BEN


async def test_the_people_of_a_process_that_dies_are_gone_with_its_lease(
    new_bus: NewBus, own_redis: RedisServer
) -> None:
    dead, alive = new_bus(lease_seconds=0.05), new_bus()
    await dead.appear(7, 3, "Ana")
    await alive.appear(7, 4, "Ben")

    async def only_ben_is_there() -> bool:
        return await alive.present([7]) == {7: {4: "Ben"}}

    await until(only_ben_is_there)
    async with redis_client(own_redis) as client:
        assert list(await client.hgetall("watercooler:7:here")) == [f"{alive.process}:4"]


async def test_a_process_that_ends_in_order_takes_its_people_along(new_bus: NewBus) -> None:
    ending, other = new_bus(), new_bus()
    await ending.appear(7, 3, "Ana")

    await ending.close()

    assert await other.present([7]) == {7: {}}


async def test_a_process_that_slept_past_its_lease_brings_its_people_back(
    new_bus: NewBus, own_redis: RedisServer
) -> None:
    sleeper, other = new_bus(renew_seconds=0.01), new_bus()
    await sleeper.appear(7, 3, "Ana")
    async with redis_client(own_redis) as client:
        await client.delete(f"watercooler:process:{sleeper.process}")
    assert await other.present([7]) == {7: {}}

    async def ana_is_back() -> bool:
        return await other.present([7]) == {7: {3: "Ana"}}

    async with following(sleeper):
        await until(ana_is_back)


async def test_an_emptied_redis_is_told_again_who_is_there(new_bus: NewBus, own_redis: RedisServer) -> None:
    bus = new_bus(renew_seconds=0.01)
    await bus.appear(7, 3, "Ana")
    async with redis_client(own_redis) as client:
        await client.flushall()

    async def ana_is_back() -> bool:
        return await bus.present([7]) == {7: {3: "Ana"}}

    async with following(bus):
        await until(ana_is_back)


async def test_who_comes_and_goes_while_redis_is_away_is_told_when_it_is_back(
    new_bus: NewBus, own_redis: RedisServer
) -> None:
    bus = new_bus()
    await bus.appear(7, 3, "Ana")
    async with following(bus) as follower:
        follower.rejoined.clear()
        own_redis.kill()
        await bus.appear(7, 4, "Ben")
        await bus.disappear(7, 3)
        own_redis.start()

        async def ben_is_there() -> bool:
            return await bus.present([7]) == {7: {4: "Ben"}}

        async with asyncio.timeout(PATIENCE_SECONDS):
            await follower.rejoined.wait()
        await until(ben_is_there)


async def test_who_left_while_redis_did_not_answer_does_not_stay(
    new_bus: NewBus, own_redis: RedisServer
) -> None:
    """Redis still has its field, so it has to be taken out later."""
    bus, other = new_bus(renew_seconds=0.01, bus_answer_seconds=0.1), new_bus()
    await other.check()
    await bus.appear(7, 3, "Ana")
    async with redis_client(own_redis) as client:
        await client.client_pause(500, all=False)  # what writes

    await bus.disappear(7, 3)

    async def nobody_is_there() -> bool:
        return await other.present([7]) == {7: {}}

    async with following(bus):
        await until(nobody_is_there)


async def test_a_board_that_nobody_renews_is_forgotten(new_bus: NewBus, own_redis: RedisServer) -> None:
    await new_bus(lease_seconds=15).appear(7, 3, "Ana")

    async with redis_client(own_redis) as client:
        assert 0 < await client.pttl("watercooler:7:here") <= 60_000
