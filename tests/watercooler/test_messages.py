"""Keys, signatures and shapes: what the board and the hub agree on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from tests.watercooler.events import make_event, make_events
from watercooler.messages import (
    BadKeys,
    BadMessage,
    BadSignature,
    Keys,
    Post,
    close,
    parse_events,
    parse_publish,
    publish_body,
    random_key,
    revoke,
)

A_KEY = f"whsec_{'A' * 43}="  # of a parametrized test: the same in each worker


def test_what_was_published_is_what_is_parsed() -> None:
    events = make_events(1, 3)
    controls = [revoke(3), revoke(3, board=7), close(7)]

    assert parse_publish(publish_body(events)) == Post(events, [])
    assert parse_publish(publish_body(events, controls)) == Post(events, controls)


def test_controls_need_no_events() -> None:
    control = b'{"do":"revoke","user":3,"at":"2026-11-21T13:00:00Z"}'

    events, controls = parse_publish(b'{"v":1,"controls":[' + control + b"]}")

    assert events == []
    assert controls == [revoke(3, at=datetime(2026, 11, 21, 13, tzinfo=UTC))]


@pytest.mark.parametrize(
    ("controls", "reason"),
    [
        ({}, "controls is {}; expected a list"),
        (["revoke"], "controls[0] is 'revoke'; expected an object"),
        ([{"do": "open"}], "controls[0].do is 'open'; expected 'revoke' or 'close'"),
        ([{"do": "revoke", "user": "3"}], "controls[0].user is '3'; expected a user's number"),
        ([{"do": "close"}], "controls[0].board is None; expected a board's number"),
        ([{"do": "revoke", "user": 3, "board": "7"}], "controls[0].board is '7'; expected a board's number"),
        ([{"do": "close", "board": 7}], "controls[0].at is None; expected a time in ISO 8601 with its zone"),
        (
            [{"do": "close", "board": 7, "at": "2026-11-21T13:00:00"}],
            "controls[0].at is '2026-11-21T13:00:00'",
        ),
    ],
)
def test_a_wrong_control_is_named_with_its_value_and_what_is_right(controls: Any, reason: str) -> None:
    with pytest.raises(BadMessage, match=f"^{re.escape(reason)}"):
        parse_publish(orjson.dumps({"v": 1, "controls": controls}))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("board", "7", "a whole number"),
        ("board", True, "a whole number"),
        ("epoch", "", "a string"),
        ("seq", 0, "at least 1"),
        ("seq", 2**53, "at least 1"),
        ("seq", 1.5, "at least 1"),
        ("verb", None, "a string"),
        ("by", "ana", "a user's number or null"),
        ("at", 5, "a time in ISO 8601"),
        ("cid", 5, "a string or null"),
        ("changes", {}, "a list"),
        ("changes", [{"entity": "task", "id": 1, "was": None}], "entity, id, was and now"),
        ("changes", [{"entity": "task", "id": 1, "was": [], "now": {}}], "entity, id, was and now"),
    ],
)
def test_a_wrong_field_is_named_with_its_value_and_what_is_right(field: str, value: Any, reason: str) -> None:
    event = make_event(1)
    wrong = {**event, field: value}

    with pytest.raises(BadMessage, match=rf"events\[1\]\.{field}.* is .*; expected .*{reason}"):
        parse_events([event, wrong])


def test_an_event_of_nobody_without_an_operation_is_right() -> None:
    event = make_event(1)
    event["by"], event["cid"] = None, None

    assert parse_events([event]) == [event]


def test_a_signed_body_is_accepted() -> None:
    keys = Keys.random()

    keys.verify(b"body", keys.sign(b"body"))


def test_each_of_two_live_keys_is_accepted_and_the_first_signs() -> None:
    old, new = random_key(), random_key()
    both = Keys.parse(f"{new}, {old}")

    both.verify(b"body", Keys.parse(old).sign(b"body"))
    Keys.parse(new).verify(b"body", both.sign(b"body"))
    with pytest.raises(BadSignature):
        Keys.parse(old).verify(b"body", both.sign(b"body"))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_from_another_time_is_refused(minutes: int) -> None:
    keys = Keys.random()

    with pytest.raises(BadSignature, match=r"too (old|new); check the clocks"):
        keys.verify(b"body", keys.sign(b"body", at=datetime.now(UTC) + timedelta(minutes=minutes)))


def test_the_time_of_a_signature_is_the_same_in_every_time_zone() -> None:
    keys = Keys.random()

    keys.verify(b"body", keys.sign(b"body", at=datetime.now(UTC).astimezone()))


@pytest.mark.parametrize("signature", ["", "v1", "v1,%%", "v2,aaaa", "a,b,c"])
def test_a_malformed_signature_is_refused(signature: str) -> None:
    keys = Keys.random()

    with pytest.raises(BadSignature):
        keys.verify(b"body", {**keys.sign(b"body"), "webhook-signature": signature})


def test_a_body_that_is_no_text_is_refused() -> None:
    keys = Keys.random()

    with pytest.raises(BadSignature):
        keys.verify(b"\xff", keys.sign(b"body"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no key; make one with: python -c"),
        ("whsec_c2hvcnQ=", "key 1 is not whsec_ and the base64 of 32 bytes; make one with"),
        ("secret", "key 1 is not whsec_"),
        (f"{A_KEY},whsec_%%", "key 2 is not whsec_"),
        (f"{A_KEY},{A_KEY},{A_KEY}", "there are 3 keys; expected"),
    ],
)
def test_unusable_keys_are_refused_without_repeating_them(text: str, reason: str) -> None:
    with pytest.raises(BadKeys, match=reason) as refusal:
        Keys.parse(text)

    assert not any(word in str(refusal.value) for word in text.split(",") if len(word) > 6)


def test_keys_do_not_show_their_secret() -> None:
    keys = Keys.random()

    assert str(keys.secrets[0]) not in repr(keys)
