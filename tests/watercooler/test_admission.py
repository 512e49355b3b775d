"""How many newcomers a hub lets in, and what it tells the others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import orjson
import pytest

from tests.watercooler.conftest import Clock, RunningHub, StartHub
from tests.watercooler.events import make_event
from tests.watercooler.raw import UPGRADE, RawClient
from watercooler import admission, door, metrics
from watercooler.admission import STRANGERS_AT_MOST, Admission

MOMENT = timedelta(seconds=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(hub_of_one: RunningHub) -> AsyncIterator[RawClient]:
    """A connection to a hub that has let in whom it may in this second."""
    await hub_of_one.browser()
    client = await RawClient.open(hub_of_one.port)
    yield client
    await client.close()


@pytest.fixture
async def hub_of_one(start_hub: StartHub) -> RunningHub:
    """A hub that takes in one client a second, by a clock that stands still."""
    return await start_hub(handshakes_a_second=1)


def let_in(admission: Admission) -> int:
    """Knock until the door stays shut."""
    count = 0
    while admission.refusal() is None:
        count += 1
    return count


def test_a_second_lets_in_so_many_and_the_next_as_many_again(clock: Clock) -> None:
    admission = Admission(5, clock=clock)
    assert let_in(admission) == 5

    clock.advance(MOMENT)

    assert let_in(admission) == 5


def test_a_part_of_a_second_lets_in_its_part(clock: Clock) -> None:
    admission = Admission(10, clock=clock)
    let_in(admission)

    clock.advance(MOMENT / 2)

    assert let_in(admission) == 5


def test_a_quiet_hour_is_not_saved_up(clock: Clock) -> None:
    admission = Admission(5, clock=clock)

    clock.advance(timedelta(hours=1))

    assert let_in(admission) == 5


def test_a_clock_that_is_set_back_shuts_nobody_out(clock: Clock) -> None:
    admission = Admission(5, clock=clock)
    let_in(admission)

    clock.advance(-timedelta(hours=1))
    assert admission.refusal() == "rate"
    clock.advance(MOMENT)

    assert let_in(admission) == 5


def test_so_many_strangers_may_wait_and_no_more(clock: Clock) -> None:
    admission = Admission(10 * STRANGERS_AT_MOST, clock=clock)

    admission.strangers.update(range(STRANGERS_AT_MOST))

    assert admission.refusal() == "strangers"


async def test_the_surplus_is_told_when_to_come_back(client: RawClient) -> None:
    await client.say(UPGRADE)

    status, headers, body = await client.hear_answer()

    assert status == 503
    assert 1 <= int(headers["retry-after"]) <= 5
    assert orjson.loads(body) == {"error": "too many at once"}
    assert await client.hear_end() == b""


async def test_a_connection_that_has_asked_for_something_else_is_no_way_around(client: RawClient) -> None:
    await client.say(b"GET /health HTTP/1.1\r\nHost: hub\r\n\r\n")
    assert (await client.hear_answer())[0] == 200

    await client.say(UPGRADE)

    status, headers, _ = await client.hear_answer()
    assert status == 503
    assert 1 <= int(headers["retry-after"]) <= 5


async def test_who_comes_a_second_later_is_let_in(hub_of_one: RunningHub) -> None:
    for _ in range(3):
        await hub_of_one.browser()
        hub_of_one.clock.advance(MOMENT)


async def test_posts_and_operators_are_let_in_all_the_same(hub_of_one: RunningHub, client: RawClient) -> None:
    answer = await hub_of_one.publish([make_event(1)])

    assert (answer.code, (await hub_of_one.get("/ready")).code) == (200, 200)


async def test_who_has_said_hello_or_has_gone_is_no_stranger(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "STRANGERS_AT_MOST", 1)
    for _ in range(2):
        await hub.browser()
    silent = await hub.stranger()
    silent.socket.close()
    await silent.hear_close()

    await hub.stranger()

    client = await RawClient.open(hub.port)
    await client.say(UPGRADE)
    assert (await client.hear_answer())[0] == 503
    await client.close()


async def test_of_plain_connections_only_so_many_are_kept(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PLAIN_AT_MOST", 1)
    question = b"GET /health HTTP/1.1\r\nHost: hub\r\n\r\n"
    first, second, third = [await RawClient.open(hub.port) for _ in range(3)]
    await first.say(question)
    assert (await first.hear_answer())[0] == 200

    await second.say(question)

    assert not await second.hear_end()
    await first.say(question.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    await first.hear_end()
    await third.say(question)
    assert (await third.hear_answer())[0] == 200
    for client in (first, second, third):
        await client.close()


async def test_a_websocket_leaves_its_place_to_another_plain_connection(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PLAIN_AT_MOST", 1)

    for _ in range(3):
        await hub.browser()


async def test_the_refused_are_counted_by_reason(hub_of_one: RunningHub, client: RawClient) -> None:
    before = metrics.REFUSED.labels("rate")._value.get()

    await client.say(UPGRADE)
    await client.hear_answer()

    assert metrics.REFUSED.labels("rate")._value.get() == before + 1
