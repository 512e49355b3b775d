"""People, a board and clients; and after every test, the proof that no change escaped the log."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from board import announcing
from board.events import Operation
from board.models import Board, Column, Membership, Sprint, Task, User
from board.models.membership import add_member
from board.models.task import add_task
from board.replay import apply
from board.snapshot import state
from board.starting import create_board
from board.wire import Wire
from tests.board.fake_hub import Hub, running_hub

ROLES = ("viewer", "commenter", "editor", "admin")
SignIn = Callable[[User], APIClient]


@pytest.fixture(autouse=True)
def _no_throttle_carries_over() -> None:
    cache.clear()


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create(username="ana", first_name="Ana", last_name="Lima")


@pytest.fixture
def ben(db: None) -> User:
    return User.objects.create(username="ben")


@pytest.fixture
def stranger(db: None) -> User:
    return User.objects.create(username="sam")


@pytest.fixture
def operation(ana: User) -> Operation:
    return Operation(by=ana)


@pytest.fixture
def hub(settings: Any) -> Iterator[Hub]:
    """A hub that the board announces to."""
    with running_hub() as (hub, url):
        settings.WATERCOOLER_URL = url
        announcing._events.cache_clear()  # one that rests after another test's failure drops what it gets
        announcing._controls.cache_clear()
        yield hub


@pytest.fixture
def board(ana: User, ben: User, operation: Operation) -> Iterator[Board]:
    """A board with ana as admin and ben as editor; at the end its log must explain all that it holds."""
    made = create_board("Release", operation)
    add_member(made, ben, Membership.Role.EDITOR, operation)
    stale = fresh(made)
    yield made
    assert replayed(stale, made) == fresh(made), "a change of the board escaped its log"


@pytest.fixture
def columns(board: Board) -> list[Column]:
    """To do, Doing, Done."""
    return list(board.columns.order_by("place"))


@pytest.fixture
def sprint(board: Board) -> Sprint:
    return board.sprints.get()


@pytest.fixture
def make_task(
    board: Board, columns: list[Column], sprint: Sprint, operation: Operation
) -> Callable[..., Task]:
    """Add a task to the first column and the running sprint, unless told otherwise."""

    def make(name: str = "Task", **fields: Any) -> Task:
        whole = {"name": name, "column": columns[0].pk, "sprint": sprint.pk, **fields}
        return add_task(board, operation, fields=whole)

    return make


@pytest.fixture
def sign_in() -> SignIn:
    def make(user: User) -> APIClient:
        client = APIClient()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def api(ana: User, sign_in: SignIn) -> APIClient:
    """What ana, the admin, may do."""
    return sign_in(ana)


def fresh(board: Board) -> Wire:
    return state(Board.objects.get(pk=board.pk))


def replayed(stale: Wire, board: Board) -> Wire:
    """Move a stale snapshot along everything the log has after it."""
    held = stale
    for event in board.events.filter(seq__gt=stale["seq"]).order_by("seq"):
        held = apply(held, event.wire(board.epoch))
    return held


def rows_in_order(board: Board, column: Column) -> list[str]:
    return [row["name"] for row in fresh(board)["tasks"] if row["column"] == column.pk]


def patch(api: APIClient, task: Task, status: int = 200, **fields: Any) -> Any:
    """Change a task over the API and return the answer, which must have this status."""
    answer = api.patch(f"/api/tasks/{task.pk}", fields)
    assert answer.status_code == status, answer.content
    return answer.json()
