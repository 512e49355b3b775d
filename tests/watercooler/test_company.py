"""Who is told of whom, over real sockets: on one hub, and on two that share a Redis."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.watercooler.browser import Browser
from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_event, make_events, make_membership, make_ticket
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.patience import until
from tests.watercooler.redis_server import RedisServer
from watercooler import company
from watercooler.tickets import TICKET_LIFETIME
from watercooler.timing import TICKET_GRACE

NAMES = {3: "Ana", 4: "Bo", 5: "Cy"}
MOMENT = timedelta(seconds=1)
QUICK = {"gather_seconds": 0.02, "renew_seconds": 0.05}


def listed(*users: int) -> list[dict[str, Any]]:
    """Give people as frames name them."""
    return [{"u": user, "name": NAMES[user]} for user in users]


async def come(hub: RunningHub, user: int, *, board: int = 7) -> Browser:
    """Let somebody look at a board."""
    browser = await hub.browser(user=user)
    await look(browser, user, board=board)
    return browser


async def come_and_be_seen(hub: RunningHub, user: int, *, by: Browser) -> Browser:
    """Let somebody look at a board, of whom one who looks at it is told next."""
    browser = await come(hub, user)
    assert await by.hear_here() == {"b": 7, "in": listed(user)}
    return browser


async def look(browser: Browser, user: int, *, board: int = 7) -> None:
    """Let somebody who is connected look at a board."""
    ticket = make_ticket(browser.keys, user=user, name=NAMES[user], board=board)
    await browser.subscribe(after=0, board=board, ticket=ticket)
    assert (await browser.hear())["t"] == "sub"


@pytest.fixture
async def quick_hub(start_hub: StartHub) -> RunningHub:
    """A hub that tells at once who came."""
    return await start_hub(**QUICK)


@pytest.fixture
async def two_hubs(start_hub: StartHub, own_redis: RedisServer) -> tuple[RunningHub, RunningHub]:
    """Two hubs on one Redis, quick to see that one of them is dead, and to ask the board without Redis."""
    options = {"redis_url": own_redis.url, "lease_seconds": 0.5, "poll_alone_seconds": 0.05} | QUICK
    one, two = await start_hub(**options), await start_hub(**options)
    await until(lambda: one.hub.is_joined() and two.hub.is_joined())
    return one, two


async def test_people_are_told_of_each_other(quick_hub: RunningHub) -> None:
    ana = await come(quick_hub, 3)
    assert await ana.hear_here() == {"b": 7, "all": listed(3)}

    bo = await come(quick_hub, 4)
    assert await bo.hear_here() == {"b": 7, "all": listed(3, 4)}
    assert await ana.hear_here() == {"b": 7, "in": listed(4)}

    bo.vanish()
    assert await ana.hear_here() == {"b": 7, "out": [4]}


async def test_who_is_there_is_told_after_what_was_missed(quick_hub: RunningHub) -> None:
    await quick_hub.publish(make_events(1, 2))
    browser = await quick_hub.browser()

    await browser.subscribe(after=0)

    heard = [await browser.hear_any() for _ in range(4)]
    assert [frame["t"] for frame in heard] == ["sub", "ev", "ev", "here"]


async def test_a_second_page_is_not_mentioned(quick_hub: RunningHub) -> None:
    ana = await come(quick_hub, 3)
    bo, bos_other = await come(quick_hub, 4), await come(quick_hub, 4)
    assert [await ana.hear_here() for _ in range(2)] == [
        {"b": 7, "all": listed(3)},
        {"b": 7, "in": listed(4)},
    ]

    bo.vanish()
    await come_and_be_seen(quick_hub, 5, by=ana)

    bos_other.vanish()
    assert await ana.hear_here() == {"b": 7, "out": [4]}


async def test_in_a_crowd_newcomers_are_told_together_with_the_others(
    quick_hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company, "GREETED_AT_ONCE", 1)
    ana, bo = await come(quick_hub, 3), await come(quick_hub, 4)
    assert await bo.hear_here() == {"b": 7, "all": listed(3, 4)}

    bos_other = await come(quick_hub, 4)

    assert await bos_other.hear_here() == {"b": 7, "all": listed(3, 4)}
    assert await ana.hear_here() == {"b": 7, "all": listed(3)}


async def test_who_looks_at_another_board_is_told_nothing(quick_hub: RunningHub, board: FakeBoard) -> None:
    board.logs[8] = []
    cy = await come(quick_hub, 5, board=8)
    assert await cy.hear_here() == {"b": 8, "all": listed(5)}
    ana = await come(quick_hub, 3)
    await ana.hear_here()
    bo = await come_and_be_seen(quick_hub, 4, by=ana)
    bo.vanish()
    assert await ana.hear_here() == {"b": 7, "out": [4]}

    await look(ana, 3, board=8)

    assert await cy.hear_here() == {"b": 8, "in": listed(3)}


async def test_who_waits_to_be_let_in_is_not_there(quick_hub: RunningHub, board: FakeBoard) -> None:
    ana = await come(quick_hub, 3)
    await ana.hear_here()
    board.may_answer.clear()
    bo = await quick_hub.browser(user=4)
    await bo.subscribe(after=5, ticket=make_ticket(quick_hub.keys, user=4, name="Bo"))
    await bo.round_trip()

    await come(quick_hub, 5)

    assert await ana.hear_here() == {"b": 7, "in": listed(5)}


async def test_who_is_taken_off_the_board_is_gone(quick_hub: RunningHub) -> None:
    ana = await come(quick_hub, 3)
    await ana.hear_here()
    bo = await come_and_be_seen(quick_hub, 4, by=ana)

    await quick_hub.publish([make_membership(1, user=4, is_member=False)])

    assert await ana.hear_here() == {"b": 7, "out": [4]}
    assert bo.socket.close_code is None


async def test_whose_ticket_has_ended_is_gone(start_hub: StartHub) -> None:
    hub = await start_hub(**QUICK, expiry_seconds=0.01)
    await come(hub, 4)
    ana = await come(hub, 3)
    assert await ana.hear_here() == {"b": 7, "all": listed(3, 4)}
    hub.clock.advance(TICKET_LIFETIME)
    await ana.say(t="ticket", b=7, ticket=make_ticket(hub.keys, now=hub.clock()))
    await ana.round_trip()

    hub.clock.advance(TICKET_GRACE + MOMENT)

    assert await ana.hear_here() == {"b": 7, "out": [4]}


async def test_who_asks_for_the_board_again_is_told_everybody_again(quick_hub: RunningHub) -> None:
    ana = await come(quick_hub, 3)
    await ana.hear_here()

    await look(ana, 3)

    assert await ana.hear_here() == {"b": 7, "all": listed(3)}


async def test_who_was_too_far_behind_is_told_everybody_again(quick_hub: RunningHub) -> None:
    ana, bo = await come(quick_hub, 3), await come(quick_hub, 4)
    assert await bo.hear_here() == {"b": 7, "all": listed(3, 4)}
    assert [await ana.hear_here() for _ in range(2)] == [
        {"b": 7, "all": listed(3)},
        {"b": 7, "in": listed(4)},
    ]

    for connection in quick_hub.hub.connections:
        connection.outlet.has_lost = connection.user == 3

    assert await ana.hear_here() == {"b": 7, "all": listed(3, 4)}
    await until(lambda: not any(connection.outlet.has_lost for connection in quick_hub.hub.connections))
    await come_and_be_seen(quick_hub, 5, by=ana)
    assert await bo.hear_here() == {"b": 7, "in": listed(5)}


async def test_an_empty_board_is_forgotten(quick_hub: RunningHub) -> None:
    ana = await come(quick_hub, 3)
    await ana.hear_here()

    ana.vanish()

    await until(lambda: quick_hub.hub.company.boards() == [])


async def test_people_of_two_hubs_are_told_of_each_other(two_hubs: tuple[RunningHub, RunningHub]) -> None:
    one, two = two_hubs
    ana = await come(one, 3)
    assert await ana.hear_here() == {"b": 7, "all": listed(3)}

    bo = await come_and_be_seen(two, 4, by=ana)
    cy = await come(two, 5)
    assert await cy.hear_here() == {"b": 7, "all": listed(3, 4, 5)}
    assert await ana.hear_here() == {"b": 7, "in": listed(5)}

    bo.vanish()
    assert await ana.hear_here() == {"b": 7, "out": [4]}


async def test_who_leaves_one_hub_and_is_still_on_the_other_is_not_mentioned(
    start_hub: StartHub, own_redis: RedisServer
) -> None:
    one, two = [await start_hub(redis_url=own_redis.url, gather_seconds=0.02) for _ in range(2)]
    await until(lambda: one.hub.is_joined() and two.hub.is_joined())
    ana = await come(one, 3)
    await ana.hear_here()
    bo = await come_and_be_seen(one, 4, by=ana)
    bos_other = await come(two, 4)
    assert await bos_other.hear_here() == {"b": 7, "all": listed(3, 4)}

    bo.vanish()
    for _ in range(3):
        cy = await come(one, 5)
        assert await ana.hear_here() == {"b": 7, "in": listed(5)}
        cy.vanish()
        assert await ana.hear_here() == {"b": 7, "out": [5]}

    bos_other.vanish()
    assert await ana.hear_here() == {"b": 7, "out": [4]}


async def test_the_people_of_a_dead_process_leave_when_its_lease_has_ended(
    two_hubs: tuple[RunningHub, RunningHub],
) -> None:
    one, two = two_hubs
    ana = await come(one, 3)
    await ana.hear_here()
    await come_and_be_seen(two, 4, by=ana)

    await two.hub.tasks.stop()  # no more is heard of it, as after kill -9

    assert await ana.hear_here() == {"b": 7, "out": [4]}


async def test_while_redis_is_away_people_see_events_and_who_is_on_their_hub(
    two_hubs: tuple[RunningHub, RunningHub], board: FakeBoard, own_redis: RedisServer
) -> None:
    one, two = two_hubs
    ana = await come(one, 3)
    assert await ana.hear_here() == {"b": 7, "all": listed(3)}
    cy = await come_and_be_seen(two, 5, by=ana)
    bo = await come_and_be_seen(one, 4, by=ana)
    while {"u": 4, "name": "Bo"} not in (await cy.hear_here()).get("in", []):
        continue

    own_redis.kill()
    board.logs[7] = [make_event(1)]
    bo.vanish()
    assert await ana.hear_here() == {"b": 7, "out": [4]}
    bo = await come(one, 4)

    assert await bo.hear_events(1) == [1]
    assert await bo.hear_here() == {"b": 7, "all": listed(3, 4, 5)}
    assert await ana.hear_here() == {"b": 7, "in": listed(4)}


async def test_when_redis_is_back_everybody_is_told_everybody_again(
    two_hubs: tuple[RunningHub, RunningHub], own_redis: RedisServer
) -> None:
    """It is empty, and the other hub may come back to it a moment later."""
    one, two = two_hubs
    ana = await come(one, 3)
    await ana.hear_here()
    await come_and_be_seen(two, 4, by=ana)

    own_redis.kill()
    own_redis.start()

    everybody = (await ana.hear_here())["all"]
    if everybody != listed(3, 4):
        assert everybody == listed(3)
        assert await ana.hear_here() == {"b": 7, "in": listed(4)}
