"""What a room promises, without a socket: everyone who is in has everything, once, in order."""

from __future__ import annotations

import orjson

from tests.watercooler.events import make_event, make_events
from watercooler.room import Delivery, Need, Page, Room


def told(deliveries: list[Delivery[str]], who: str) -> list[str]:
    """Give what one subscriber is told, shortly: "sub 5+2", "ev 6", "reset epoch"."""
    frames = [orjson.loads(frame) for to in deliveries if who in to.to for frame in to.frames]
    return [_short(frame) for frame in frames]


def page(first: int, last: int, *, epoch: str = "first") -> Page:
    """Give the events from `first` to `last`, as a log or a bus would."""
    return Page(epoch, first - 1, tuple(make_events(first, last, epoch=epoch)))


def room_at(first: int, last: int) -> Room[str]:
    """Give a room that holds these events, and has somebody in it."""
    room: Room[str] = Room(7)
    room.subscribe("old", after=last, epoch="first")
    room.merge_log(needed(room), page(first, last))
    assert list(room.members) == ["old"]
    return room


def needed(room: Room[str]) -> Need[str]:
    """Give what the room lacks, which has to be something."""
    need = room.need()
    assert need is not None
    return need


def test_who_is_up_to_date_is_in_at_once() -> None:
    room = room_at(1, 5)

    assert told(room.subscribe("new", after=5, epoch="first"), "new") == ["sub 5+0"]


def test_who_missed_some_is_sent_them_before_anything_else() -> None:
    room = room_at(1, 5)

    assert told(room.subscribe("new", after=3, epoch="first"), "new") == ["sub 5+2", "ev 4", "ev 5"]


def test_the_next_event_goes_to_all_in_one_delivery() -> None:
    room = room_at(1, 5)
    room.subscribe("new", after=5, epoch="first")

    (delivery,) = room.hear(make_event(6))

    assert delivery.to == ("old", "new")


def test_who_came_after_an_event_is_told_the_next_one() -> None:
    room = room_at(1, 5)
    room.hear(make_event(6))
    room.subscribe("new", after=6, epoch="first")

    (delivery,) = room.hear(make_event(7))

    assert delivery.to == ("old", "new")


def test_who_left_after_an_event_is_told_none_any_more() -> None:
    room = room_at(1, 5)
    room.subscribe("gone", after=5, epoch="first")
    room.hear(make_event(6))
    room.leave("gone")

    (delivery,) = room.hear(make_event(7))

    assert delivery.to == ("old",)


def test_an_event_heard_twice_is_sent_once() -> None:
    room = room_at(1, 5)
    room.hear(make_event(6))

    assert room.hear(make_event(6)) == []


def test_two_events_that_come_in_the_wrong_order_are_sent_in_the_right_one() -> None:
    room = room_at(1, 5)

    assert room.hear(make_event(7)) == []
    assert told(room.hear(make_event(6)), "old") == ["ev 6", "ev 7"]


def test_a_gap_is_read_from_where_the_members_stand() -> None:
    room = room_at(1, 5)
    room.hear(make_event(8))

    need = needed(room)

    assert need.after == 5
    assert told(room.merge_history(need, page(6, 8)), "old") == ["ev 6", "ev 7", "ev 8"]


def test_nobody_is_let_in_while_the_room_has_a_gap() -> None:
    room = room_at(1, 5)
    room.hear(make_event(8))

    assert room.subscribe("new", after=5, epoch="first") == []
    assert told(room.merge_log(needed(room), page(6, 8)), "new") == ["sub 8+3", "ev 6", "ev 7", "ev 8"]


def test_nobody_is_let_in_while_events_may_have_been_lost() -> None:
    room = room_at(1, 5)
    room.doubts += 1

    assert room.subscribe("new", after=5, epoch="first") == []
    assert told(room.merge_history(needed(room), page(6, 6)), "new") == ["sub 6+1", "ev 6"]


def test_a_log_read_before_the_doubt_does_not_settle_it() -> None:
    room = room_at(1, 5)
    room.doubts += 1
    asked_before = needed(room)
    room.doubts += 1

    room.merge_log(asked_before, page(6, 6))

    assert needed(room).after == 6


def test_a_bus_that_knows_less_than_the_room_settles_no_doubt() -> None:
    room = room_at(1, 5)
    room.doubts += 1

    room.merge_history(needed(room), page(3, 4))

    assert room.need() is not None


def test_events_heard_while_somebody_waits_follow_what_was_missed() -> None:
    room: Room[str] = Room(7)
    room.subscribe("new", after=3, epoch="first")
    assert room.hear(make_event(6)) == []

    deliveries = room.merge_log(needed(room), page(4, 5))

    assert told(deliveries, "new") == ["sub 6+3", "ev 4", "ev 5", "ev 6"]


def test_a_history_that_begins_too_late_lets_nobody_in() -> None:
    room: Room[str] = Room(7)
    room.subscribe("new", after=3, epoch="first")

    assert room.merge_history(needed(room), page(9, 10)) == []
    assert needed(room).after == 3
    assert told(room.merge_log(needed(room), page(4, 10)), "new")[0] == "sub 10+7"


def test_one_answer_serves_everyone_who_waits() -> None:
    room: Room[str] = Room(7)
    room.subscribe("one", after=3, epoch="first")
    room.subscribe("two", after=5, epoch="first")

    deliveries = room.merge_log(needed(room), page(4, 6))

    assert told(deliveries, "one") == ["sub 6+3", "ev 4", "ev 5", "ev 6"]
    assert told(deliveries, "two") == ["sub 6+1", "ev 6"]


