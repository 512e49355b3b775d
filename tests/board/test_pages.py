"""The pages: who is not signed in signs in first, and a stranger's board is a page that is not there."""

import re

import pytest
from django.test import Client

from board.models import Board, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def test_who_is_not_signed_in_is_asked_to(board: Board) -> None:
    answer = Client().get(f"/boards/{board.pk}/")

    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in?next=/boards/{board.pk}/"


def test_signing_in_leads_to_the_board_one_wanted(ana: User, board: Board) -> None:
    ana.set_password("a good password")
    ana.save()
    browser = Client()

    answer = browser.post(
        f"/sign-in?next=/boards/{board.pk}/", {"username": "ana", "password": "a good password"}
    )

    assert answer["Location"] == f"/boards/{board.pk}/"
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_wrong_password_is_said_and_signs_nobody_in(ana: User) -> None:
    browser = Client()

    answer = browser.post("/sign-in", {"username": "ana", "password": "guess"})

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_guessing_at_a_password_is_slowed_down_for_that_person_alone(ana: User, ben: User) -> None:
    ana.set_password("a good password")
    ana.save()
    for _ in range(20):
        Client().post("/sign-in", {"username": "ana", "password": "guess"})

    late = Client().post("/sign-in", {"username": "ana", "password": "a good password"})
    other = Client().post("/sign-in", {"username": "ben", "password": "guess"})

    assert "sessionid" not in late.cookies
    assert "Too many tries" in late.content.decode()
    assert "Too many tries" not in other.content.decode()


def test_signing_out_ends_the_session(browser: Client) -> None:
    assert browser.post("/sign-out").status_code == 302
    assert browser.get("/").status_code == 302


def test_a_new_password_ends_every_session(browser: Client, ana: User) -> None:
    ana.set_password("another password")
    ana.save()

    assert browser.get("/").status_code == 302


def test_a_page_admits_only_its_own_scripts(browser: Client, board: Board) -> None:
    page = browser.get(f"/boards/{board.pk}/")
    policy = page["Content-Security-Policy"]
    found = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)

    assert found
    assert "unsafe-inline" not in policy
    assert f'nonce="{found[1]}"' in page.content.decode()


def test_a_page_may_speak_with_the_board_and_the_hub_alone(browser: Client, board: Board) -> None:
    policy = browser.get(f"/boards/{board.pk}/")["Content-Security-Policy"]
    found = re.search(r"connect-src ([^;]+)", policy)

    assert found
    assert found[1].split() == ["'self'", "ws://localhost:8001/live", "http://localhost:8001/live/"]


def test_a_strangers_board_is_not_there(stranger: User, board: Board) -> None:
    client = Client()
    client.force_login(stranger)

    assert client.get(f"/boards/{board.pk}/").status_code == 404
    assert client.get("/nothing").status_code == 404


def test_a_page_is_never_kept_by_a_cache(browser: Client) -> None:
    assert browser.get("/")["Cache-Control"] == "private, no-store"


def test_the_process_says_that_it_is_well(db: None) -> None:
    assert Client().get("/health").content == b"ok\n"
