"""How much a room keeps of its board's log: so many events, so many bytes, and never a wrong one."""

from __future__ import annotations

from tests.watercooler.events import make_events
from tests.watercooler.test_room import needed, page, room_at, told
from watercooler.messages import Event
from watercooler.piece import PIECE_BYTES, PIECE_EVENTS
from watercooler.room import AHEAD_BYTES, AHEAD_EVENTS, Page, Room


def large(events: list[Event], *, size: int) -> list[Event]:
    """Make each of these events so many bytes long, and a little more."""
    for event in events:
        event["changes"][0]["now"] = {"description": "x" * size}
    return events


def test_a_room_keeps_no_more_than_its_piece() -> None:
    room = room_at(1, 1)
    for event in make_events(2, PIECE_EVENTS + 2):
        room.hear(event)

    assert room.subscribe("far", after=1, epoch="first") == []
    assert told(room.subscribe("near", after=2, epoch="first"), "near")[0] == "sub 1002+1000"


def test_a_room_keeps_no_more_bytes_than_its_piece() -> None:
    room = room_at(1, 1)
    for event in large(make_events(2, 9), size=PIECE_BYTES // 4):
        room.hear(event)

    assert room.subscribe("far", after=5, epoch="first") == []
    assert told(room.subscribe("near", after=6, epoch="first"), "near")[0] == "sub 9+3"


def test_a_long_piece_serves_who_waits_for_it_before_it_is_shortened() -> None:
    room = room_at(9, 9)
    room.subscribe("far", after=0, epoch="first")
    events = large(make_events(1, 9), size=PIECE_BYTES // 4)

    answer = told(room.merge_log(needed(room), Page("first", 0, tuple(events))), "far")

    assert answer[0] == "sub 9+9"
    assert room.subscribe("again", after=0, epoch="first") == []


def test_of_too_many_events_ahead_the_top_is_not_forgotten() -> None:
    room: Room[str] = Room(7)
    room.subscribe("new", after=0, epoch="first")
    flood: list[Event] = make_events(2, AHEAD_EVENTS + 5)
    for event in flood:
        room.hear(event)

    room.merge_log(needed(room), page(1, 1))

    assert room.heard == flood[-1]["seq"]
    assert room.need() is not None


def test_of_too_many_bytes_ahead_the_top_is_not_forgotten() -> None:
    room = room_at(1, 1)
    for event in large(make_events(3, 10), size=AHEAD_BYTES // 4):
        room.hear(event)

    deliveries = room.merge_log(needed(room), page(2, 7))

    assert told(deliveries, "old") == [f"ev {seq}" for seq in range(2, 11)]
    assert room.need() is None


def test_less_than_the_limit_ahead_is_kept() -> None:
    room = room_at(1, 1)
    for event in large(make_events(3, 10), size=AHEAD_BYTES // 4):
        room.hear(event)

    room.merge_log(needed(room), page(2, 6))

    assert needed(room).after == 6  # 7 was let go, and has to be read
