"""How a hub goes down: clients leave spread out, and what was begun is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import orjson
import pytest

from tests.watercooler.browser import PATIENCE_SECONDS
from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_event
from tests.watercooler.patience import until
from tests.watercooler.raw import RawClient
from tests.watercooler.redis_server import RedisServer
from watercooler import spreading
from watercooler.bus import Appended
from watercooler.frames import Close
from watercooler.memory_bus import MemoryBus
from watercooler.messages import Event, publish_body
from watercooler.spreading import AT_ONCE, PAUSE_SECONDS, spread


async def sent_in_each_moment(count: int, *, seconds: float) -> list[int]:
    """Give how many of so many clients are sent away between two pauses."""
    moments = [0]

    async def pause(_: float) -> None:
        moments.append(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("asyncio.sleep", pause)
        async for _ in spread(range(count), seconds=seconds):
            moments[-1] += 1
    return moments


async def test_few_clients_are_sent_away_at_once() -> None:
    assert await sent_in_each_moment(AT_ONCE, seconds=5) == [AT_ONCE]


async def test_many_are_sent_away_in_equal_batches_over_the_time_there_is() -> None:
    moments = await sent_in_each_moment(10_000, seconds=5)

    assert len(moments) * PAUSE_SECONDS == pytest.approx(5)
    assert set(moments) == {200}


async def test_nobody_to_send_away_takes_no_time() -> None:
    assert await sent_in_each_moment(0, seconds=5) == [0]


async def test_each_client_is_told_to_come_back(hub: RunningHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "AT_ONCE", 1)
    browsers = [await hub.browser() for _ in range(3)]

    await hub.hub.drain()

    assert [await browser.hear_close() for browser in browsers] == [Close.DRAINING] * 3


async def test_a_hub_that_goes_down_is_at_once_not_ready(hub: RunningHub) -> None:
    client = await RawClient.open(hub.port)
    question = b"GET /ready HTTP/1.1\r\nHost: hub\r\n\r\n"
    await client.say(question)
    assert (await client.hear_answer())[0] == 200
    await hub.hub.drain()

    await client.say(question)

    assert (await client.hear_answer())[0] == 503
    await client.close()


async def test_a_post_that_has_begun_is_answered_before_the_end(
    hub: RunningHub,
) -> None:
    """Half of its body comes before the end begins."""
    client = await RawClient.open(hub.port)
    body = publish_body([make_event(1)])
    await begin_post(client, hub.keys.sign(body), size=len(body))
    await client.say(body[:10])

    stopping = asyncio.create_task(hub.service.stop())
    await client.say(body[10:])
    status, _, answer = await client.hear_answer()

    assert (status, orjson.loads(answer)) == (200, {"tops": {"7": 1}})
    await stopping
    await client.close()


async def test_a_post_that_the_bus_is_slow_to_take_is_answered_before_the_end(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = SlowBus(monkeypatch)
    client = await RawClient.open(hub.port)
    body = publish_body([make_event(1)])
    await client.say(head_of_post({**hub.keys.sign(body), "Content-Length": str(len(body))}) + body)
    await bus.was_asked.wait()

    stopping = asyncio.create_task(hub.service.stop())
    bus.may_answer.set()

    assert (await client.hear_answer())[0] == 200
    await stopping
    await client.close()


async def test_a_post_whose_sender_has_gone_is_not_waited_for(hub: RunningHub) -> None:
    client = await RawClient.open(hub.port)
    await begin_post(client, {}, size=9)

    await client.close()

    async with asyncio.timeout(PATIENCE_SECONDS):
        await hub.hub.posts.wait_until_answered()


@pytest.mark.parametrize("turns", range(30))
async def test_a_hub_that_is_stopped_as_it_starts_ends(
    start_hub: StartHub, shared_redis: RedisServer, turns: int
) -> None:
    """Wherever it is on its way to Redis: libraries have swallowed a cancellation there."""
    hub = await start_hub(redis_url=shared_redis.url)
    for _ in range(turns):
        await asyncio.sleep(0)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await hub.service.stop()


@pytest.mark.parametrize("turns", range(8))
async def test_a_hub_that_is_stopped_as_redis_goes_away_ends(
    start_hub: StartHub, own_redis: RedisServer, turns: int
) -> None:
    hub = await start_hub(redis_url=own_redis.url)
    await until(hub.hub.is_joined)
    own_redis.kill()
    for _ in range(turns):
        await asyncio.sleep(0)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await hub.service.stop()


async def begin_post(client: RawClient, signature: dict[str, str], *, size: int) -> None:
    """Send the head of a post, and return when the hub has read it (RFC 9110, 10.1.1)."""
    await client.say(head_of_post({**signature, "Content-Length": str(size), "Expect": "100-continue"}))
    assert (await client.hear_answer())[0] == 100


def head_of_post(headers: dict[str, str]) -> bytes:
    """Give the head of a post with these headers."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /publish HTTP/1.1\r\nHost: hub\r\n{lines}\r\n".encode()


class SlowBus:
    """Takes events only once the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.was_asked, self.may_answer = asyncio.Event(), asyncio.Event()
        append = MemoryBus.append

        async def later(bus: MemoryBus, events: Iterable[Event]) -> Appended:
            self.was_asked.set()
            await self.may_answer.wait()
            return await append(bus, events)

        monkeypatch.setattr(MemoryBus, "append", later)
