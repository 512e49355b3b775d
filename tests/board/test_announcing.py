"""Every committed event reaches the hub: at once, or by the announcer whatever happens."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from board import announcing
from board.events import Operation
from board.models import Board, User
from board.models.task import add_task
from board.starting import create_board
from tests.board.fake_hub import Hub
from watercooler import publisher
from watercooler.publisher import HubAway, HubRefused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operation() -> Operation:
    return Operation(by=User.objects.create(username="ana"))


def make_board(operation: Operation, tasks: int) -> Board:
    board = create_board("B", operation)
    for number in range(tasks):
        add_task(board, operation, fields={"name": str(number)})
    return board


def test_a_committed_event_is_posted_by_the_web_process(hub: Hub, operation: Operation) -> None:
    board = create_board("B", operation)

    hub.wait_for(lambda: hub.log == [(board.pk, 1)])


def test_what_is_rolled_back_is_never_announced(hub: Hub, operation: Operation) -> None:
    with transaction.atomic():
        create_board("Never", operation)
        transaction.set_rollback(True)
    kept = create_board("Kept", operation)

    hub.wait_for(lambda: bool(hub.log))
    assert hub.log == [(kept.pk, 1)]


def test_the_announcer_sends_what_the_hub_missed_in_order(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    monkeypatch.setattr(publisher, "EVENTS_A_POST", 2)
    board = make_board(operation, 4)

    call_command("announce", "--once")

    assert hub.log == [(board.pk, seq) for seq in range(1, 6)]
    board.refresh_from_db()
    assert board.announced == 5


def test_what_the_hub_has_is_not_sent_again(hub: Hub, operation: Operation) -> None:
    make_board(operation, 1)
    call_command("announce", "--once")
    hub.answers = [500]

    call_command("announce", "--once")

    assert hub.answers == [500], "the announcer posted although nothing was missing"


def test_a_hub_that_lacks_earlier_events_gets_them(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub was restored to an older state than the board remembers."""
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    board = make_board(operation, 4)
    Board.objects.filter(pk=board.pk).update(announced=4)
    hub.tops[board.pk] = 1

    call_command("announce", "--once")

    assert hub.log == [(board.pk, seq) for seq in range(2, 6)]


def test_large_events_are_posted_a_few_at_a_time(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    monkeypatch.setattr(publisher, "BYTES_A_POST", 2_000)
    board = make_board(operation, 6)

    call_command("announce", "--once")

    assert hub.log == [(board.pk, seq) for seq in range(1, 8)]
    assert hub.posts > 1


def test_a_board_whose_events_are_refused_keeps_no_other_waiting(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    make_board(operation, 1)
    second = make_board(operation, 1)
    hub.answers = [413]

    call_command("announce", "--once")

    assert hub.log == [(second.pk, 1), (second.pk, 2)]


def test_after_a_restore_the_hub_is_told_of_the_new_epoch(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    board = make_board(operation, 3)
    call_command("announce", "--once")
    epoch = board.epoch

    call_command("rewound")

    board.refresh_from_db()
    assert board.epoch != epoch
    assert list(Board.objects.filter(seq__gt=F("announced"))) == [board]


@pytest.mark.parametrize("status", [500, 503, 401])
def test_a_failing_hub_loses_nothing(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    board = make_board(operation, 2)
    hub.answers = [status]

    call_command("announce", "--once")
    assert hub.log == []

    call_command("announce", "--once")
    assert hub.log == [(board.pk, seq) for seq in range(1, 4)]


def test_a_hub_that_is_away_holds_no_change_up(operation: Operation, settings: Any) -> None:
    settings.WATERCOOLER_URL = "http://127.0.0.1:9"

    board = make_board(operation, 1)

    assert Board.objects.get(pk=board.pk).seq == 2
    with pytest.raises(HubAway, match="does not answer"):
        announcing.announce_missing([Board.objects.get(pk=board.pk)])


def test_a_hub_that_never_accepts_is_reported_instead_of_asked_for_ever(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    board = make_board(operation, 1)
    hub.refuses_all = True

    with pytest.raises(HubRefused, match="refuses 2 as the next"):
        announcing.announce_missing([Board.objects.get(pk=board.pk)])
