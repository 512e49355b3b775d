"""Whose leave has ended is cut off everywhere, within a moment, and does not come back by an older ticket."""

from __future__ import annotations

from datetime import timedelta

import orjson

from tests.watercooler.browser import Browser
from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_event, make_ticket
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.redis_server import RedisServer
from watercooler.frames import Close
from watercooler.messages import Control, close, publish_body, revoke

MOMENT = timedelta(seconds=1)
GONE = {"t": "no", "b": 7, "why": "board"}


async def order(hub: RunningHub, *controls: Control) -> int:
    """Post controls as the board does; return the status."""
    body = publish_body([], controls)
    return (await hub.post(body, hub.keys.sign(body))).code


async def watcher(hub: RunningHub, *, user: int = 4, board: int = 7) -> Browser:
    """Give a browser of this user that is live on a board without events."""
    browser = await hub.stranger()
    ticket = make_ticket(hub.keys, user=user, board=board, now=hub.clock())
    await browser.say(t="hello", v=1, ticket=ticket)
    assert (await browser.hear())["t"] == "welcome"
    await browser.subscribe(after=0, board=board, ticket=ticket)
    assert (await browser.hear())["t"] == "sub"
    return browser


async def test_a_revoked_user_is_cut_off_on_every_process(
    start_hub: StartHub, own_redis: RedisServer
) -> None:
    one, two = [await start_hub(redis_url=own_redis.url) for _ in range(2)]
    here, there, other = await watcher(one), await watcher(two), await watcher(two, user=3)

    assert await order(one, revoke(4, at=two.clock())) == 200

    assert await here.hear_close() == Close.REVOKED
    assert await there.hear_close() == Close.REVOKED
    await other.round_trip()


async def test_the_board_of_a_user_alone_can_be_revoked(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[8] = []
    browser, other = await watcher(hub), await watcher(hub, user=3)
    ticket = make_ticket(hub.keys, user=4, board=8, now=hub.clock())
    await browser.subscribe(after=0, board=8, ticket=ticket)
    assert (await browser.hear())["t"] == "sub"

    await order(hub, revoke(4, board=7, at=hub.clock()))
    await hub.publish([make_event(1, board=7), make_event(1, board=8)])

    assert await browser.hear() == GONE
    assert (await browser.hear())["b"] == 8
    assert await other.hear_events(1) == [1]


async def test_a_closed_board_is_closed_to_everybody_on_every_process(
    start_hub: StartHub, own_redis: RedisServer
) -> None:
    one, two = [await start_hub(redis_url=own_redis.url) for _ in range(2)]
    here, there = await watcher(one), await watcher(two, user=3)

    await order(one, close(7, at=two.clock()))

    assert await here.hear() == GONE
    assert await there.hear() == GONE
    await there.subscribe(after=0, ticket=make_ticket(two.keys, now=two.clock()))
    assert await there.hear() == GONE


async def test_a_revoked_ticket_greets_and_opens_nothing(hub: RunningHub) -> None:
    revoked = make_ticket(hub.keys, user=4, now=hub.clock())
    await order(hub, revoke(4, at=hub.clock()))
    hub.clock.advance(MOMENT)
    stranger, back = await hub.stranger(), await watcher(hub)

    await stranger.say(t="hello", v=1, ticket=revoked)
    await back.subscribe(after=0, ticket=revoked)

    assert await stranger.hear_close() == Close.REVOKED
    assert await back.hear() == GONE


async def test_who_came_back_with_a_later_ticket_stays_when_an_older_control_arrives(hub: RunningHub) -> None:
    signed_out = hub.clock()
    hub.clock.advance(MOMENT)
    browser = await watcher(hub)

    await order(hub, revoke(4, at=signed_out), revoke(4, board=7, at=signed_out), close(7, at=signed_out))

    await browser.round_trip()


async def test_a_connection_that_renewed_its_ticket_stays(hub: RunningHub) -> None:
    """The person changed the password on this very page, which then asked for a new ticket."""
    browser, changed = await watcher(hub), hub.clock()
    hub.clock.advance(MOMENT)
    await browser.say(t="ticket", b=7, ticket=make_ticket(hub.keys, user=4, now=hub.clock()))
    await browser.round_trip()

    await order(hub, revoke(4, at=changed))

    await browser.round_trip()


async def test_a_control_that_cannot_reach_every_process_is_refused_and_done_here(
    start_hub: StartHub, own_redis: RedisServer
) -> None:
    hub = await start_hub(redis_url=own_redis.url)
    browser = await watcher(hub)
    own_redis.kill()

    assert await order(hub, revoke(4, at=hub.clock())) == 503

    assert await browser.hear_close() == Close.REVOKED


async def test_a_wrong_control_does_nothing(hub: RunningHub) -> None:
    browser = await watcher(hub)
    body = orjson.dumps({"v": 1, "controls": [{"do": "revoke", "user": 4}]})

    answer = await hub.post(body, hub.keys.sign(body))

    assert answer.code == 400
    assert orjson.loads(answer.body)["error"].startswith("controls[0].at is None")
    await browser.round_trip()
