"""What the board is answered when it posts events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_event, make_events
from tests.watercooler.redis_server import RedisServer
from watercooler.handlers import BODY_BYTES_AT_MOST
from watercooler.messages import Keys, publish_body


async def test_events_in_order_are_taken(hub: RunningHub) -> None:
    answer = await hub.publish(make_events(5, 7))

    assert (answer.code, orjson.loads(answer.body)) == (200, {"tops": {"7": 7}})


async def test_an_event_taken_before_is_ignored(hub: RunningHub) -> None:
    await hub.publish(make_events(5, 7))

    answer = await hub.publish([make_event(6)])

    assert (answer.code, orjson.loads(answer.body)) == (200, {"tops": {"7": 7}})


async def test_a_gap_is_refused_with_what_the_hub_has(hub: RunningHub) -> None:
    await hub.publish(make_events(5, 7))

    answer = await hub.publish([make_event(9)])

    assert (answer.code, orjson.loads(answer.body)) == (409, {"have": {"7": 7}})


async def test_the_gap_of_one_board_does_not_hold_up_another(hub: RunningHub) -> None:
    await hub.publish([make_event(5, board=7), make_event(1, board=8)])

    refused = await hub.publish([make_event(9, board=7), make_event(2, board=8)])
    repeated = await hub.publish([make_event(3, board=8)])

    assert orjson.loads(refused.body) == {"have": {"7": 5}}
    assert orjson.loads(repeated.body) == {"tops": {"8": 3}}


async def test_a_tampered_body_is_refused(hub: RunningHub) -> None:
    body = publish_body([make_event(1)])

    answer = await hub.post(body.replace(b"task.changed", b"task.removed"), hub.keys.sign(body))

    assert answer.code == 401
    assert "No matching signature" in orjson.loads(answer.body)["error"]


async def test_a_post_without_a_signature_is_refused(hub: RunningHub) -> None:
    answer = await hub.post(publish_body([make_event(1)]), {})

    assert answer.code == 401


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_post_out_of_time_is_refused_with_the_reason(hub: RunningHub, minutes: int) -> None:
    body = publish_body([make_event(1)])
    headers = hub.keys.sign(body, at=datetime.now(UTC) + timedelta(minutes=minutes))

    answer = await hub.post(body, headers)

    assert answer.code == 401
    assert "clock" in orjson.loads(answer.body)["error"]


async def test_a_post_signed_with_a_retired_key_is_refused(hub: RunningHub) -> None:
    body = publish_body([make_event(1)])

    answer = await hub.post(body, Keys.random().sign(body))

    assert answer.code == 401


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "the body is not JSON"),
        (b"[]", "the body is []; expected an object"),
        (b'{"v":2,"events":[]}', "v is 2; expected 1"),
        (b'{"v":1,"events":{}}', "events is {}; expected a list"),
        (b'{"v":1,"events":[{"board":"7"}]}', "events[0].board is '7'; expected a whole number"),
    ],
)
async def test_a_wrong_shape_is_refused_and_named(hub: RunningHub, body: bytes, reason: str) -> None:
    answer = await hub.post(body, hub.keys.sign(body))

    assert answer.code == 400
    assert orjson.loads(answer.body)["error"].startswith(reason)


async def test_a_body_of_too_many_bytes_is_refused_unread(hub: RunningHub) -> None:
    answer = await hub.post(b"x" * (BODY_BYTES_AT_MOST + 1), {})

    assert answer.code == 413


async def test_without_redis_a_post_is_refused_and_the_hub_is_not_ready(
    start_hub: StartHub, own_redis: RedisServer
) -> None:
    hub = await start_hub(redis_url=own_redis.url)
    own_redis.kill()

    answer, ready, health = (
        await hub.publish([make_event(1)]),
        await hub.get("/ready"),
        await hub.get("/health"),
    )

    assert (answer.code, ready.code, health.code) == (503, 503, 200)


async def test_a_hub_with_redis_is_ready(start_hub: StartHub, shared_redis: RedisServer) -> None:
    hub = await start_hub(redis_url=shared_redis.url)

    assert (await hub.get("/ready")).code == 200


async def test_a_hub_that_goes_down_is_not_ready(hub: RunningHub) -> None:
    await hub.hub.drain()

    assert (await hub.get("/ready")).code == 503
