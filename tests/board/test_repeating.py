"""A request may be sent again: the same key does it once, and If-Match refuses what would overwrite."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from board.models import Board, Column, Task, User
from tests.board.conftest import SignIn

pytestmark = pytest.mark.django_db
MakeTask = Callable[..., Task]


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


def test_the_same_key_makes_one_task_and_gives_the_same_answer(api: APIClient, board: Board) -> None:
    body = {"board": board.pk, "name": "Once"}

    first, second = (api.post("/api/tasks", body, headers=key("k1")) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first["Board-Seq"] == second["Board-Seq"]
    assert board.tasks.count() == 1


def test_the_first_answer_is_given_again_although_the_task_went_on(
    api: APIClient, columns: list[Column], make_task: MakeTask
) -> None:
    task = make_task("a")
    move = {"column": columns[1].pk}
    first = api.patch(f"/api/tasks/{task.pk}", move, headers=key("k1")).json()
    api.patch(f"/api/tasks/{task.pk}", {"name": "b", "column": columns[2].pk})

    assert api.patch(f"/api/tasks/{task.pk}", move, headers=key("k1")).json() == first


def test_the_first_answer_is_given_again_although_the_task_is_archived(
    api: APIClient, make_task: MakeTask
) -> None:
    task = make_task("a")
    first = api.patch(f"/api/tasks/{task.pk}", {"name": "b"}, headers=key("k1")).json()
    api.patch(f"/api/tasks/{task.pk}", {"archived": True})

    assert api.patch(f"/api/tasks/{task.pk}", {"name": "b"}, headers=key("k1")).json() == first


def test_a_board_is_made_once_a_key(api: APIClient, ana: User) -> None:
    first, second = (api.post("/api/boards", {"name": "B"}, headers=key("k1")) for _ in range(2))

    assert first.json() == second.json()
    assert Board.objects.count() == 1


def test_a_deletion_is_repeated_without_a_complaint(api: APIClient, columns: list[Column]) -> None:
    path = f"/api/columns/{columns[1].pk}"

    assert [api.delete(path, headers=key("k1")).status_code for _ in range(2)] == [204, 204]


def test_a_key_of_another_request_is_refused(api: APIClient, make_task: MakeTask) -> None:
    task = make_task()
    api.patch(f"/api/tasks/{task.pk}", {"name": "b"}, headers=key("k1"))

    refusal = api.patch(f"/api/tasks/{task.pk}", {"name": "c"}, headers=key("k1"))

    assert (refusal.status_code, refusal.json()["code"]) == (422, "key_reused")


def test_two_people_may_use_the_same_key(
    api: APIClient, ben: User, sign_in: SignIn, make_task: MakeTask
) -> None:
    task = make_task()
    api.patch(f"/api/tasks/{task.pk}", {"name": "b"}, headers=key("k1"))

    assert sign_in(ben).patch(f"/api/tasks/{task.pk}", {"name": "c"}, headers=key("k1")).json()["name"] == "c"


def test_the_event_carries_the_key(api: APIClient, board: Board) -> None:
    api.post("/api/tasks", {"board": board.pk, "name": "Once"}, headers=key("k1"))

    log = api.get(f"/api/boards/{board.pk}/events?after=0").json()
    assert log["events"][-1]["cid"] == "k1"


def patch_at(api: APIClient, task: Task, version: int, **fields: Any) -> Any:
    return api.patch(f"/api/tasks/{task.pk}", fields, headers={"If-Match": f'"{version}"'})


def test_a_change_of_the_same_field_since_is_refused_with_the_task_as_it_is(
    api: APIClient, make_task: MakeTask
) -> None:
    task = make_task("a")
    api.patch(f"/api/tasks/{task.pk}", {"name": "theirs"})

    refusal = patch_at(api, task, task.version, name="mine")

    assert refusal.status_code == 412
    assert list(refusal.json()["fields"]) == ["name"]
    assert refusal.json()["current"]["name"] == "theirs"


def test_a_change_of_another_field_since_is_no_conflict(api: APIClient, make_task: MakeTask) -> None:
    task = make_task("a")
    api.patch(f"/api/tasks/{task.pk}", {"name": "theirs"})

    merged = patch_at(api, task, task.version, estimate=3)

    assert merged.status_code == 200
    assert (merged.json()["name"], merged.json()["estimate"]) == ("theirs", 3)


def test_the_current_version_is_no_conflict(api: APIClient, make_task: MakeTask) -> None:
    task = make_task("a")
    now = api.patch(f"/api/tasks/{task.pk}", {"name": "theirs"}).json()["version"]

    assert patch_at(api, task, now, name="mine").status_code == 200
