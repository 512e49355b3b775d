"""A signature is accepted or refused just as the library of Standard Webhooks does it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from watercooler.messages import Keys
from watercooler.signature import SKEW_SECONDS, why_unsigned

BODY = '{"v":1,"events":["é"]}'.encode()
KEYS = Keys((b"k" * 32,))
AN_HOUR = timedelta(hours=1)


def changed(**fields: str) -> dict[str, str]:
    """Give good headers with these in the place of some; {} stands for what was there."""
    good = KEYS.sign(BODY)
    names = {f"webhook-{name}": value for name, value in fields.items()}
    return good | {name: value.replace("{}", good[name]) for name, value in names.items()}


def library_accepts(headers: dict[str, str]) -> bool:
    """Ask the library."""
    try:
        Webhook(KEYS.secrets[0]).verify(BODY, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True


@pytest.mark.parametrize(
    ("change", "is_right"),
    [
        ({}, True),
        ({"signature": "v1,c2lnbmF0dXJl {}"}, True),
        ({"signature": "{} v1a,c2lnbmF0dXJl"}, True),
        ({"signature": "v2,{}"}, False),
        ({"signature": "v1,c2lnbmF0dXJl"}, False),
        ({"signature": ""}, False),
        ({"id": "{}x"}, False),
        ({"id": ""}, False),
        ({"timestamp": "{}0"}, False),
        ({"timestamp": ""}, False),
        ({"timestamp": "now"}, False),
        ({"timestamp": "9" * 5_000}, False),
        ({"timestamp": "²"}, False),
    ],
)
def test_the_library_and_we_agree(change: dict[str, str], is_right: bool) -> None:
    headers = changed(**change)

    assert (why_unsigned(KEYS.secrets, BODY, headers) == "", library_accepts(headers)) == (is_right, is_right)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_no_header_may_be_missing(name: str) -> None:
    headers = KEYS.sign(BODY)
    del headers[name]

    assert why_unsigned(KEYS.secrets, BODY, headers) == "Missing required headers"


def test_another_body_is_refused() -> None:
    assert why_unsigned(KEYS.secrets, BODY + b" ", KEYS.sign(BODY)) == "No matching signature found"


@pytest.mark.parametrize(("age", "reason"), [(AN_HOUR, "too old"), (-AN_HOUR, "too new")])
def test_a_signature_of_another_hour_is_refused(age: timedelta, reason: str) -> None:
    headers = KEYS.sign(BODY, at=datetime.now(UTC) - age)

    assert reason in why_unsigned(KEYS.secrets, BODY, headers)


def test_clocks_may_differ_by_less_than_the_skew() -> None:
    headers = KEYS.sign(BODY, at=datetime.now(UTC) - timedelta(seconds=SKEW_SECONDS - 60))

    assert why_unsigned(KEYS.secrets, BODY, headers) == ""
