"""A ticket is good for one person, one board and ten minutes; nothing else passes for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest

from watercooler.messages import Keys, random_key
from watercooler.tickets import (
    HUB_TOKEN_LIFETIME,
    TICKET_LIFETIME,
    BadTicket,
    ExpiredTicket,
    Ticket,
    check_hub_token,
    issue_hub_token,
    issue_ticket,
    read_ticket,
)

NOW = datetime(2026, 11, 21, 13, tzinfo=UTC)
KEYS = Keys.random()


def ticket(keys: Keys = KEYS) -> str:
    return issue_ticket(keys, user=3, name="Ana Lima", board=7, epoch="first", now=NOW)[0]


def test_a_ticket_says_who_may_watch_what_until_when() -> None:
    token, expires = issue_ticket(KEYS, user=3, name="Ana Lima", board=7, epoch="first", now=NOW)

    assert expires == NOW + TICKET_LIFETIME
    assert read_ticket(KEYS, token, now=NOW) == Ticket(3, "Ana Lima", 7, "first", NOW, expires)


def test_a_ticket_is_good_until_its_last_second() -> None:
    read_ticket(KEYS, ticket(), now=NOW + TICKET_LIFETIME - timedelta(seconds=1))

    with pytest.raises(ExpiredTicket, match="expired at 13:10:00 UTC"):
        read_ticket(KEYS, ticket(), now=NOW + TICKET_LIFETIME)


def test_each_of_two_live_keys_is_accepted() -> None:
    old, new = random_key(), random_key()

    assert read_ticket(Keys.parse(f"{new},{old}"), ticket(Keys.parse(old)), now=NOW).user == 3


def test_a_ticket_of_a_retired_key_is_refused() -> None:
    with pytest.raises(BadTicket, match="not a ticket of ours"):
        read_ticket(KEYS, ticket(Keys.random()), now=NOW)


def test_a_ticket_signed_with_the_key_of_the_posts_is_refused() -> None:
    claims = jwt.decode(ticket(), options={"verify_signature": False})
    forged = jwt.encode(claims, KEYS.secrets[0], algorithm="HS256")

    with pytest.raises(BadTicket):
        read_ticket(KEYS, forged, now=NOW)


@pytest.mark.parametrize("claim", ["aud", "sub", "iat", "exp", "name", "board", "epoch"])
def test_a_ticket_that_lacks_a_claim_is_refused(claim: str) -> None:
    claims = jwt.decode(ticket(), options={"verify_signature": False})
    del claims[claim]
    poor = jwt.encode(claims, KEYS.derived(b"watercooler ticket")[0], algorithm="HS256")

    with pytest.raises(BadTicket):
        read_ticket(KEYS, poor, now=NOW)


@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c", "é"])
def test_rubbish_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(BadTicket):
        read_ticket(KEYS, token, now=NOW)


def test_an_unsigned_ticket_is_refused() -> None:
    claims = jwt.decode(ticket(), options={"verify_signature": False})

    with pytest.raises(BadTicket):
        read_ticket(KEYS, jwt.encode(claims, "", algorithm="none"), now=NOW)


def test_the_hub_may_read_the_log_for_a_minute() -> None:
    token = issue_hub_token(KEYS, now=NOW)

    check_hub_token(KEYS, token, now=NOW + HUB_TOKEN_LIFETIME - timedelta(seconds=1))
    with pytest.raises(ExpiredTicket):
        check_hub_token(KEYS, token, now=NOW + HUB_TOKEN_LIFETIME)


def test_a_browser_may_not_pass_for_the_hub_nor_the_hub_for_a_browser() -> None:
    with pytest.raises(BadTicket):
        check_hub_token(KEYS, ticket(), now=NOW)
    with pytest.raises(BadTicket):
        read_ticket(KEYS, issue_hub_token(KEYS, now=NOW), now=NOW)


def test_a_token_of_somebody_else_for_the_board_is_refused() -> None:
    claims = jwt.decode(issue_hub_token(KEYS, now=NOW), options={"verify_signature": False})
    key = KEYS.derived(b"watercooler ticket")[0]

    with pytest.raises(BadTicket, match="expected 'hub'"):
        check_hub_token(KEYS, jwt.encode(claims | {"sub": "3"}, key, algorithm="HS256"), now=NOW)
