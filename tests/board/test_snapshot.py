"""Opening a board is one consistent read, cheap however much there is, and free when nothing changed."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from board.events import Operation
from board.models import Board, Column, Task, User
from board.models.task import add_task
from board.snapshot import consistent_read, state
from board.starting import create_board
from tests.board.conftest import SignIn
from watercooler.tickets import read_ticket

pytestmark = pytest.mark.django_db
MakeTask = Callable[..., Task]


@pytest.fixture(autouse=True)
def _the_clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.api.boards.time.time", lambda: 1_800_000_000.0)


def statements(captured: CaptureQueriesContext, *verbs: str) -> list[str]:
    """Return the captured statements that begin with one of `verbs`: not BEGIN, COMMIT and the like."""
    single = [sql for query in captured.captured_queries for sql in query["sql"].split("; ")]
    return [sql for sql in single if sql.startswith(verbs)]


def test_a_snapshot_leaves_out_descriptions_and_archived_tasks(
    api: APIClient, board: Board, make_task: MakeTask
) -> None:
    make_task("kept", description="Long")
    api.patch(f"/api/tasks/{make_task('archived').pk}", {"archived": True})

    tasks = api.get(f"/api/boards/{board.pk}/snapshot").json()["tasks"]

    assert [task["name"] for task in tasks] == ["kept"]
    assert "description" not in tasks[0]


@pytest.mark.parametrize("count", [1, 40])
def test_opening_costs_at_most_eight_queries_however_many_tasks(
    api: APIClient, board: Board, ana: User, make_task: MakeTask, count: int
) -> None:
    for number in range(count):
        make_task(str(number), assignees=[ana.pk])

    with CaptureQueriesContext(connection) as captured:
        assert api.get(f"/api/boards/{board.pk}/snapshot").status_code == 200

    assert len(statements(captured, "SELECT")) <= 8


def test_nothing_new_costs_at_most_two_queries(api: APIClient, board: Board) -> None:
    etag = api.get(f"/api/boards/{board.pk}/snapshot")["ETag"]

    with CaptureQueriesContext(connection) as captured:
        answer = api.get(f"/api/boards/{board.pk}/snapshot", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.content) == (304, b"")
    assert len(statements(captured, "SELECT")) <= 2


def test_a_change_makes_the_etag_another(api: APIClient, board: Board, make_task: MakeTask) -> None:
    etag = api.get(f"/api/boards/{board.pk}/snapshot")["ETag"]
    make_task()

    assert api.get(f"/api/boards/{board.pk}/snapshot", headers={"If-None-Match": etag}).status_code == 200


def test_no_one_gets_the_answer_meant_for_another(
    api: APIClient, board: Board, ben: User, sign_in: SignIn
) -> None:
    """The answer holds a ticket: another person in the same browser must not be told that theirs is fresh."""
    etag = api.get(f"/api/boards/{board.pk}/snapshot")["ETag"]

    answer = sign_in(ben).get(f"/api/boards/{board.pk}/snapshot", headers={"If-None-Match": etag})

    assert answer.status_code == 200
    assert answer.json()["me"] == {"user": ben.pk, "role": "editor"}


def test_the_ticket_opens_this_board_for_this_person(api: APIClient, board: Board, ana: User) -> None:
    from board.announcing import keys

    live = api.get(f"/api/boards/{board.pk}/snapshot").json()["live"]
    renewed = api.post(f"/api/boards/{board.pk}/ticket").json()

    for held in (live, renewed):
        ticket = read_ticket(keys(), held["ticket"])
        assert (ticket.user, ticket.name, ticket.board, ticket.epoch) == (
            ana.pk,
            "Ana Lima",
            board.pk,
            board.epoch,
        )


def test_a_large_snapshot_is_sent_compressed(api: APIClient, board: Board, make_task: MakeTask) -> None:
    for number in range(30):
        make_task(f"Task {number}")

    plain = api.get(f"/api/boards/{board.pk}/snapshot", headers={"Accept-Encoding": "identity"})
    small = api.get(f"/api/boards/{board.pk}/snapshot", headers={"Accept-Encoding": "gzip"})

    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content) / 3


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("/api/tasks", "task"),
        ("/api/columns", "column"),
        ("/api/sprints", "sprint"),
        ("/api/boards", "board"),
    ],
)
def test_no_list_costs_more_queries_for_more_rows(
    api: APIClient, board: Board, make_task: MakeTask, operation: Operation, path: str, make: str
) -> None:
    makers: dict[str, Callable[[], Any]] = {
        "task": make_task,
        "column": lambda: api.post("/api/columns", {"board": board.pk, "name": "C"}),
        "sprint": lambda: api.post("/api/sprints", {"board": board.pk, "name": "S"}),
        "board": lambda: create_board("B", operation),
    }

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get(f"/api/{make}s").status_code == 200
        return len(captured)

    makers[make]()
    few = cost()
    for _ in range(10):
        makers[make]()

    assert cost() == few


def test_no_change_costs_more_queries_for_more_rows(
    api: APIClient, board: Board, ben: User, columns: list[Column], make_task: MakeTask
) -> None:
    """The two changes that touch many tasks at once: a sprint is finished, a member goes."""

    def cost(tasks: int) -> int:
        sprint = api.post("/api/sprints", {"board": board.pk, "name": "S"}).json()["id"]
        member = board.memberships.filter(user=ben).first() or board.memberships.create(
            user=ben, role="editor"
        )
        for _ in range(tasks):
            make_task(sprint=sprint, column=columns[1].pk, assignees=[ben.pk])
        with CaptureQueriesContext(connection) as captured:
            assert api.patch(f"/api/sprints/{sprint}", {"state": "finished"}).status_code == 200
            assert api.delete(f"/api/members/{member.pk}").status_code == 204
        api.post("/api/members", {"board": board.pk, "username": "ben"})
        return len(captured)

    assert cost(12) == cost(2)


def test_a_move_writes_one_task_one_board_and_one_event(
    api: APIClient, columns: list[Column], make_task: MakeTask
) -> None:
    first, second, third = make_task(), make_task(), make_task()
    api.patch(f"/api/tasks/{first.pk}", {"column": columns[1].pk})

    with CaptureQueriesContext(connection) as captured:
        moved = api.patch(f"/api/tasks/{third.pk}", {"column": columns[1].pk, "before": first.pk})

    assert moved.status_code == 200
    changes = statements(captured, "UPDATE", "INSERT", "DELETE")
    written = sorted(sql.replace('"', "").split("board_", 1)[1].split()[0] for sql in changes)
    assert written == ["board", "event", "task"]
    assert second.pk


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_shows_one_moment_although_somebody_writes_meanwhile(
    board: Board, columns: list[Column], operation: Operation
) -> None:
    with consistent_read():
        before = Board.objects.get(pk=board.pk)
        write_elsewhere(lambda: add_task(Board.objects.get(pk=board.pk), operation, fields={"name": "Late"}))
        held = state(before)

    assert (held["seq"], held["tasks"]) == (before.seq, [])
    assert Board.objects.get(pk=board.pk).seq == before.seq + 1


@pytest.mark.django_db(transaction=True)
def test_the_first_read_of_a_process_is_as_good_as_any(board: Board) -> None:
    connection.close()
    connection.__dict__.pop("transaction_mode", None)  # known only after the first connection

    with consistent_read():
        assert Board.objects.get().seq == board.seq


def write_elsewhere(write: Callable[[], object]) -> None:
    """Run `write` over a connection of its own, as another process would."""

    def run() -> None:
        try:
            write()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
