"""What a browser may do at /live, and with which code the hub ends the conversation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tornado.httpclient import HTTPClientError
from tornado.websocket import websocket_connect

from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_event, make_ticket
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.raw import UPGRADE, RawClient
from watercooler.connection import BOARDS_AT_MOST, FRAMES_A_SECOND
from watercooler.connections import CONNECTIONS_A_USER
from watercooler.frames import Close
from watercooler.live import FRAME_BYTES_AT_MOST
from watercooler.messages import Keys
from watercooler.outlet import BEHIND_BYTES_AT_MOST
from watercooler.piece import PIECE_BYTES
from watercooler.tickets import TICKET_LIFETIME

MOMENT = timedelta(seconds=1)


async def test_an_event_reaches_everyone_who_watches_its_board(hub: RunningHub) -> None:
    browsers = [await hub.watcher(after=0) for _ in range(3)]

    await hub.publish([make_event(1)])

    for browser in browsers:
        assert (await browser.hear())["s"] == 1


async def test_an_event_reaches_nobody_else(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[8] = []
    browser = await hub.watcher(after=0, board=8)

    await hub.publish([make_event(1, board=7), make_event(1, board=8)])

    assert (await browser.hear())["b"] == 8


async def test_one_connection_may_watch_many_boards(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[8] = []
    browser = await hub.watcher(after=0, board=8)
    await browser.subscribe(after=0, board=7)
    await browser.hear()

    await hub.publish([make_event(1, board=7), make_event(1, board=8)])

    assert {(await browser.hear())["b"] for _ in range(2)} == {7, 8}


async def test_a_long_event_arrives_whole(hub: RunningHub) -> None:
    browser = await hub.watcher(after=0)
    event = make_event(1)
    event["changes"][0]["now"] = {"description": "é" * 64 * 1024}

    await hub.publish([event])

    assert (await browser.hear())["changes"] == event["changes"]


async def test_who_is_silent_is_sent_away(start_hub: StartHub) -> None:
    hub = await start_hub(hello_seconds=0.01)

    assert await (await hub.stranger()).hear_close() == Close.NO_HELLO


async def test_who_said_hello_may_be_silent(start_hub: StartHub) -> None:
    hub = await start_hub(hello_seconds=0.05)
    browser = await hub.browser()

    assert await (await hub.stranger()).hear_close() == Close.NO_HELLO
    await browser.round_trip()


@pytest.mark.parametrize(
    ("ticket_keys", "age", "code"),
    [
        ("ours", TICKET_LIFETIME + MOMENT, Close.TICKET_EXPIRED),
        ("other", timedelta(0), Close.BAD_TICKET),
    ],
)
async def test_a_hello_needs_a_good_ticket(
    hub: RunningHub, ticket_keys: str, age: timedelta, code: Close
) -> None:
    browser = await hub.stranger()
    keys = hub.keys if ticket_keys == "ours" else Keys.random()

    await browser.say(t="hello", v=1, ticket=make_ticket(keys, now=hub.clock() - age))

    assert await browser.hear_close() == code


async def test_a_hello_of_another_version_is_refused(hub: RunningHub) -> None:
    browser = await hub.stranger()

    await browser.say(t="hello", v=2, ticket=make_ticket(hub.keys))

    assert await browser.hear_close() == Close.VERSION


@pytest.mark.parametrize(
    "frame",
    [
        {"t": "sub", "b": 7, "ticket": "x", "after": 0, "e": "first"},
        {"t": "pong"},
        {"t": "dance"},
        {"t": "hello", "v": 1},
    ],
)
async def test_the_first_frame_has_to_be_a_hello(hub: RunningHub, frame: dict[str, object]) -> None:
    browser = await hub.stranger()

    await browser.say(**frame)

    assert await browser.hear_close() == Close.PROTOCOL


async def test_a_second_hello_is_refused(hub: RunningHub) -> None:
    browser = await hub.browser()

    await browser.say(t="hello", v=1, ticket=make_ticket(hub.keys))

    assert await browser.hear_close() == Close.PROTOCOL


async def test_a_frame_of_too_many_bytes_ends_the_connection(hub: RunningHub) -> None:
    browser = await hub.browser()

    await browser.say(t="x" * FRAME_BYTES_AT_MOST)

    assert await browser.hear_close() == 1009  # Tornado's answer, RFC 6455 section 7.4.1


async def test_too_many_frames_in_a_second_end_the_connection(hub: RunningHub) -> None:
    browser = await hub.browser()  # its hello was the first frame

    for _ in range(FRAMES_A_SECOND):
        await browser.say(t="pong")

    assert await browser.hear_close() == Close.TOO_FAST


@pytest.mark.parametrize("kind", [0x9, 0xA], ids=["ping", "pong"])
async def test_frames_that_mean_nothing_here_count_too(hub: RunningHub, kind: int) -> None:
    client = await RawClient.open(hub.port)
    await client.say(UPGRADE)
    assert (await client.hear_answer())[0] == 101

    await client.say(bytes((0x80 | kind, 0x80, 0, 0, 0, 0)) * (FRAMES_A_SECOND + 1))  # RFC 6455, section 5.5

    await client.hear(Close.TOO_FAST.to_bytes(2, "big"))
    await client.close()


async def test_as_many_frames_as_are_allowed_do_not(hub: RunningHub) -> None:
    browser = await hub.browser()

    for _ in range(2):
        hub.clock.advance(MOMENT)
        for _ in range(FRAMES_A_SECOND - 1):
            await browser.say(t="pong")
        await browser.round_trip()


async def test_pages_of_other_sites_may_not_connect(hub: RunningHub) -> None:
    with pytest.raises(HTTPClientError, match="403"):
        await hub.stranger(origin="https://elsewhere.example")


async def test_a_hub_that_goes_down_takes_no_new_socket(hub: RunningHub) -> None:
    await hub.hub.drain()

    with pytest.raises(HTTPClientError, match="503"):
        await websocket_connect(f"ws://127.0.0.1:{hub.port}/live")


async def test_a_board_needs_a_ticket_of_its_own(hub: RunningHub) -> None:
    browser = await hub.browser(user=3)
    good = {"t": "sub", "b": 7, "after": 0, "e": "first"}
    tickets = [
        make_ticket(hub.keys, board=8),
        make_ticket(hub.keys, user=4),
        make_ticket(hub.keys, now=hub.clock() - TICKET_LIFETIME - MOMENT),
        make_ticket(Keys.random()),
        "rubbish",
    ]

    for ticket in tickets:
        await browser.say(**good, ticket=ticket)
        assert await browser.hear() == {"t": "no", "b": 7, "why": "ticket"}


async def test_one_connection_watches_so_many_boards_and_no_more(hub: RunningHub, board: FakeBoard) -> None:
    browser = await hub.browser()
    for number in range(1, BOARDS_AT_MOST + 1):
        board.logs[number] = []
        hub.clock.advance(MOMENT)
        await browser.subscribe(after=0, board=number)
        await browser.hear()

    await browser.subscribe(after=0, board=99)

    assert await browser.hear() == {"t": "no", "b": 99, "why": "too many"}


async def test_one_user_has_so_many_connections_and_no_more(hub: RunningHub) -> None:
    browsers = [await hub.browser(user=3) for _ in range(CONNECTIONS_A_USER)]
    one_more = await hub.stranger()

    await one_more.say(t="hello", v=1, ticket=make_ticket(hub.keys, user=3))

    assert await one_more.hear_close() == Close.TOO_MANY_CONNECTIONS
    await hub.browser(user=4)
    assert browsers[0].socket.close_code is None


async def test_a_connection_that_ended_no_longer_counts(hub: RunningHub) -> None:
    for _ in range(CONNECTIONS_A_USER + 1):
        browser = await hub.browser(user=3)
        browser.socket.close()
        await browser.hear_close()


async def test_who_does_not_read_is_sent_away_and_the_others_hear_all(hub: RunningHub) -> None:
    await hub.watcher(after=0)  # reads nothing more
    reader = await hub.watcher(after=0)
    event_bytes = 256 * 1024
    count = 8 * BEHIND_BYTES_AT_MOST // event_bytes + 40

    for seq in range(1, count + 1):
        event = make_event(seq)
        event["changes"][0]["now"] = {"description": "x" * event_bytes}
        await hub.publish([event])
        assert (await reader.hear())["s"] == seq

    assert [connection.user for connection in hub.hub.connections if connection.boards] == [3]


async def test_a_room_that_everyone_was_sent_away_from_is_forgotten(hub: RunningHub) -> None:
    browser = await hub.watcher(after=0)

    await hub.publish([make_event(1, epoch="second")])

    assert (await browser.hear())["t"] == "reset"
    assert hub.hub.rooms.boards() == []


async def test_who_asks_for_replays_and_does_not_read_them_is_sent_away(hub: RunningHub) -> None:
    """No more than one replay, and what a slow socket may be behind, waits for anybody."""
    events = [make_event(seq) for seq in range(1, 8)]
    for event in events:
        event["changes"][0]["now"] = {"description": "x" * (PIECE_BYTES // 8)}
        await hub.publish([event])
    browser = await hub.browser()

    for _ in range(FRAMES_A_SECOND - 2):
        await browser.subscribe(after=0)

    assert await browser.hear_close() == Close.SLOW


async def test_an_empty_room_is_forgotten(hub: RunningHub) -> None:
    browser = await hub.watcher(after=0)

    browser.socket.close()
    await browser.hear_close()

    assert hub.hub.rooms.boards() == []
