"""Who is taken off a board hears of it, and nothing more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.watercooler.browser import Browser
from tests.watercooler.conftest import Clock, RunningHub, StartHub
from tests.watercooler.events import make_event, make_membership, make_ticket
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.redis_server import RedisServer
from watercooler import removals as removals_module
from watercooler.removals import Removals
from watercooler.tickets import TICKET_LIFETIME, Ticket
from watercooler.timing import TICKET_GRACE

MOMENT = timedelta(seconds=1)
REFUSAL = {"t": "no", "b": 7, "why": "board"}


async def watcher(hub: RunningHub, *, user: int, board: int = 7) -> Browser:
    """Give a browser of this user that is live on a board without events."""
    browser = await hub.browser(user=user)
    ticket = make_ticket(hub.keys, user=user, board=board, now=hub.clock())
    await browser.subscribe(after=0, board=board, ticket=ticket)
    assert (await browser.hear())["t"] == "sub"
    return browser


async def test_who_is_taken_off_a_board_is_told_so_and_hears_nothing_more_of_it(hub: RunningHub) -> None:
    gone, stays = await watcher(hub, user=4), await watcher(hub, user=3)

    await hub.publish([make_membership(1, user=4, is_member=False), make_event(2)])

    assert await gone.hear_events(1) == [1]
    assert await gone.hear() == REFUSAL
    await gone.round_trip()
    assert await stays.hear_events(2) == [1, 2]


async def test_other_boards_are_still_followed(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[8] = []
    browser = await watcher(hub, user=4, board=8)

    await hub.publish([make_membership(1, user=4, is_member=False), make_event(1, board=8)])

    assert (await browser.hear())["b"] == 8


async def test_an_older_ticket_opens_the_board_no_more(hub: RunningHub) -> None:
    browser = await hub.browser(user=4)
    ticket = make_ticket(hub.keys, user=4, now=hub.clock())
    await hub.publish([make_membership(1, user=4, is_member=False)])
    hub.clock.advance(TICKET_LIFETIME - MOMENT)

    await browser.subscribe(after=1, ticket=ticket)

    assert await browser.hear() == REFUSAL


async def test_who_is_put_on_the_board_again_may_come_back(hub: RunningHub) -> None:
    browser = await hub.browser(user=4)
    ticket = make_ticket(hub.keys, user=4, now=hub.clock())
    await hub.publish([make_membership(1, user=4, is_member=False)])
    await hub.publish([make_membership(2, user=4, is_member=True)])

    await browser.subscribe(after=2, ticket=ticket)

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 2, "n": 0}


async def test_a_removal_that_nobody_announced_is_found_by_asking(hub: RunningHub, board: FakeBoard) -> None:
    browser = await watcher(hub, user=4)
    board.logs[7] = [make_membership(1, user=4, is_member=False)]

    await hub.hub.poll_all()

    assert await browser.hear_events(1) == [1]
    assert await browser.hear() == REFUSAL


async def test_every_hub_refuses_whom_one_of_them_heard_of(
    start_hub: StartHub, own_redis: RedisServer
) -> None:
    one, two = [await start_hub(redis_url=own_redis.url) for _ in range(2)]
    browser = await watcher(two, user=4)

    await one.publish([make_membership(1, user=4, is_member=False)])

    assert await browser.hear_events(1) == [1]
    assert await browser.hear() == REFUSAL


@pytest.fixture
def removals(clock: Clock) -> Removals:
    return Removals(clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def ticket_of(clock: Clock, *, user: int = 4, board: int = 7) -> Ticket:
    return Ticket(user, "Ben", board, "first", clock.now, clock.now + TICKET_LIFETIME)


def test_a_later_ticket_is_good_although_nobody_told_of_the_return(removals: Removals, clock: Clock) -> None:
    assert removals.note(make_membership(1, user=4, is_member=False)) == [4]
    assert removals.bars(ticket_of(clock))

    clock.advance(MOMENT)

    assert not removals.bars(ticket_of(clock))


def test_another_person_or_board_is_not_meant(removals: Removals, clock: Clock) -> None:
    removals.note(make_membership(1, user=4, is_member=False))

    assert not removals.bars(ticket_of(clock, user=3))
    assert not removals.bars(ticket_of(clock, board=8))


def test_an_older_removal_that_arrives_late_does_not_undo_a_return(removals: Removals, clock: Clock) -> None:
    removals.note(make_membership(2, user=4, is_member=True))

    assert removals.note(make_membership(1, user=4, is_member=False)) == []
    assert not removals.bars(ticket_of(clock))


def test_a_changed_role_removes_nobody(removals: Removals) -> None:
    event = make_membership(1, user=4, is_member=False)
    event["changes"][0]["now"] = {"role": "viewer"}

    assert removals.note(event) == []


def test_an_event_that_names_no_user_removes_nobody(removals: Removals) -> None:
    event = make_membership(1, user=4, is_member=False)
    event["changes"][0]["was"] = {"user": ["4"]}

    assert removals.note(event) == []


def test_a_removal_is_forgotten_when_every_older_ticket_has_expired(removals: Removals, clock: Clock) -> None:
    removals.note(make_membership(1, user=4, is_member=False))
    clock.advance(TICKET_LIFETIME + TICKET_GRACE - MOMENT)
    removals.note(make_event(2))
    assert len(removals) == 1

    clock.advance(MOMENT)
    removals.note(make_event(3))

    assert len(removals) == 0


def test_so_many_removals_are_remembered_and_no_more(
    removals: Removals, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removals_module, "REMEMBERED_AT_MOST", 2)

    for user in (4, 5, 6):
        removals.note(make_membership(user, user=user, is_member=False))

    assert [user for user in (4, 5, 6) if removals.bars(ticket_of(clock, user=user))] == [5, 6]
