"""Who cannot open a WebSocket follows a board by server-sent events, and misses as little."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.watercooler.conftest import RunningHub
from tests.watercooler.events import make_event, make_events, make_membership, make_ticket
from tests.watercooler.listener import Stream
from tests.watercooler.patience import until
from watercooler.connections import CONNECTIONS_A_USER
from watercooler.frames import happened, refused, reset, subscribed
from watercooler.messages import publish_body, revoke
from watercooler.outlet import BEHIND_BYTES_AT_MOST
from watercooler.streaming import LAST_CHUNK, event_stream
from watercooler.tickets import TICKET_LIFETIME
from watercooler.timing import TICKET_GRACE

Listen = Callable[..., Awaitable[Stream]]


@pytest.fixture
def listen(hub: RunningHub) -> Iterator[Listen]:
    """Open streams of a user for board 7."""
    streams: list[Stream] = []

    async def open_stream(query: str = "?after=0&e=first", *, user: int = 3, **headers: str) -> Stream:
        ticket = make_ticket(hub.keys, user=user, now=hub.clock())
        streams.append(await Stream.open(hub.port, ticket, query=query, **headers))
        return streams[-1]

    yield open_stream
    for stream in streams:
        stream.vanish()


async def test_what_was_missed_comes_first_and_what_happens_follows(hub: RunningHub, listen: Listen) -> None:
    await hub.publish(make_events(1, 3))
    stream = await listen("?after=1&e=first")

    await stream.hear_live(seq=3, missed=2)
    await hub.publish(make_events(4, 5))

    assert await stream.hear_events(4) == [2, 3, 4, 5]
    assert stream.last_id == "first:7:5"


async def test_the_answer_is_neither_kept_nor_held_back_on_the_way(listen: Listen) -> None:
    stream = await listen()

    assert stream.status == 200
    assert stream.headers["Content-Type"] == "text/event-stream"
    assert stream.headers["Cache-Control"] == "no-store"
    assert stream.headers["X-Accel-Buffering"] == "no"


async def test_who_comes_back_with_the_last_id_has_no_gap_and_nothing_twice(
    hub: RunningHub, listen: Listen
) -> None:
    first = await listen()
    await first.hear_live(seq=0)
    await hub.publish(make_events(1, 2))
    heard = await first.hear_events(2)
    assert first.last_id is not None
    first.vanish()
    await until(lambda: not hub.hub.connections)
    await hub.publish(make_events(3, 4))

    again = await listen("?after=0&e=first", Last_Event_ID=first.last_id)
    await again.hear_live(seq=4, missed=2)
    await hub.publish([make_event(5)])

    assert heard + await again.hear_events(3) == [1, 2, 3, 4, 5]


async def test_who_read_no_further_than_the_answer_to_its_question_misses_nothing_later(
    hub: RunningHub, listen: Listen
) -> None:
    """The id of `sub` is not yet that of the events which follow it."""
    await hub.publish(make_events(1, 3))
    stream = await listen("?after=1&e=first")
    await stream.hear_live(seq=3, missed=2)

    assert stream.last_id == "first:7:1"


async def test_who_else_is_here_is_told_as_well(hub: RunningHub, listen: Listen) -> None:
    stream = await listen()
    await stream.hear_live(seq=0)

    assert await stream.hear_all() == {"t": "here", "b": 7, "all": [{"u": 3, "name": "Ana"}]}


async def test_a_ping_says_where_the_board_stands_and_wants_no_answer(
    hub: RunningHub, listen: Listen
) -> None:
    stream = await listen()
    await stream.hear_live(seq=0)

    await hub.hub.ping_all()
    await hub.hub.ping_all()

    assert [await stream.hear() for _ in range(2)] == [{"t": "ping", "tops": {"7": 0}}] * 2


async def test_a_stream_ends_with_its_ticket(hub: RunningHub, listen: Listen) -> None:
    stream = await listen()
    await stream.hear_live(seq=0)
    hub.clock.advance(TICKET_LIFETIME + TICKET_GRACE)

    await hub.hub.expire_all()

    assert await stream.hear() == {"t": "no", "b": 7, "why": "ticket"}
    await stream.hear_end()
    await until(lambda: not hub.hub.connections)


async def test_a_position_of_another_epoch_is_told_so_and_the_stream_ends(
    hub: RunningHub, listen: Listen
) -> None:
    stream = await listen("?after=0&e=second")

    assert (await stream.hear())["t"] == "welcome"
    assert await stream.hear() == {"t": "reset", "b": 7, "why": "epoch"}
    await stream.hear_end()


async def test_who_is_taken_off_the_board_hears_it_and_nothing_more(hub: RunningHub, listen: Listen) -> None:
    stream = await listen(user=4)
    await stream.hear_live(seq=0)

    await hub.publish([make_membership(1, user=4, is_member=False), make_event(2)])

    assert await stream.hear_events(1) == [1]
    assert await stream.hear() == {"t": "no", "b": 7, "why": "board"}
    await stream.hear_end()


async def test_a_revoked_stream_ends(hub: RunningHub, listen: Listen) -> None:
    stream = await listen(user=4)
    await stream.hear_live(seq=0)
    body = publish_body([], [revoke(4, at=hub.clock())])

    await hub.post(body, hub.keys.sign(body))

    await stream.hear_end()
    assert (await listen(user=4)).status == 403


async def test_a_hub_that_goes_down_ends_its_streams(hub: RunningHub, listen: Listen) -> None:
    stream = await listen()
    await stream.hear_live(seq=0)

    await hub.hub.drain()

    await stream.hear_end()
    await hub.hub.wait_until_empty()


async def test_who_goes_away_is_forgotten(hub: RunningHub, listen: Listen) -> None:
    stream = await listen()
    await stream.hear_live(seq=0)

    stream.vanish()

    await until(lambda: not hub.hub.connections)
    assert hub.hub.rooms.boards() == []
    assert not hub.hub.is_crowded(3)


async def test_who_goes_away_again_and_again_may_always_come_back(hub: RunningHub, listen: Listen) -> None:
    for _ in range(2 * CONNECTIONS_A_USER):
        stream = await listen()
        await stream.hear_live(seq=0)
        stream.vanish()
        await until(lambda: not hub.hub.connections)


async def test_who_reads_too_slowly_is_cut_off_and_resumes(hub: RunningHub, listen: Listen) -> None:
    stream, other = await listen(), await listen(user=4)
    await stream.hear_live(seq=0)
    await other.hear_live(seq=0)
    seq = 0
    while len(hub.hub.connections) == 2:
        seq += 1
        event = make_event(seq)
        event["changes"][0]["now"] = {"name": "x" * (BEHIND_BYTES_AT_MOST // 4)}
        await hub.publish([event])
        assert await other.hear_events(1) == [seq]
        assert seq < 200

    await stream.hear_cut()
    again = await listen(f"?after={seq - 1}&e=first")
    await again.hear_live(seq=seq, missed=1)


async def test_streams_of_one_epoch_share_the_bytes() -> None:
    assert event_stream("first") is event_stream("first")
    assert event_stream("first") is not event_stream("second")


def chunks(data: bytes) -> list[bytes]:
    """Take a chunked body apart."""
    parts: list[bytes] = []
    while data:
        size, _, data = data.partition(b"\r\n")
        parts.append(data[: int(size, 16)])
        data = data[int(size, 16) + 2 :]
    return parts


def test_each_message_is_the_very_frame_of_the_websocket_and_the_last_one_ends_the_stream() -> None:
    encode = event_stream("a:b")
    event = happened(make_event(5))
    replay, no, back = subscribed(7, seq=5, count=2), refused(7, "ticket"), reset(7, "gone")

    assert chunks(encode(event)) == [b"id: a:b:7:5\ndata: %s\n\n" % event]
    assert chunks(encode(replay)) == [b"id: a:b:7:3\ndata: %s\n\n" % replay]
    assert chunks(encode(no)) == [b"data: %s\n\n" % no, b""]
    assert chunks(encode(back)) == [b"data: %s\n\n" % back, b""]
    assert encode(no).endswith(LAST_CHUNK)
