"""People come, get other names and lose their leave; boards and programs learn of it at once."""

import pytest
from django.db import IntegrityError
from django.test import Client
from django.test.utils import override_settings
from rest_framework.test import APIClient

from board.api import failures
from board.errors import Forbidden, Missing
from board.events import Operation
from board.models import Board, Membership, User
from board.models.task import add_task
from tests.board.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="a good password"))
    return client


def test_a_new_name_is_an_event_on_every_board_of_the_person(
    operator: Client, board: Board, ben: User
) -> None:
    page = operator.get(f"/admin/board/user/{ben.pk}/change/")
    form = page.context["adminform"].form
    said = {name: value for name, value in form.initial.items() if isinstance(value, str | bool) and value}

    saved = operator.post(
        f"/admin/board/user/{ben.pk}/change/",
        {**said, "first_name": "Benedict", "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"},
    )

    assert saved.status_code == 302, saved.context and saved.context["errors"]
    latest = board.events.order_by("-seq").first()
    assert latest is not None
    assert latest.verb == "member.changed"
    assert latest.changes[0]["now"] == {"name": "Benedict"}


def test_nobody_whom_a_log_names_is_deleted(operator: Client, ben: User) -> None:
    assert operator.get(f"/admin/board/user/{ben.pk}/delete/").status_code == 403


def test_guessing_at_the_operators_door_is_slowed_down_too(operator: Client) -> None:
    said = {"username": "root", "password": "guess"}
    answers = [Client().post("/admin/login/", said).content.decode() for _ in range(21)]

    assert "Too many tries" in answers[-1]


def test_a_request_that_waited_while_its_sender_was_removed_is_refused(board: Board, ben: User) -> None:
    late = Operation(by=ben, needs=Membership.Role.EDITOR)
    board.memberships.get(user=ben).remove(Operation(by=board.memberships.get(role="admin").user))

    with pytest.raises(Missing):
        add_task(board, late, fields={"name": "Late"})


def test_a_request_that_waited_while_its_sender_was_demoted_is_refused(
    board: Board, ben: User, operation: Operation
) -> None:
    board.memberships.get(user=ben).change_role("viewer", operation)

    with pytest.raises(Forbidden, match="Viewer"):
        add_task(board, Operation(by=ben, needs=Membership.Role.EDITOR), fields={"name": "Late"})


def test_an_archived_board_is_only_looked_at(
    api: APIClient, board: Board, ben: User, sign_in: SignIn
) -> None:
    api.patch(f"/api/boards/{board.pk}", {"archived": True})

    refusal = sign_in(ben).post("/api/tasks", {"board": board.pk, "name": "Late"})
    assert (refusal.status_code, refusal.json()["code"]) == (409, "archived")

    api.patch(f"/api/boards/{board.pk}", {"archived": False})
    assert sign_in(ben).post("/api/tasks", {"board": board.pk, "name": "In time"}).status_code == 201


def test_a_key_that_two_boards_race_for_is_refused_and_no_fault_of_ours() -> None:
    error = IntegrityError('violates unique constraint "event_key_once_a_person"')

    answer = failures.answer(error, {})

    assert answer is not None
    assert answer.status_code == 422


@override_settings(SECURE_SSL_REDIRECT=True)
def test_with_tls_outside_the_hub_still_reads_the_log_inside(board: Board) -> None:
    inside = Client()

    assert inside.get("/health", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert inside.get(f"/api/boards/{board.pk}/events", headers={"host": "127.0.0.1:8000"}).status_code == 401
    assert inside.get("/sign-in").status_code == 301
