"""Tasks: what may be said of them, where they may go, and what follows from where they are."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from board.events import Operation
from board.models import Board, Column, Sprint, Task, User
from board.starting import create_board
from tests.board.conftest import SignIn, patch, rows_in_order

pytestmark = pytest.mark.django_db
MakeTask = Callable[..., Task]


def test_a_new_task_without_a_sprint_waits_in_the_backlog_in_the_first_todo_column(
    api: APIClient, board: Board, columns: list[Column]
) -> None:
    made = api.post("/api/tasks", {"board": board.pk, "name": "Write it down"})

    assert made.status_code == 201
    task = made.json()
    assert (task["column"], task["sprint"], task["started"]) == (columns[0].pk, None, None)
    assert made["Board-Seq"] == str(task["version"])


def test_tasks_stand_in_the_order_they_were_added(
    board: Board, columns: list[Column], make_task: MakeTask
) -> None:
    for name in "abc":
        make_task(name)

    assert rows_in_order(board, columns[0]) == ["a", "b", "c"]


@pytest.mark.parametrize(("side", "expected"), [("before", ["c", "a", "b"]), ("after", ["a", "c", "b"])])
def test_a_task_goes_beside_the_one_that_is_named(
    api: APIClient, board: Board, columns: list[Column], make_task: MakeTask, side: str, expected: list[str]
) -> None:
    first, _second, third = (make_task(name) for name in "abc")

    patch(api, third, **{side: first.pk})

    assert rows_in_order(board, columns[0]) == expected


def test_a_task_moved_to_a_column_without_a_neighbour_goes_last(
    api: APIClient, board: Board, columns: list[Column], make_task: MakeTask
) -> None:
    moved = make_task("moved")
    make_task("there", column=columns[1].pk)

    patch(api, moved, column=columns[1].pk)

    assert rows_in_order(board, columns[1]) == ["there", "moved"]


def test_places_stay_short_however_often_one_gap_is_dropped_into(
    api: APIClient,
    board: Board,
    columns: list[Column],
    make_task: MakeTask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("board.places.LONGEST", 6)
    first, *others = (make_task(name) for name in "abc")

    for number in range(60):
        patch(api, others[number % 2], after=first.pk)

    assert rows_in_order(board, columns[0]) == ["a", "c", "b"]
    assert max(len(task.place) for task in board.tasks.all()) <= 7


def test_dropping_a_task_where_it_already_stands_is_no_event(
    api: APIClient, board: Board, make_task: MakeTask
) -> None:
    first, second = make_task("a"), make_task("b")
    before = board.events.count()

    patch(api, first, before=second.pk)

    assert board.events.count() == before


def test_started_and_completed_follow_the_kind_of_the_column(
    api: APIClient, columns: list[Column], make_task: MakeTask
) -> None:
    task = make_task()
    todo, doing, done = columns

    started = patch(api, task, column=doing.pk)
    assert started["started"]
    assert started["completed"] is None

    finished = patch(api, task, column=done.pk)
    assert finished["started"] == started["started"]
    assert finished["completed"]

    reopened = patch(api, task, column=doing.pk)
    assert reopened["started"] == started["started"]
    assert reopened["completed"] is None

    back = patch(api, task, column=todo.pk)
    assert (back["started"], back["completed"]) == (None, None)


def test_a_task_made_in_a_done_column_is_started_and_completed(
    columns: list[Column], make_task: MakeTask
) -> None:
    task = make_task(column=columns[2].pk)

    assert task.started
    assert task.completed


def test_a_backlog_task_is_not_started(api: APIClient, columns: list[Column], make_task: MakeTask) -> None:
    task = make_task(sprint=None)

    refusal = patch(api, task, 409, column=columns[1].pk)

    assert refusal["code"] == "backlog_started"
    assert "Doing" in refusal["message"]
    assert list(refusal["fields"]) == ["column"]


def test_a_backlog_task_starts_when_the_same_change_gives_it_a_sprint(
    api: APIClient, columns: list[Column], sprint: Sprint, make_task: MakeTask
) -> None:
    task = make_task(sprint=None)

    moved = patch(api, task, column=columns[1].pk, sprint=sprint.pk)

    assert moved["started"]


def test_a_started_task_goes_back_to_the_backlog_only_with_a_todo_column(
    api: APIClient, columns: list[Column], make_task: MakeTask
) -> None:
    task = make_task(column=columns[1].pk)

    assert patch(api, task, 409, sprint=None)["code"] == "backlog_started"
    assert patch(api, task, sprint=None, column=columns[0].pk)["started"] is None


def test_a_finished_sprint_takes_no_task(
    api: APIClient, board: Board, sprint: Sprint, make_task: MakeTask, operation: Operation
) -> None:
    task = make_task(sprint=None)
    sprint.revise(operation, fields={"state": "finished"})

    added = api.post("/api/tasks", {"board": board.pk, "name": "Late", "sprint": sprint.pk})

    assert added.status_code == 409
    assert added.json()["code"] == "finished_sprint"
    assert patch(api, task, 409, sprint=sprint.pk)["code"] == "finished_sprint"


def test_a_done_task_keeps_its_sprint(
    api: APIClient, board: Board, columns: list[Column], make_task: MakeTask
) -> None:
    task = make_task(column=columns[2].pk)
    other = api.post("/api/sprints", {"board": board.pk, "name": "Next"}).json()

    assert patch(api, task, 409, sprint=other["id"])["code"] == "done_sprint"
    assert patch(api, task, 409, sprint=None, column=columns[0].pk)["code"] == "done_sprint"


def test_what_was_done_in_a_finished_sprint_stays_done(
    api: APIClient, columns: list[Column], sprint: Sprint, make_task: MakeTask, operation: Operation
) -> None:
    task = make_task(column=columns[2].pk)
    sprint.revise(operation, fields={"state": "finished"})

    assert patch(api, task, 409, column=columns[1].pk)["code"] == "finished_sprint"


def test_a_full_column_refuses_one_more_and_says_how_full_it_is(
    api: APIClient, columns: list[Column], make_task: MakeTask, operation: Operation
) -> None:
    columns[1].revise(operation, fields={"limit": 1})
    make_task(column=columns[1].pk)
    task = make_task()

    refusal = patch(api, task, 409, column=columns[1].pk)

    assert refusal["code"] == "wip_limit"
    assert refusal["message"] == "Doing is full: it holds 1 of at most 1 tasks."


def test_a_task_may_move_within_a_full_column(
    api: APIClient, columns: list[Column], make_task: MakeTask, operation: Operation
) -> None:
    first, second = make_task(column=columns[1].pk), make_task(column=columns[1].pk)
    columns[1].revise(operation, fields={"limit": 2})

    patch(api, second, before=first.pk)


def test_the_backlog_does_not_count_for_a_limit_until_the_sprint_takes_the_task(
    api: APIClient, columns: list[Column], sprint: Sprint, make_task: MakeTask, operation: Operation
) -> None:
    columns[0].revise(operation, fields={"limit": 1})
    waiting = make_task(sprint=None)
    make_task()

    assert patch(api, waiting, 409, sprint=sprint.pk)["code"] == "wip_limit"


def test_members_are_assigned_and_strangers_are_not(
    api: APIClient, ana: User, ben: User, stranger: User, make_task: MakeTask
) -> None:
    task = make_task(assignees=[ana.pk])

    assert patch(api, task, assignees=[ben.pk, ana.pk, ben.pk])["assignees"] == sorted([ana.pk, ben.pk])
    refusal = patch(api, task, 400, assignees=[stranger.pk])
    assert str(stranger.pk) in refusal["fields"]["assignees"][0]
    assert patch(api, task, assignees=[])["assignees"] == []


def test_what_is_on_another_board_cannot_be_named(
    api: APIClient, ana: User, make_task: MakeTask, operation: Operation
) -> None:
    task = make_task()
    other = create_board("Other", operation)
    foreign_column = other.columns.first()
    assert foreign_column

    for fields in (
        {"column": foreign_column.pk},
        {"sprint": other.sprints.get().pk},
        {"before": 999_999},
    ):
        assert patch(api, task, 400, **fields)["fields"].keys() == fields.keys()


def test_a_neighbour_in_another_column_is_refused(
    api: APIClient, columns: list[Column], make_task: MakeTask
) -> None:
    task, elsewhere = make_task(), make_task(column=columns[1].pk)

    assert "before" in patch(api, task, 400, before=elsewhere.pk)["fields"]
    assert patch(api, task, 400, before=task.pk)["code"] == "invalid"


def test_a_viewer_may_look_but_not_change(
    board: Board, stranger: User, sign_in: SignIn, make_task: MakeTask, operation: Operation
) -> None:
    from board.models.membership import add_member

    add_member(board, stranger, "viewer", operation)
    viewer = sign_in(stranger)
    task = make_task()

    assert viewer.get(f"/api/tasks/{task.pk}").status_code == 200
    refusal = patch(viewer, task, 403, name="Mine now")
    assert refusal["message"] == "You are Viewer on this board; that needs Editor or more."
