"""Redis killed, emptied, set back, cut off or out of earshot: the boards' own logs heal what it loses."""

import asyncio
import contextlib
from typing import Any

import pytest
from redis.asyncio import Redis as RedisClient

from tests.faults.checker import until
from tests.faults.fleet import Fleet
from tests.services import Redis
from tests.watercooler.black_hole import BlackHole

A_SECOND = 100
POLLED_SECONDS = 3  # what is committed without Redis is there by then...
NOTICED_SECONDS = 3  # ...and by then a canary that is not heard shows that a link is lost
BUSY_SECONDS = 1  # more, for a machine that runs other tests too


async def test_while_redis_is_dead_events_come_by_polling_and_afterwards_as_before(
    fleet: Fleet, redis: Redis
) -> None:
    ledger = fleet.open_board()
    await fleet.start_hubs(2)
    await fleet.crowd(ledger, 40)

    async with ledger.written(a_second=A_SECOND):
        await asyncio.sleep(3)  # past any poll of the first seconds
        redis.kill9()
        await asyncio.sleep(6)
        await asyncio.to_thread(redis.start)
        await asyncio.sleep(2)

    await fleet.assert_level(within=POLLED_SECONDS + BUSY_SECONDS)
    assert fleet.announcer.failures


async def test_a_redis_that_is_emptied_under_load_is_not_missed(fleet: Fleet, redis: Redis) -> None:
    ledger = fleet.open_board()
    await fleet.start_hubs(2)
    await fleet.crowd(ledger, 40)

    async with RedisClient.from_url(redis.url) as client, ledger.written(a_second=A_SECOND):
        for _ in range(5):
            await asyncio.sleep(0.3)
            await client.flushall()
            await fleet.crowd(ledger, 4)

    await fleet.assert_level(within=POLLED_SECONDS + BUSY_SECONDS)


async def test_a_failover_to_a_stale_copy_is_filled_up_again(fleet: Fleet, redis: Redis) -> None:
    ledger = fleet.open_board()
    await fleet.start_hubs(2)
    await fleet.crowd(ledger, 40)

    async with RedisClient.from_url(redis.url) as client, ledger.written(a_second=A_SECOND):
        await until(lambda: ledger.announced > 100, "some events are announced")
        copy = await copied(client, f"watercooler:{ledger.number}:*")
        await until(lambda: ledger.announced > 300, "more events are announced")
        async with client.pipeline(transaction=True) as failover:
            failover.flushall()
            for key, value in copy.items():
                failover.restore(key, 0, value)
            await failover.execute()
        await asyncio.sleep(1)
        await fleet.crowd(ledger, 4)

    await fleet.assert_level(within=POLLED_SECONDS + BUSY_SECONDS)
    assert fleet.announcer.asked_for


async def test_subscriptions_that_redis_ends_are_noticed_and_healed(fleet: Fleet, redis: Redis) -> None:
    """Under load the next event shows what was lost; after the last one nothing would."""
    ledger = fleet.open_board()
    await fleet.start_hubs(2)
    await fleet.crowd(ledger, 40)

    async with RedisClient.from_url(redis.url) as client:
        async with ledger.written(a_second=A_SECOND):
            for _ in range(5):
                await asyncio.sleep(0.5)
                await client.client_kill_filter(_type="pubsub")
        for _ in range(3):
            await fleet.assert_level(within=NOTICED_SECONDS + BUSY_SECONDS)
            await client.client_kill_filter(_type="pubsub")
            ledger.write()

    await fleet.assert_level(within=NOTICED_SECONDS + BUSY_SECONDS)


@pytest.mark.parametrize("answers_only", [False, True], ids=["both ways", "towards the hub"])
async def test_a_link_to_redis_that_swallows_everything_is_noticed(
    fleet: Fleet, redis: Redis, answers_only: bool
) -> None:
    ledger = fleet.open_board()
    with contextlib.closing(BlackHole(("127.0.0.1", redis.port)).start()) as hole:
        await fleet.start_hubs(1, REDIS_URL=f"redis://127.0.0.1:{hole.port}/0")
        await fleet.start_hubs(1)
        await fleet.crowd(ledger, 40)

        async with ledger.written(a_second=A_SECOND):
            await asyncio.sleep(1)
            hole.swallow(answers_only=answers_only)
            await asyncio.sleep(10)
            hole.let_through()
            await asyncio.sleep(2)

        await fleet.assert_level(within=NOTICED_SECONDS + POLLED_SECONDS + BUSY_SECONDS)


async def copied(client: RedisClient, pattern: str) -> dict[Any, bytes]:
    """Give the keys of one moment, as a replica holds them."""
    keys: list[Any] = await client.keys(pattern)
    async with client.pipeline(transaction=True) as pipeline:
        for key in keys:
            pipeline.dump(key)
        return dict(zip(keys, await pipeline.execute(), strict=True))
