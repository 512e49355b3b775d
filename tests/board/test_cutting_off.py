"""Whoever may no longer be here is cut off from the hub, at once or a little later."""

import pytest
from django.db import transaction
from django.test import Client

from board import announcing
from board.models import User
from tests.board.fake_hub import Hub

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_password_ends_the_live_connections_of_that_person(hub: Hub) -> None:
    ben = User.objects.create_user("ben", password="first")

    ben.set_password("second")
    ben.save()

    hub.wait_for(lambda: bool(hub.revoked))
    assert hub.revoked == [(ben.pk, None)]


def test_who_is_made_inactive_in_the_admin_is_cut_off_from_the_hub(hub: Hub, admin_client: Client) -> None:
    ben = User.objects.create_user("ben")
    joined = {"date_joined_0": "2026-11-21", "date_joined_1": "13:00:00"}

    answer = admin_client.post(f"/admin/board/user/{ben.pk}/change/", {"username": "ben", **joined})

    assert answer.status_code == 302
    assert not User.objects.get(pk=ben.pk).is_active
    hub.wait_for(lambda: bool(hub.revoked))
    assert hub.revoked == [(ben.pk, None)]


def test_a_new_account_and_another_name_cut_nobody_off(hub: Hub) -> None:
    ben = User(username="ben")
    ben.set_password("first")
    ben.save()
    ben.first_name = "Ben"
    ben.save()

    announcing.end_leave(987)

    hub.wait_for(lambda: bool(hub.revoked))
    assert hub.revoked == [(987, None)]


def test_a_password_that_was_not_changed_after_all_cuts_nobody_off(hub: Hub) -> None:
    ben, cat = (User.objects.create_user(name) for name in ("ben", "cat"))

    with transaction.atomic():
        ben.set_password("never")
        ben.save()
        transaction.set_rollback(True)
    cat.set_password("second")
    cat.save()

    hub.wait_for(lambda: bool(hub.revoked))
    assert hub.revoked == [(cat.pk, None)]


def test_a_control_that_the_hub_could_not_take_is_sent_again(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "CONTROL_PATIENCE_SECONDS", (0.01, 0.01))
    hub.answers = [503, 502]

    announcing.end_leave(3)

    hub.wait_for(lambda: hub.revoked == [(3, None)])
    assert hub.posts == 3


def test_controls_that_wait_behind_a_failed_one_are_sent(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is given up after its tries, but nothing that came after it."""
    monkeypatch.setattr(announcing, "CONTROL_PATIENCE_SECONDS", ())
    monkeypatch.setattr(announcing, "REST_AFTER_FAILURE_SECONDS", 0.01)
    monkeypatch.setattr(announcing, "TAKEN_AT_ONCE", 1)
    hub.answers = [503]

    announcing.end_leave(3)
    announcing.end_leave(4)

    hub.wait_for(lambda: hub.revoked == [(4, None)])
