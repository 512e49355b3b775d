"""Who cannot even read a stream asks again and again, and is answered when there is something to tell."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from tests.watercooler.conftest import RunningHub
from tests.watercooler.events import make_event, make_events, make_ticket
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.listener import Stream, frames_of, poll
from tests.watercooler.patience import until
from watercooler.connections import CONNECTIONS_A_USER
from watercooler.messages import publish_body, revoke
from watercooler.polling import Held

Asking = asyncio.Task[HTTPResponse]
LIVE = {"t": "sub", "b": 7, "s": 0, "n": 0}


class Page:
    """Asks the hub for what comes after a seq."""

    def __init__(self, hub: RunningHub) -> None:
        self.hub = hub
        self.asking: list[Asking] = []

    def ask(self, *, after: int, epoch: str = "first", user: int = 3, more: str = "") -> Asking:
        """Begin to ask."""
        ticket = make_ticket(self.hub.keys, user=user, now=self.hub.clock())
        asking = asyncio.create_task(poll(self.hub.port, ticket, query=f"?after={after}&e={epoch}{more}"))
        self.asking.append(asking)
        return asking

    async def wait(self, *, after: int, user: int = 3) -> Asking:
        """Begin to ask, and return when the hub has heard it and has nothing to tell."""
        asking = self.ask(after=after, user=user)
        await until(lambda: self.is_live(user=user, after=after))
        return asking

    def is_live(self, *, user: int, after: int) -> bool:
        """Say whether the hub has let this user into the room, where nothing is missing."""
        rooms = self.hub.hub.rooms
        return any(one.user == user and rooms.top(7, one) == after for one in self.hub.hub.connections)


@pytest.fixture
async def page(hub: RunningHub) -> AsyncIterator[Page]:
    made = Page(hub)
    yield made
    await hub.hub.ping_all()
    await asyncio.gather(*made.asking)


async def test_what_was_missed_is_told_at_once(hub: RunningHub, page: Page) -> None:
    await hub.publish(make_events(1, 3))

    sub, *events = frames_of(await page.ask(after=1))

    assert sub == {"t": "sub", "b": 7, "s": 3, "n": 2}
    assert [event["s"] for event in events] == [2, 3]


async def test_who_does_not_wait_is_told_at_once_that_nothing_was_missed(page: Page) -> None:
    assert frames_of(await page.ask(after=0, more="&wait=0")) == [LIVE]


async def test_what_happens_is_told_when_it_does(hub: RunningHub, page: Page) -> None:
    asking = await page.wait(after=0)

    await hub.publish([make_event(1)])

    sub, event = frames_of(await asking)
    assert (sub, event["s"]) == (LIVE, 1)


async def test_without_anything_to_tell_the_answer_is_the_next_ping(hub: RunningHub, page: Page) -> None:
    asking = await page.wait(after=0)

    await hub.hub.ping_all()

    assert frames_of(await asking) == [LIVE, {"t": "ping", "tops": {"7": 0}}]


async def test_what_happens_between_two_questions_is_in_the_second_answer(
    hub: RunningHub, page: Page
) -> None:
    heard: list[int] = []
    for seq in range(1, 6):
        asking = await page.wait(after=len(heard))
        await hub.publish([make_event(2 * seq - 1)])
        heard += [frame["s"] for frame in frames_of(await asking) if frame["t"] == "ev"]
        await hub.publish([make_event(2 * seq)])
        heard += [f["s"] for f in frames_of(await page.ask(after=len(heard))) if f["t"] == "ev"]

    assert heard == list(range(1, 11))


async def test_while_the_board_is_away_nobody_is_told_to_be_live(
    hub: RunningHub, page: Page, board: FakeBoard
) -> None:
    board.status = 503
    asking = page.ask(after=0)
    await until(lambda: any(connection.user for connection in hub.hub.connections))

    await hub.hub.ping_all()

    assert frames_of(await asking) == [{"t": "ping", "tops": {}}]


async def test_another_epoch_is_answered_with_a_reset(page: Page) -> None:
    assert frames_of(await page.ask(after=0, epoch="second")) == [{"t": "reset", "b": 7, "why": "epoch"}]


async def test_a_question_of_one_who_is_revoked_is_answered_so(hub: RunningHub, page: Page) -> None:
    asking = await page.wait(after=0, user=4)
    body = publish_body([], [revoke(4, at=hub.clock())])

    await hub.post(body, hub.keys.sign(body))

    assert (await asking).code == 403


async def test_a_hub_that_goes_down_answers_whoever_waits(hub: RunningHub, page: Page) -> None:
    asking = await page.wait(after=0)

    await hub.hub.drain()

    answer = await asking
    assert answer.code == 503
    assert answer.headers["Retry-After"].isdecimal()
    await hub.hub.wait_until_empty()


async def test_who_goes_away_is_forgotten(hub: RunningHub, page: Page) -> None:
    gone = await Stream.ask(hub.port, make_ticket(hub.keys), path="poll", query="?after=0&e=first")
    await until(lambda: page.is_live(user=3, after=0))

    gone.vanish()

    await until(lambda: not hub.hub.connections)
    assert hub.hub.rooms.boards() == []


async def test_an_answer_is_the_end_of_a_connection(hub: RunningHub, page: Page) -> None:
    await hub.publish([make_event(1)])

    for _ in range(2 * CONNECTIONS_A_USER):
        assert len(frames_of(await page.ask(after=0))) == 2

    await until(lambda: not hub.hub.connections)


def test_what_may_be_lost_is_no_reason_for_an_answer_but_part_of_it() -> None:
    held = Held()
    frames: list[Any] = [b'{"t":"welcome"}', b'{"t":"sub","n":0}', b'{"t":"say"}', b'{"t":"ev"}']

    held.write(frames[0] + b"\n" + frames[1] + b"\n")
    held.write(frames[2] + b"\n", ephemeral=True)
    assert not held.is_due.is_set()

    held.write(frames[3] + b"\n")
    assert held.is_due.is_set()
    assert held.frames == frames


def test_what_may_be_lost_is_bounded() -> None:
    held = Held()

    for _ in range(1_000):
        held.write(b"x" * 1_000 + b"\n", ephemeral=True)

    assert len(held.frames) < 40
