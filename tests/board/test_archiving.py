"""Tasks leave the board, come back to it, and are found."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from board.events import Operation
from board.models import Board, Column, Task, User
from tests.board.conftest import patch

pytestmark = pytest.mark.django_db
MakeTask = Callable[..., Task]


def test_an_archived_task_cannot_be_changed_until_it_is_restored(api: APIClient, make_task: MakeTask) -> None:
    task = make_task()
    patch(api, task, archived=True)

    assert patch(api, task, 409, name="New")["code"] == "archived"
    assert patch(api, task, archived=False, name="New")["name"] == "New"


def test_a_restored_task_needs_room_in_its_column(
    api: APIClient, columns: list[Column], make_task: MakeTask, operation: Operation
) -> None:
    task = make_task(column=columns[1].pk)
    patch(api, task, archived=True)
    make_task(column=columns[1].pk)
    columns[1].revise(operation, fields={"limit": 1})

    assert patch(api, task, 409, archived=False)["code"] == "wip_limit"


def test_a_deleted_task_is_gone(api: APIClient, make_task: MakeTask) -> None:
    task = make_task()

    assert api.delete(f"/api/tasks/{task.pk}").status_code == 204
    assert api.get(f"/api/tasks/{task.pk}").status_code == 404
    assert api.delete(f"/api/tasks/{task.pk}").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("backlog=true", ["later"]),
        ("backlog=false", ["mine", "theirs"]),
        ("assigned=ben", ["theirs"]),
        ("kind=doing", ["theirs"]),
        ("search=min", ["mine"]),
        ("ordering=-name", ["theirs", "mine", "later"]),
        ("archived=true", []),
    ],
)
def test_lists_are_narrowed_as_asked(
    api: APIClient,
    board: Board,
    ben: User,
    columns: list[Column],
    make_task: MakeTask,
    query: str,
    expected: list[str],
) -> None:
    make_task("mine")
    make_task("theirs", column=columns[1].pk, assignees=[ben.pk])
    make_task("later", sprint=None)

    found = api.get(f"/api/tasks?board={board.pk}&{query}").json()

    assert [task["name"] for task in found["results"]] == expected
    assert found["count"] == len(expected)
