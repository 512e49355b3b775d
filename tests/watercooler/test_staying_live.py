"""Pings, pongs and tickets: how a browser stays live, and notices that it is not."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.watercooler.conftest import RunningHub
from tests.watercooler.events import make_event, make_events, make_ticket
from tests.watercooler.fake_board import FakeBoard
from watercooler import spreading
from watercooler.frames import Close
from watercooler.tickets import TICKET_LIFETIME
from watercooler.timing import TICKET_GRACE

MOMENT = timedelta(seconds=1)


@pytest.fixture
def one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each client a turn of the loop of its own."""
    monkeypatch.setattr(spreading, "AT_ONCE", 1)
    monkeypatch.setattr(spreading, "PAUSE_SECONDS", 0)


async def test_a_ping_says_where_the_boards_stand(hub: RunningHub) -> None:
    browser = await hub.watcher(after=0)
    await hub.publish(make_events(1, 2))
    await browser.hear_events(2)

    await hub.hub.ping_all()

    assert await browser.hear() == {"t": "ping", "tops": {"7": 2}}


async def test_a_ping_names_no_board_that_is_not_confirmed(hub: RunningHub, board: FakeBoard) -> None:
    board.status = 502
    browser = await hub.browser()
    await browser.subscribe(after=0)
    await browser.round_trip()

    await hub.hub.ping_all()

    assert await browser.hear() == {"t": "ping", "tops": {}}


async def test_who_does_not_answer_a_ping_is_sent_away_at_the_next(hub: RunningHub) -> None:
    browser = await hub.browser()

    await hub.hub.ping_all()
    await hub.hub.ping_all()

    assert await browser.hear_close() == Close.NO_PONG


async def test_who_answers_stays(hub: RunningHub) -> None:
    browser = await hub.browser()

    for _ in range(3):
        await hub.hub.ping_all()
        assert (await browser.hear())["t"] == "ping"
        await browser.say(t="pong")
        await browser.round_trip()


@pytest.mark.usefixtures("one_at_once")
async def test_a_round_of_pings_lets_others_have_their_turn(hub: RunningHub) -> None:
    browsers = [await hub.browser() for _ in range(3)]

    pinging = asyncio.create_task(hub.hub.ping_all())
    await asyncio.sleep(0)

    assert [one._owes_pong for one in hub.hub.connections].count(True) == 1
    await pinging
    assert [(await browser.hear())["t"] for browser in browsers] == ["ping"] * 3


@pytest.mark.usefixtures("one_at_once")
async def test_who_is_sent_away_during_a_round_of_pings_is_not_pinged(hub: RunningHub) -> None:
    for _ in range(3):
        await hub.browser()
    everybody = list(hub.hub.connections)
    pinging = asyncio.create_task(hub.hub.ping_all())
    await asyncio.sleep(0)
    later = next(one for one in everybody if not one._owes_pong)

    later.drain()
    await pinging

    assert [one._owes_pong for one in everybody].count(True) == 2


async def test_who_is_behind_a_ping_may_ask_again(hub: RunningHub) -> None:
    browser = await hub.watcher(after=0)
    await hub.publish(make_events(1, 3))
    await browser.hear_events(3)

    await browser.subscribe(after=1)

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 3, "n": 2}
    assert await browser.hear_events(2) == [2, 3]


async def test_an_expired_ticket_ends_its_board_only_and_after_a_grace(
    hub: RunningHub, board: FakeBoard
) -> None:
    board.logs[8] = []
    browser = await hub.watcher(after=0, board=7)
    hub.clock.advance(TICKET_LIFETIME - MOMENT)
    ticket = make_ticket(hub.keys, board=8, now=hub.clock())
    await browser.say(t="sub", b=8, ticket=ticket, after=0, e="first")
    await browser.hear()

    hub.clock.advance(TICKET_GRACE)
    await hub.hub.expire_all()
    await hub.publish([make_event(1, board=7)])
    assert (await browser.hear())["t"] == "ev"
    hub.clock.advance(2 * MOMENT)
    await hub.hub.expire_all()
    await hub.publish([make_event(2, board=7), make_event(1, board=8)])

    assert await browser.hear() == {"t": "no", "b": 7, "why": "ticket"}
    assert (await browser.hear())["b"] == 8


@pytest.mark.usefixtures("one_at_once")
async def test_a_round_of_expiries_lets_others_have_their_turn(hub: RunningHub) -> None:
    browsers = [await hub.watcher(after=0) for _ in range(3)]
    hub.clock.advance(TICKET_LIFETIME + TICKET_GRACE)

    expiring = asyncio.create_task(hub.hub.expire_all())
    await asyncio.sleep(0)

    assert [len(one.boards) for one in hub.hub.connections].count(0) == 1
    await expiring
    assert [(await browser.hear())["t"] for browser in browsers] == ["no"] * 3


async def test_a_renewed_ticket_keeps_its_board(hub: RunningHub) -> None:
    browser = await hub.watcher(after=0)
    hub.clock.advance(TICKET_LIFETIME)
    await browser.say(t="ticket", b=7, ticket=make_ticket(hub.keys, now=hub.clock()))
    await browser.round_trip()

    hub.clock.advance(TICKET_GRACE + MOMENT)
    await hub.hub.expire_all()
    await hub.publish([make_event(1)])

    assert (await browser.hear())["s"] == 1


async def test_a_ticket_of_another_board_renews_nothing(hub: RunningHub) -> None:
    browser = await hub.watcher(after=0)

    await browser.say(t="ticket", b=7, ticket=make_ticket(hub.keys, board=8))

    assert await browser.hear() == {"t": "no", "b": 7, "why": "ticket"}


async def test_who_was_sent_for_a_snapshot_is_not_told_of_tickets_later(
    hub: RunningHub, board: FakeBoard
) -> None:
    browser = await hub.browser()
    await browser.subscribe(after=5, epoch="other")
    assert (await browser.hear())["t"] == "reset"

    hub.clock.advance(TICKET_LIFETIME + TICKET_GRACE + MOMENT)
    await hub.hub.expire_all()

    await browser.round_trip()
