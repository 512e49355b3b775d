"""Who is told what people do, over real sockets: on one hub, and on two that share a Redis."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.watercooler.browser import Browser
from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_event, make_membership, make_ticket
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.patience import until
from tests.watercooler.redis_server import RedisServer
from watercooler.frames import Close
from watercooler.says import SAYS_A_SECOND
from watercooler.tickets import TICKET_LIFETIME
from watercooler.timing import TICKET_GRACE

MOMENT = timedelta(seconds=1)
DRAG = {"kind": "dragging", "key": "task:12", "d": {"column": 3}}
STOP = DRAG | {"d": None}


async def come(hub: RunningHub, user: int, *, board: int = 7) -> Browser:
    """Let somebody look at a board."""
    browser = await hub.browser(user=user)
    await browser.subscribe(after=0, board=board, ticket=make_ticket(hub.keys, user=user, board=board))
    assert (await browser.hear())["t"] == "sub"
    return browser


async def say(browser: Browser, what: dict[str, Any], *, board: int = 7) -> None:
    """Say what one does."""
    await browser.say(t="say", b=board, **what)


async def hear_say(browser: Browser) -> dict[str, Any]:
    """Give what the next word is about, having passed over who is there."""
    while (frame := await browser.hear_ephemeral())["t"] != "say":
        continue
    return {name: frame[name] for name in ("u", "kind", "key", "d")}


async def hear_until_stopped(browser: Browser) -> list[int]:
    """Give the x of each word up to the one that takes all back."""
    places = []
    while (word := await hear_say(browser))["d"] is not None:
        places.append(word["d"]["x"])
    return places


async def test_what_one_does_all_others_on_the_board_are_told(hub: RunningHub) -> None:
    """One's own other pages too; the page that says it knows."""
    ana, anas_other, bo = await come(hub, 3), await come(hub, 3), await come(hub, 4)

    await say(ana, DRAG)
    await say(bo, STOP | {"key": "task:1", "d": {}})

    assert await hear_say(bo) == {"u": 3} | DRAG
    assert await hear_say(anas_other) == {"u": 3} | DRAG
    assert (await hear_say(ana))["u"] == 4


async def test_a_word_names_the_connection_that_said_it(hub: RunningHub) -> None:
    ana, bo = await hub.stranger(), await come(hub, 4)
    await ana.say(t="hello", v=1, ticket=make_ticket(hub.keys))
    welcome = await ana.hear()
    await ana.subscribe(after=0)
    await ana.hear()

    await say(ana, DRAG)

    frame = await bo.hear_ephemeral()
    while frame["t"] != "say":
        frame = await bo.hear_ephemeral()
    assert frame == {"t": "say", "b": 7, "u": 3, "from": welcome["conn"]} | DRAG