def test_who_is_ahead_of_the_log_needs_a_snapshot() -> None:
    room = room_at(1, 5)
    room.subscribe("new", after=9, epoch="first")

    assert told(room.merge_log(needed(room), Page("first", 5, ())), "new") == ["reset ahead"]


def test_who_came_after_the_question_is_not_judged_by_its_answer() -> None:
    room = room_at(1, 5)
    room.doubts += 1
    need = needed(room)
    room.subscribe("new", after=6, epoch="first")

    assert told(room.merge_log(need, Page("first", 5, ())), "new") == []
    assert told(room.merge_log(needed(room), page(6, 6)), "new") == ["sub 6+0"]


def test_who_asked_anew_is_not_judged_by_the_answer_to_the_first_question() -> None:
    room = room_at(1, 5)
    room.subscribe("new", after=5, epoch="second")
    need = needed(room)
    room.doubts += 1
    room.subscribe("new", after=9, epoch="first")

    assert told(room.merge_log(need, Page("first", 5, ())), "new") == []


def test_who_stands_where_the_bus_already_is_waits_for_the_gap_to_be_filled() -> None:
    """The log was read before 6 and 7 were written; both the bus and the newcomer know of 7."""
    room = room_at(1, 5)
    room.hear(make_event(7))
    room.subscribe("new", after=7, epoch="first")

    assert told(room.merge_log(needed(room), Page("first", 5, ())), "new") == []
    assert told(room.merge_log(needed(room), page(6, 7)), "new") == ["sub 7+0"]


def test_older_events_that_do_not_reach_the_piece_are_not_put_before_it() -> None:
    room = room_at(4, 5)
    room.subscribe("new", after=1, epoch="first")

    assert told(room.merge_history(needed(room), page(1, 2)), "new") == []
    replay = told(room.merge_log(needed(room), page(2, 5)), "new")
    assert replay == ["sub 5+4", "ev 2", "ev 3", "ev 4", "ev 5"]


def test_who_holds_another_epoch_than_the_log_needs_a_snapshot() -> None:
    room = room_at(1, 5)
    room.subscribe("new", after=5, epoch="second")

    assert told(room.merge_log(needed(room), Page("first", 5, ())), "new") == ["reset epoch"]


def test_the_bus_does_not_decide_which_epoch_is_right() -> None:
    room = room_at(1, 5)
    room.subscribe("new", after=5, epoch="second")

    assert room.merge_history(needed(room), page(1, 9, epoch="second")) == []
    assert told(room.merge_log(needed(room), Page("second", 5, ())), "old") == ["reset epoch"]
    assert list(room.members) == ["new"]


def test_an_epoch_that_the_log_did_not_continue_is_not_taken_from_the_bus_again() -> None:
    room: Room[str] = Room(7)
    room.subscribe("new", after=2, epoch="second")
    room.merge_history(needed(room), page(1, 9))
    assert room.trimmed(needed(room)) == []

    room.merge_history(needed(room), page(1, 9))

    assert needed(room).after == 2
    assert told(room.merge_log(needed(room), Page("second", 2, ())), "new") == ["sub 2+0"]


def test_an_epoch_that_the_board_itself_tells_of_is_taken_from_the_bus_again() -> None:
    room = room_at(1, 5)
    room.trimmed(Need(5, 1, {}))
    room.subscribe("new", after=7, epoch="first")
    room.merge_log(needed(room), Page("first", 9, ()))

    assert told(room.merge_history(needed(room), page(8, 9)), "new") == ["sub 9+2", "ev 8", "ev 9"]


def test_an_event_of_another_epoch_sends_everyone_for_a_snapshot() -> None:
    room = room_at(1, 5)

    assert told(room.hear(make_event(3, epoch="second")), "old") == ["reset epoch"]
    assert room.is_empty()


def test_where_the_log_was_trimmed_only_who_stands_there_needs_a_snapshot() -> None:
    room: Room[str] = Room(7)
    room.subscribe("far", after=3, epoch="first")
    room.subscribe("near", after=9, epoch="first")

    assert told(room.trimmed(needed(room)), "far") == ["reset gone"]
    assert needed(room).after == 9


def test_members_whose_gap_was_trimmed_need_a_snapshot() -> None:
    room = room_at(1, 5)
    room.hear(make_event(8))

    assert told(room.trimmed(needed(room)), "old") == ["reset gone"]


def test_a_board_that_is_no_more_sends_everyone_away() -> None:
    room = room_at(1, 5)

    assert told(room.closed(), "old") == ["no board"]


def test_who_subscribes_again_begins_again() -> None:
    room = room_at(1, 5)

    assert told(room.subscribe("old", after=4, epoch="first"), "old") == ["sub 5+1", "ev 5"]
    assert told(room.hear(make_event(6)), "old") == ["ev 6"]


def test_who_left_is_told_nothing_more() -> None:
    room = room_at(1, 5)
    room.leave("old")

    assert room.hear(make_event(6)) == []


def _short(frame: dict[str, object]) -> str:
    match frame["t"]:
        case "sub":
            return f"sub {frame['s']}+{frame['n']}"
        case "ev":
            return f"ev {frame['s']}"
    return f"{frame['t']} {frame['why']}"
