"""Boards, columns, sprints and members: made, changed and taken away by their rules."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from board import limits
from board.events import Operation
from board.models import Board, Column, Sprint, Task, User
from board.roles import Role, may
from tests.board.conftest import SignIn, fresh

pytestmark = pytest.mark.django_db
MakeTask = Callable[..., Task]


def answer(response: Any, status: int) -> Any:
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def test_a_new_board_can_be_used_at_once(api: APIClient, ana: User) -> None:
    made = answer(api.post("/api/boards", {"name": "Launch"}), 201)

    held = answer(api.get(f"/api/boards/{made['id']}/snapshot"), 200)
    assert [column["kind"] for column in held["columns"]] == ["todo", "doing", "done"]
    assert [sprint["state"] for sprint in held["sprints"]] == ["active"]
    assert [(member["user"], member["role"]) for member in held["members"]] == [(ana.pk, "admin")]
    assert held["seq"] == 1


def test_a_list_of_boards_says_what_one_is_on_each(board: Board, ben: User, sign_in: SignIn) -> None:
    listed = answer(sign_in(ben).get("/api/boards"), 200)["results"]

    assert [(row["name"], row["role"]) for row in listed] == [("Release", "editor")]


def test_a_board_is_renamed_and_put_away(api: APIClient, board: Board) -> None:
    assert answer(api.patch(f"/api/boards/{board.pk}", {"name": "Better"}), 200)["name"] == "Better"
    assert answer(api.patch(f"/api/boards/{board.pk}", {"archived": True}), 200)["archived"]
    assert answer(api.get("/api/boards?archived=false"), 200)["results"] == []


def test_columns_are_added_renamed_limited_and_reordered(
    api: APIClient, board: Board, columns: list[Column]
) -> None:
    made = answer(
        api.post(
            "/api/columns", {"board": board.pk, "name": "Review", "kind": "doing", "before": columns[2].pk}
        ),
        201,
    )
    answer(api.patch(f"/api/columns/{made['id']}", {"name": "Checking", "limit": 2}), 200)
    answer(api.patch(f"/api/columns/{made['id']}", {"after": columns[0].pk}), 200)

    held = [(column["name"], column["limit"]) for column in fresh(board)["columns"]]
    assert held == [("To do", None), ("Checking", 2), ("Doing", None), ("Done", None)]


def test_a_column_with_tasks_is_neither_deleted_nor_made_another_kind(
    api: APIClient, columns: list[Column], make_task: MakeTask
) -> None:
    make_task()

    refusal = answer(api.delete(f"/api/columns/{columns[0].pk}"), 409)
    assert refusal["message"] == "To do still holds 1 task, open or archived; move or delete it first."
    assert (
        answer(api.patch(f"/api/columns/{columns[0].pk}", {"kind": "done"}), 409)["code"] == "column_in_use"
    )
    assert api.delete(f"/api/columns/{columns[1].pk}").status_code == 204


def test_a_done_column_has_no_limit(api: APIClient, columns: list[Column]) -> None:
    assert "limit" in answer(api.patch(f"/api/columns/{columns[2].pk}", {"limit": 3}), 400)["fields"]


def test_a_sprint_does_not_end_in_the_past_when_that_is_set(api: APIClient, board: Board) -> None:
    past = (timezone.now() - timedelta(days=2)).date().isoformat()

    refusal = answer(api.post("/api/sprints", {"board": board.pk, "name": "Late", "end": past}), 400)

    assert refusal["fields"]["end"] == [f"The end {past} is in the past; choose today or later."]


def test_a_sprint_that_ended_may_still_be_renamed(api: APIClient, board: Board, sprint: Sprint) -> None:
    Sprint.objects.filter(pk=sprint.pk).update(end=date(2020, 1, 1))

    renamed = answer(api.patch(f"/api/sprints/{sprint.pk}", {"name": "Old"}), 200)

    assert renamed["name"] == "Old"
    Sprint.objects.filter(pk=sprint.pk).update(end=None)


def test_today_is_not_past_while_it_lasts_anywhere_on_earth(
    api: APIClient, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = timezone.datetime(2026, 11, 22, 11, 59, tzinfo=timezone.get_current_timezone())  # type: ignore[attr-defined]
    monkeypatch.setattr("board.models.sprint.timezone.now", lambda: noon)

    answer(api.post("/api/sprints", {"board": board.pk, "name": "West", "end": "2026-11-21"}), 201)


def test_a_sprint_does_not_end_before_it_starts(api: APIClient, board: Board) -> None:
    fields = {"board": board.pk, "name": "Odd", "start": "2099-02-01", "end": "2099-01-01"}

    assert "end" in answer(api.post("/api/sprints", fields), 400)["fields"]


def test_finishing_a_sprint_returns_what_is_unfinished_in_one_event(
    api: APIClient, board: Board, columns: list[Column], sprint: Sprint, make_task: MakeTask
) -> None:
    open_task, done = make_task(column=columns[1].pk), make_task(column=columns[2].pk)
    events = board.events.count()

    answer(api.patch(f"/api/sprints/{sprint.pk}", {"state": "finished"}), 200)

    assert board.events.count() == events + 1
    held = {task["id"]: task for task in fresh(board)["tasks"]}
    back = held[open_task.pk]
    assert (back["sprint"], back["column"], back["started"]) == (None, columns[0].pk, None)
    assert held[done.pk]["sprint"] == sprint.pk


def test_a_sprint_with_tasks_is_not_deleted(api: APIClient, sprint: Sprint, make_task: MakeTask) -> None:
    make_task()

    assert answer(api.delete(f"/api/sprints/{sprint.pk}"), 409)["code"] == "sprint_in_use"


def test_an_admin_adds_changes_and_removes_people(
    api: APIClient, board: Board, stranger: User, sign_in: SignIn
) -> None:
    added = answer(api.post("/api/members", {"board": board.pk, "username": "sam", "role": "viewer"}), 201)
    assert sign_in(stranger).get(f"/api/boards/{board.pk}").status_code == 200

    assert answer(api.patch(f"/api/members/{added['id']}", {"role": "editor"}), 200)["role"] == "editor"
    assert api.delete(f"/api/members/{added['id']}").status_code == 204
    assert sign_in(stranger).get(f"/api/boards/{board.pk}").status_code == 404


def test_nobody_is_added_twice_and_nobody_who_is_not_there(api: APIClient, board: Board) -> None:
    assert (
        "username" in answer(api.post("/api/members", {"board": board.pk, "username": "ben"}), 400)["fields"]
    )
    assert (
        "username" in answer(api.post("/api/members", {"board": board.pk, "username": "nemo"}), 400)["fields"]
    )


def test_the_only_admin_cannot_go_or_be_demoted(api: APIClient, board: Board, ana: User) -> None:
    membership = board.memberships.get(user=ana)

    assert answer(api.delete(f"/api/members/{membership.pk}"), 409)["code"] == "last_admin"
    assert answer(api.patch(f"/api/members/{membership.pk}", {"role": "viewer"}), 409)["code"] == "last_admin"


def test_a_member_may_leave_and_their_tasks_are_nobodys(
    board: Board, ana: User, ben: User, sign_in: SignIn, make_task: MakeTask
) -> None:
    task = make_task(assignees=[ana.pk, ben.pk])
    membership = board.memberships.get(user=ben)

    assert sign_in(ben).delete(f"/api/members/{membership.pk}").status_code == 204

    held = next(row for row in fresh(board)["tasks"] if row["id"] == task.pk)
    assert held["assignees"] == [ana.pk]


@pytest.mark.parametrize(
    ("limit", "path", "fields"),
    [
        ("columns_a_board", "/api/columns", {"name": "One more"}),
        ("open_tasks_a_board", "/api/tasks", {"name": "One more"}),
        ("sprints_a_board", "/api/sprints", {"name": "One more"}),
        ("members_a_board", "/api/members", {"username": "sam"}),
    ],
)
def test_what_a_board_holds_has_a_limit_that_is_said(
    api: APIClient,
    board: Board,
    stranger: User,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    path: str,
    fields: dict[str, str],
) -> None:
    for module in ("column", "task", "sprint", "membership"):
        monkeypatch.setattr(f"board.models.{module}.{limit.upper()}", 0, raising=False)

    refusal = answer(api.post(path, {"board": board.pk, **fields}), 409)

    assert refusal["code"] == "too_many"
    assert "0" in refusal["message"]


def test_the_limits_are_what_the_documentation_says() -> None:
    assert (limits.NAME_CHARACTERS, limits.DESCRIPTION_BYTES) == (512, 65_536)
    assert (limits.OPEN_TASKS_A_BOARD, limits.COLUMNS_A_BOARD) == (5_000, 100)


def test_a_person_has_a_limit_of_boards(
    api: APIClient, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("board.models.membership.BOARDS_A_PERSON", 1)

    assert answer(api.post("/api/boards", {"name": "Second"}), 409)["code"] == "too_many"


def test_people_are_found_among_those_one_works_with_or_by_exact_username(
    sign_in: SignIn, board: Board, ben: User, stranger: User
) -> None:
    def found(query: str) -> list[str]:
        return [
            person["username"] for person in answer(sign_in(ben).get(f"/api/users{query}"), 200)["results"]
        ]

    assert found("") == ["ana", "ben"]
    assert found("?search=lim") == ["ana"]
    assert found("?search=sa") == []
    assert found("?search=sam") == ["sam"]


def test_roles_may_what_those_before_them_may() -> None:
    assert [may("editor", needed) for needed in Role.values] == [True, True, True, False]


def test_a_moved_column_says_so_in_the_log(board: Board, columns: list[Column], operation: Operation) -> None:
    from board.places import Beside

    columns[2].revise(operation, fields={}, beside=Beside(columns[0].pk, before=True))

    latest = board.events.order_by("-seq").first()
    assert latest is not None
    assert latest.verb == "column.moved"
