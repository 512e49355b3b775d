"""Every route asks who comes: nobody, a stranger, or a member with one of four roles."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver
from rest_framework.test import APIClient

from board.api.urls import urlpatterns
from board.events import Operation
from board.models import Board, Column, Sprint, Task, User
from board.models.membership import add_member
from board.starting import create_board
from tests.board.conftest import ROLES, SignIn

pytestmark = pytest.mark.django_db

READERS, WRITERS, ADMINS = ROLES, ROLES[2:], ROLES[3:]
# method, route as the urls name it, address, body, who may, and what a stranger gets (200: an empty list)
ROUTES: list[tuple[str, str, str, dict[str, Any] | None, tuple[str, ...], int]] = [
    ("GET", "boards", "/api/boards", None, READERS, 200),
    ("GET", "boards/<id:pk>", "/api/boards/{board}", None, READERS, 404),
    ("PATCH", "boards/<id:pk>", "/api/boards/{board}", {"name": "New"}, ADMINS, 404),
    ("GET", "boards/<id:pk>/snapshot", "/api/boards/{board}/snapshot", None, READERS, 404),
    ("GET", "boards/<id:pk>/events", "/api/boards/{board}/events", None, READERS, 404),
    ("POST", "boards/<id:pk>/ticket", "/api/boards/{board}/ticket", {}, READERS, 404),
    ("GET", "columns", "/api/columns", None, READERS, 200),
    ("POST", "columns", "/api/columns", {"board": "{board}", "name": "New"}, WRITERS, 404),
    ("GET", "columns/<id:pk>", "/api/columns/{column}", None, READERS, 404),
    ("PATCH", "columns/<id:pk>", "/api/columns/{column}", {"name": "New"}, WRITERS, 404),
    ("DELETE", "columns/<id:pk>", "/api/columns/{column}", None, WRITERS, 404),
    ("GET", "sprints", "/api/sprints", None, READERS, 200),
    ("POST", "sprints", "/api/sprints", {"board": "{board}", "name": "New"}, WRITERS, 404),
    ("GET", "sprints/<id:pk>", "/api/sprints/{sprint}", None, READERS, 404),
    ("PATCH", "sprints/<id:pk>", "/api/sprints/{sprint}", {"name": "New"}, WRITERS, 404),
    ("DELETE", "sprints/<id:pk>", "/api/sprints/{sprint}", None, WRITERS, 404),
    ("GET", "tasks", "/api/tasks", None, READERS, 200),
    ("POST", "tasks", "/api/tasks", {"board": "{board}", "name": "New"}, WRITERS, 404),
    ("GET", "tasks/<id:pk>", "/api/tasks/{task}", None, READERS, 404),
    ("PATCH", "tasks/<id:pk>", "/api/tasks/{task}", {"name": "New"}, WRITERS, 404),
    ("DELETE", "tasks/<id:pk>", "/api/tasks/{task}", None, WRITERS, 404),
    ("GET", "members", "/api/members", None, READERS, 200),
    ("POST", "members", "/api/members", {"board": "{board}", "username": "new"}, ADMINS, 404),
    ("GET", "members/<id:pk>", "/api/members/{member}", None, READERS, 404),
    ("PATCH", "members/<id:pk>", "/api/members/{member}", {"role": "viewer"}, ADMINS, 404),
    ("DELETE", "members/<id:pk>", "/api/members/{member}", None, ADMINS, 404),
]
# Routes that no board stands behind: everybody who is signed in may use them.
BOARDLESS = {("POST", "boards"), ("GET", ""), ("GET", "users"), ("POST", "token"), ("DELETE", "token")}
PUBLIC = {("GET", "schema"), ("GET", "docs")}
IDS = [f"{method} {route}" for method, route, *_ in ROUTES]


@pytest.fixture
def names(board: Board, columns: list[Column], sprint: Sprint, operation: Operation) -> dict[str, int]:
    """The ids of the things in the addresses; the column, the sprint and the task can be deleted."""
    from board.models.sprint import add_sprint
    from board.models.task import add_task

    User.objects.create(username="new")
    spare = add_sprint(board, operation, fields={"name": "Spare"})
    task = add_task(board, operation, fields={"name": "Task", "sprint": sprint.pk})
    member = board.memberships.exclude(user=operation.by).get()
    return {
        "board": board.pk,
        "column": columns[1].pk,
        "sprint": spare.pk,
        "task": task.pk,
        "member": member.pk,
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_a_member_may_what_the_role_allows_and_no_more(
    board: Board,
    names: dict[str, int],
    stranger: User,
    sign_in: SignIn,
    operation: Operation,
    route: Any,
    role: str,
) -> None:
    add_member(board, stranger, role, operation)
    allowed = role in route[4]
    events = board.events.count()

    status = ask(sign_in(stranger), route, names)

    assert (status < 400) == allowed, status
    if not allowed:
        assert status == 403
        assert board.events.count() == events


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_a_stranger_finds_nothing(
    board: Board, names: dict[str, int], stranger: User, sign_in: SignIn, route: Any
) -> None:
    client = sign_in(stranger)
    events = board.events.count()

    assert ask(client, route, names) == route[5]
    if route[5] == 200:
        assert client.get(route[2]).json()["results"] == []
    assert board.events.count() == events


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_nobody_gets_in_without_signing_in(names: dict[str, int], route: Any) -> None:
    client = APIClient()

    assert ask(client, route, names) == 401


def test_the_walk_leaves_no_route_out() -> None:
    walked = {(method, route) for method, route, *_ in ROUTES} | BOARDLESS | PUBLIC

    assert set(all_routes()) == walked


def ask(client: APIClient, route: Any, names: dict[str, int]) -> int:
    method, _route, address, body, *_ = route
    filled = {name: names["board"] if held == "{board}" else held for name, held in (body or {}).items()}
    call: Callable[..., Any] = getattr(client, method.lower())
    return int(call(address.format(**names), filled or None).status_code)


def all_routes() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for route, view in flat(urlpatterns):
        view_class = getattr(view, "cls", None) or getattr(view, "view_class", None)
        actions = getattr(view, "actions", None) or {
            name: name for name in ("get", "post", "patch", "delete") if hasattr(view_class, name)
        }
        allowed = set(getattr(view_class, "http_method_names", ()))
        found += [(method.upper(), route) for method in actions if method in allowed and method != "head"]
    return found


def flat(patterns: Any, prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            rows += flat(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            while (
                not hasattr(view, "cls") and not hasattr(view, "view_class") and hasattr(view, "__wrapped__")
            ):
                view = view.__wrapped__
            rows.append((route, view))
    return rows


def test_another_boards_objects_are_not_to_be_had(
    stranger: User, sign_in: SignIn, names: dict[str, int]
) -> None:
    """A person with a board of their own gains nothing by it on others."""
    create_board("Own", Operation(by=stranger))
    client = sign_in(stranger)

    assert client.get(f"/api/tasks/{names['task']}").status_code == 404
    assert [row["name"] for row in client.get("/api/boards").json()["results"]] == ["Own"]
    assert client.get(f"/api/tasks?board={names['board']}").json()["results"] == []
    assert client.patch(f"/api/tasks/{names['task']}", {"name": "Mine"}).status_code == 404


def test_a_task_of_mine_cannot_be_added_to_a_board_of_others(
    stranger: User, sign_in: SignIn, names: dict[str, int]
) -> None:
    refused = sign_in(stranger).post("/api/tasks", {"board": names["board"], "name": "Intruder"})

    assert refused.status_code == 404
    assert not Task.objects.filter(name="Intruder").exists()
