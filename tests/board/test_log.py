"""The log tells everything once, in order, to members and to the hub."""

import pytest
from rest_framework.test import APIClient

from board.announcing import keys
from board.events import Operation
from board.models import Board, Event, User
from board.models.task import add_task
from board.starting import create_board
from watercooler.messages import Keys, parse_events
from watercooler.tickets import issue_hub_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_log(board: Board, operation: Operation) -> Board:
    for number in range(5):
        add_task(board, operation, fields={"name": str(number)})
    return board


def as_hub(keys: Keys) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_hub_token(keys)}")
    return client


def test_the_log_has_no_gap_and_no_repetition(api: APIClient, long_log: Board) -> None:
    log = api.get(f"/api/boards/{long_log.pk}/events?after=1").json()

    assert [event["seq"] for event in log["events"]] == [2, 3, 4, 5, 6, 7]
    assert (log["seq"], log["epoch"]) == (7, long_log.epoch)


def test_a_long_log_is_given_in_pages(api: APIClient, long_log: Board) -> None:
    page = api.get(f"/api/boards/{long_log.pk}/events?after=2&limit=2").json()

    assert [event["seq"] for event in page["events"]] == [3, 4]
    assert page["seq"] == 7


def test_the_end_of_the_log_is_empty(api: APIClient, long_log: Board) -> None:
    assert api.get(f"/api/boards/{long_log.pk}/events?after=7").json()["events"] == []


def test_a_position_ahead_of_the_log_is_gone(api: APIClient, long_log: Board) -> None:
    gone = api.get(f"/api/boards/{long_log.pk}/events?after=8")

    assert (gone.status_code, gone.json()["code"]) == (410, "gone")


def test_where_the_log_was_trimmed_it_says_so(api: APIClient, operation: Operation) -> None:
    trimmed = create_board("Trimmed", operation)
    for number in range(3):
        add_task(trimmed, operation, fields={"name": str(number)})
    Event.objects.filter(board=trimmed, seq__lte=2).delete()

    assert api.get(f"/api/boards/{trimmed.pk}/events?after=1").status_code == 410
    assert api.get(f"/api/boards/{trimmed.pk}/events?after=2").status_code == 200
    Event.objects.filter(board=trimmed).delete()
    assert api.get(f"/api/boards/{trimmed.pk}/events?after=2").status_code == 410


def test_the_hub_reads_any_log_in_the_shape_it_expects(long_log: Board) -> None:
    log = as_hub(keys()).get(f"/api/boards/{long_log.pk}/events?after=0").json()

    assert len(parse_events(log["events"])) == 7


def test_the_hub_alone_is_told_who_may_follow_the_board(
    api: APIClient, long_log: Board, ana: User, ben: User
) -> None:
    log = f"/api/boards/{long_log.pk}/events?after=7"

    assert sorted(as_hub(keys()).get(log).json()["members"]) == [ana.pk, ben.pk]
    assert "members" not in api.get(log).json()


def test_whose_account_is_closed_may_not_follow_the_board(long_log: Board, ana: User, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)

    assert as_hub(keys()).get(f"/api/boards/{long_log.pk}/events?after=7").json()["members"] == [ana.pk]


def test_a_hub_with_another_secret_reads_nothing(long_log: Board) -> None:
    assert as_hub(Keys.random()).get(f"/api/boards/{long_log.pk}/events").status_code == 401


def test_the_hub_may_read_logs_and_nothing_else(long_log: Board) -> None:
    hub = as_hub(keys())

    assert hub.get("/api/boards").status_code == 401
    assert hub.get(f"/api/boards/{long_log.pk}/snapshot").status_code == 401
    assert hub.post("/api/tasks", {"board": long_log.pk, "name": "x"}).status_code == 401


def test_a_board_that_is_not_there_has_no_log(db: None) -> None:
    assert as_hub(keys()).get("/api/boards/987/events").status_code == 404
