"""Programs sign in with tokens that end, that can be taken back, and that no one can guess."""

import pytest
from django.utils import timezone
from knox.models import get_token_model
from rest_framework.test import APIClient

from board.models import Board, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(ana: User) -> str:
    ana.set_password("a good password")
    ana.save()
    made = APIClient().post("/api/token", {"username": "ana", "password": "a good password"})
    assert made.status_code == 201
    return str(made.json()["token"])


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_a_token_signs_a_program_in(token: str, board: Board) -> None:
    assert with_token(token).get("/api/boards").json()["count"] == 1


def test_a_token_is_kept_as_a_hash_alone(token: str) -> None:
    kept = get_token_model().objects.get()

    assert token not in (kept.digest, kept.token_key)


def test_a_revoked_token_opens_nothing(token: str) -> None:
    assert with_token(token).delete("/api/token").status_code == 204
    assert with_token(token).get("/api/boards").status_code == 401


def test_an_expired_token_opens_nothing(token: str) -> None:
    get_token_model().objects.update(expiry=timezone.now())

    assert with_token(token).get("/api/boards").status_code == 401


def test_a_new_password_ends_every_token(token: str, ana: User) -> None:
    ana.set_password("another password")
    ana.save()

    assert with_token(token).get("/api/boards").status_code == 401


def test_a_person_has_a_limit_of_tokens(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.api.tokens.TOKENS_A_PERSON", 1)

    refused = APIClient().post("/api/token", {"username": "ana", "password": "a good password"})

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many")


def test_a_wrong_password_gets_no_token(ana: User) -> None:
    refused = APIClient().post("/api/token", {"username": "ana", "password": "guess"})

    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


def test_guessing_is_slowed_down(ana: User) -> None:
    guesses = [APIClient().post("/api/token", {"username": "ana", "password": "guess"}) for _ in range(21)]

    assert guesses[-1].status_code == 429
    assert guesses[-1].json()["code"] == "too_fast"
