"""A hub that heard nothing of a removal, since it was started later, lets in only whom the board names."""

from __future__ import annotations

from datetime import timedelta

from tests.watercooler.browser import Browser
from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_events, make_membership, make_ticket
from tests.watercooler.fake_board import FakeBoard
from watercooler.removals import Listing, Removals
from watercooler.tickets import TICKET_LIFETIME
from watercooler.timing import TICKET_GRACE

MOMENT = timedelta(seconds=1)
REFUSAL = {"t": "no", "b": 7, "why": "board"}


async def asker(hub: RunningHub, *, user: int, after: int = 0, age: timedelta = MOMENT) -> Browser:
    """Give a browser that asks for board 7 with a ticket of that age."""
    browser = await hub.browser(user=user)
    await browser.subscribe(after=after, ticket=make_ticket(hub.keys, user=user, now=hub.clock() - age))
    return browser


async def test_an_older_ticket_of_one_who_was_removed_opens_nothing_after_a_restart(
    start_hub: StartHub, board: FakeBoard
) -> None:
    """It says that it knows all, so that the event of the removal is not among what it is sent."""
    board.logs[7] = [*make_events(1, 4), make_membership(5, user=4, is_member=False)]
    board.members = [3]
    started_later = await start_hub()

    first = await asker(started_later, user=4, after=5)
    assert await first.hear() == REFUSAL

    member = await asker(started_later, user=3, after=5)
    assert await member.hear() == {"t": "sub", "b": 7, "s": 5, "n": 0}
    second = await asker(started_later, user=4, after=5)
    assert await second.hear() == REFUSAL


async def test_nothing_is_sent_to_who_waits_and_is_not_named(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7], board.members = make_events(1, 4), [3]

    stranger, member = await asker(hub, user=4), await asker(hub, user=3)

    assert await stranger.hear() == REFUSAL
    assert (await member.hear())["n"] == 4
    await stranger.round_trip()


async def test_who_is_no_longer_named_leaves_at_the_next_question(hub: RunningHub, board: FakeBoard) -> None:
    board.members = [3, 4]
    browser = await asker(hub, user=4)
    assert (await browser.hear())["t"] == "sub"
    hub.clock.advance(MOMENT)

    board.members = [3]
    await hub.hub.poll_all()

    assert await browser.hear() == REFUSAL


async def test_who_was_added_since_the_board_was_asked_is_let_in(hub: RunningHub, board: FakeBoard) -> None:
    board.members = [3]
    await (await asker(hub, user=3)).hear()

    await hub.publish([make_membership(1, user=4, is_member=True)])

    assert await (await asker(hub, user=4, after=1)).hear() == {"t": "sub", "b": 7, "s": 1, "n": 0}


async def test_a_ticket_issued_since_the_board_was_asked_is_good(hub: RunningHub, board: FakeBoard) -> None:
    """The hub has not heard yet of who was added a moment ago."""
    board.members = [3]
    await (await asker(hub, user=3)).hear()

    newcomer = await asker(hub, user=4, age=-MOMENT)

    assert (await newcomer.hear())["t"] == "sub"


async def test_a_board_that_names_nobody_leaves_it_to_the_tickets(hub: RunningHub, board: FakeBoard) -> None:
    browser = await asker(hub, user=4)

    assert board.members is None
    assert (await browser.hear())["t"] == "sub"


async def test_an_answer_with_unreadable_members_lets_nobody_in(hub: RunningHub, board: FakeBoard) -> None:
    board.members = ["3"]  # type: ignore[list-item]
    browser = await asker(hub, user=3)
    await board.asked.wait()

    await browser.round_trip()

    board.members = [3]
    assert (await browser.hear())["t"] == "sub"


def test_whom_a_board_named_is_forgotten_when_every_older_ticket_has_expired(hub: RunningHub) -> None:
    removals = Removals(hub.clock)
    assert removals.learn(7, Listing(frozenset({3}), 1, hub.clock()))
    assert not removals.learn(7, Listing(frozenset({3}), 2, hub.clock()))
    hub.clock.advance(TICKET_LIFETIME + TICKET_GRACE)

    assert removals.learn(8, Listing(frozenset({3}), 1, hub.clock()))

    assert len(removals) == 1