async def test_who_looks_at_another_board_is_told_nothing(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[8] = []
    ana, cy = await come(hub, 3), await come(hub, 5, board=8)
    await ana.subscribe(after=0, board=8)
    await ana.hear()

    await say(ana, DRAG)
    await say(ana, DRAG | {"key": "task:8"}, board=8)

    assert (await hear_say(cy))["key"] == "task:8"


@pytest.mark.parametrize("has_asked", [False, True])
async def test_who_has_not_been_let_in_says_nothing(
    hub: RunningHub, board: FakeBoard, *, has_asked: bool
) -> None:
    bo = await come(hub, 4)
    stranger = await hub.browser(user=5)
    if has_asked:
        board.may_answer.clear()
        await stranger.subscribe(after=5, ticket=make_ticket(hub.keys, user=5))

    await say(stranger, DRAG)
    await stranger.round_trip()
    await say(await come(hub, 3), DRAG)

    assert (await hear_say(bo))["u"] == 3


async def test_of_too_many_words_the_last_one_arrives(hub: RunningHub) -> None:
    ana, bo = await come(hub, 3), await come(hub, 4)

    for x in range(2 * SAYS_A_SECOND):
        await say(ana, DRAG | {"d": {"x": x}})
    await say(ana, STOP)

    places = await hear_until_stopped(bo)
    assert places[:SAYS_A_SECOND] == list(range(SAYS_A_SECOND))
    assert places == sorted(set(places))


async def test_who_vanishes_takes_back_what_was_said(hub: RunningHub) -> None:
    ana, bo = await come(hub, 3), await come(hub, 4)
    await say(ana, DRAG)
    await say(ana, DRAG | {"key": "task:2"})
    await say(ana, STOP | {"key": "task:2"})

    ana.vanish()

    heard = [await hear_say(bo) for _ in range(4)]
    assert heard[2:] == [{"u": 3} | STOP | {"key": "task:2"}, {"u": 3} | STOP]


async def test_who_is_taken_off_the_board_takes_back_what_was_said(hub: RunningHub) -> None:
    ana, bo = await come(hub, 3), await come(hub, 4)
    await say(ana, DRAG)
    await hear_say(bo)

    await hub.publish([make_membership(1, user=3, is_member=False)])

    assert await hear_say(bo) == {"u": 3} | STOP


async def test_whose_ticket_has_ended_takes_back_what_was_said(start_hub: StartHub) -> None:
    hub = await start_hub(expiry_seconds=0.01)
    ana, bo = await come(hub, 3), await come(hub, 4)
    await say(ana, DRAG)
    await hear_say(bo)
    hub.clock.advance(TICKET_LIFETIME)
    await bo.say(t="ticket", b=7, ticket=make_ticket(hub.keys, user=4, now=hub.clock()))
    await bo.round_trip()

    hub.clock.advance(TICKET_GRACE + MOMENT)

    assert await hear_say(bo) == {"u": 3} | STOP


async def test_what_waits_is_never_said_by_one_who_has_gone(hub: RunningHub) -> None:
    ana, bo = await come(hub, 3), await come(hub, 4)
    for x in range(2 * SAYS_A_SECOND):
        await say(ana, DRAG | {"d": {"x": x}})
    await ana.round_trip()

    ana.vanish()
    await hear_until_stopped(bo)
    await say(await come(hub, 5), DRAG)

    assert (await hear_say(bo))["u"] == 5


async def test_too_long_a_word_ends_the_connection(hub: RunningHub) -> None:
    ana = await come(hub, 3)

    await say(ana, DRAG | {"d": {"text": "x" * 1024}})

    assert await ana.hear_close() == Close.PROTOCOL


async def test_what_one_does_is_told_on_all_hubs(start_hub: StartHub, own_redis: RedisServer) -> None:
    one, two = [await start_hub(redis_url=own_redis.url) for _ in range(2)]
    await until(lambda: one.hub.is_joined() and two.hub.is_joined())
    ana, bo, cy = await come(one, 3), await come(one, 4), await come(two, 5)

    await say(ana, DRAG)
    assert await hear_say(bo) == {"u": 3} | DRAG
    assert await hear_say(cy) == {"u": 3} | DRAG
    ana.vanish()

    assert await hear_say(bo) == {"u": 3} | STOP, "once only, though the hub hears its own whispers"
    assert await hear_say(cy) == {"u": 3} | STOP


async def test_while_redis_is_away_those_on_the_same_hub_are_told(
    start_hub: StartHub, own_redis: RedisServer
) -> None:
    hub = await start_hub(redis_url=own_redis.url)
    ana, bo = await come(hub, 3), await come(hub, 4)

    own_redis.kill()
    await say(ana, DRAG)

    assert await hear_say(bo) == {"u": 3} | DRAG


async def test_a_frame_at_which_the_hub_fails_ends_this_connection_only(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch, nothing_goes_wrong_unseen: list[Any]
) -> None:
    ana, bo = await come(hub, 3), await come(hub, 4)
    subscribe = hub.hub.rooms.subscribe

    def fail(*arguments: Any, **options: Any) -> Any:
        subscribe(*arguments, **options)
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(hub.hub.rooms, "subscribe", fail)
    await ana.subscribe(after=0)

    assert await ana.hear_close() == Close.SERVER_ERROR
    assert len(hub.hub.rooms.members(7)) == 1, "and leaves nobody in a room"
    await hub.publish([make_event(1)])
    assert await bo.hear_events(1) == [1]
    assert not hub.failed.is_set()
    (line,) = [line for line in nothing_goes_wrong_unseen if line["log_level"] == "error"]
    assert (line["event"], line["frame"]) == ("frame failed", "Subscribe")
    nothing_goes_wrong_unseen.remove(line)
