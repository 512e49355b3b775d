"""A leave to watch that ends while its owner is live: then nothing is heard, and by the others everything."""

import asyncio
from datetime import timedelta

from tests.faults.checker import until, until_level, until_live
from tests.faults.fleet import Fleet
from watercooler.messages import close, revoke
from watercooler.tickets import TICKET_LIFETIME
from watercooler.timing import TICKET_GRACE

A_SECOND = 50
AT_ONCE_SECONDS = 3
LEFT = timedelta(seconds=3)  # of a ticket's life
OBEYED_SECONDS = 2  # one, and one more for a machine that runs other tests too
REVOKED = 4503


async def test_a_ticket_that_expires_ends_one_boards_events_and_a_new_one_brings_them_all(
    fleet: Fleet,
) -> None:
    ledger = fleet.open_board()
    await fleet.start_hubs(2)
    await fleet.crowd(ledger, 20)
    forgetful, careful = [fleet.newcomer(ledger, ticket_age=TICKET_LIFETIME - LEFT) for _ in range(2)]
    await until_live([forgetful, careful])
    careful.ticket_age = timedelta()
    careful.renew()

    async with ledger.written(a_second=A_SECOND):
        lasting = (LEFT + TICKET_GRACE).total_seconds()
        await until(lambda: forgetful.refusals == ["ticket"], "its leave ends", lasting + AT_ONCE_SECONDS)
        held = forgetful.held.seq
        await until(lambda: ledger.top > held + A_SECOND, "more is written")
        assert forgetful.held.seq == held
        forgetful.ticket_age = timedelta()
        forgetful.subscribe()
        await asyncio.sleep(AT_ONCE_SECONDS)

    await until_level([forgetful])
    fleet.viewers.append(careful)
    await fleet.assert_level(within=AT_ONCE_SECONDS)
    assert careful.refusals == []
    assert (forgetful.dials, careful.dials, forgetful.violations) == (1, 1, [])


async def test_a_member_who_is_removed_hears_nothing_more_at_any_hub_and_may_be_added_again(
    fleet: Fleet,
) -> None:
    ledger = fleet.open_board()
    hubs = await fleet.start_hubs(3)
    await fleet.crowd(ledger, 30)
    removed = [fleet.newcomer(ledger, at=hub, user=500, ticket_age=timedelta(seconds=60)) for hub in hubs]
    ledger.admit(500)
    await until_live(removed)

    async with ledger.written(a_second=A_SECOND):
        ledger.remove(500)
        last = ledger.top
        await until(lambda: all(tab.refusals == ["board"] for tab in removed), "all leave", OBEYED_SECONDS)
        assert {tab.held.seq for tab in removed} == {last}
        for tab in removed:
            tab.subscribe()
        await until(
            lambda: all(tab.refusals == ["board"] * 2 for tab in removed), "the old tickets are barred"
        )
        ledger.admit(500)
        await until(lambda: ledger.announced == ledger.top, "all is announced")
        for tab in removed:
            tab.ticket_age = timedelta()
            tab.subscribe()
        await until_live(removed)

    await until_level(removed)
    await fleet.assert_level(within=AT_ONCE_SECONDS)
    assert [tab.violations for tab in removed] == [[], [], []]


async def test_a_revoked_person_is_sent_away_from_every_hub_within_a_second(fleet: Fleet) -> None:
    ledger = fleet.open_board()
    hubs = await fleet.start_hubs(3)
    await fleet.crowd(ledger, 30)
    tabs = [fleet.newcomer(ledger, at=hub, user=500) for hub in hubs]
    await until_live(tabs)

    async with ledger.written(a_second=A_SECOND):
        await fleet.announcer.tell(revoke(500))
        await until(lambda: all(tab.codes == [REVOKED] for tab in tabs), "all are closed", OBEYED_SECONDS)

    await fleet.assert_level(within=AT_ONCE_SECONDS)


async def test_a_closed_board_is_left_by_everybody_at_every_hub_within_a_second(fleet: Fleet) -> None:
    ledger, other = fleet.open_board(7), fleet.open_board(8)
    await fleet.start_hubs(3)
    leaving = [fleet.newcomer(ledger) for _ in range(30)]
    await fleet.crowd(other, 30)
    await until_live(leaving)

    async with other.written(a_second=A_SECOND):
        await fleet.announcer.tell(close(7))
        await until(lambda: all(one.refusals == ["board"] for one in leaving), "all leave", OBEYED_SECONDS)

    await fleet.assert_level(within=AT_ONCE_SECONDS)
