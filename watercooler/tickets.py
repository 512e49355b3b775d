"""Who may watch which board: the browser's ticket, and the hub's own token for the board's log.

The board issues tickets and checks the hub's token; the hub does the opposite. Both are JWTs (RFC 7519).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from watercooler.messages import Keys, WatercoolerError

TICKET_LIFETIME = timedelta(minutes=10)
HUB_TOKEN_LIFETIME = timedelta(seconds=60)
ALGORITHM = "HS256"
HUB = "hub"


class BadTicket(WatercoolerError):
    """The ticket proves nothing; the text never repeats it."""


class ExpiredTicket(BadTicket):
    """The ticket was good once."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One person's leave to watch one board until a moment."""

    user: int
    name: str
    board: int
    epoch: str
    issued: datetime
    expires: datetime


def issue_ticket(
    keys: Keys,
    *,
    user: int,
    name: str,
    board: int,
    epoch: str,
    now: datetime | None = None,
) -> tuple[str, datetime]:
    """Give the ticket and the moment it expires (whole seconds, UTC)."""
    issued = (now or datetime.now(UTC)).replace(microsecond=0)
    expires = issued + TICKET_LIFETIME
    claims = {"name": name, "board": board, "epoch": epoch}
    return _token(keys, "watercooler", str(user), issued, expires, claims), expires


def read_ticket(keys: Keys, token: str, *, now: datetime | None = None) -> Ticket:
    """Say what this ticket allows. Raises BadTicket, or ExpiredTicket after its time."""
    claims = _claims(keys, token, "watercooler", now or datetime.now(UTC))
    try:
        return Ticket(
            user=int(claims["sub"]),
            name=str(claims["name"]),
            board=int(claims["board"]),
            epoch=str(claims["epoch"]),
            issued=datetime.fromtimestamp(claims["iat"], UTC),
            expires=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadTicket(f"the ticket lacks a claim or has a wrong one ({error})") from None


def issue_hub_token(keys: Keys, *, now: datetime | None = None) -> str:
    """Give the token with which the hub reads a board's log, good for 60 seconds."""
    issued = now or datetime.now(UTC)
    return _token(keys, "board", HUB, issued, issued + HUB_TOKEN_LIFETIME, {})


def check_hub_token(keys: Keys, token: str, *, now: datetime | None = None) -> None:
    """Accept the hub's own token. Raises BadTicket, or ExpiredTicket after its time."""
    claims = _claims(keys, token, "board", now or datetime.now(UTC))
    if claims["sub"] != HUB:
        raise BadTicket(f"the token is of {claims['sub']!r}; expected {HUB!r}")


def _token(
    keys: Keys, audience: str, subject: str, issued: datetime, expires: datetime, claims: dict[str, Any]
) -> str:
    standard = {"aud": audience, "sub": subject, "iat": issued, "exp": expires}
    return jwt.encode(standard | claims, _signing_keys(keys)[0], algorithm=ALGORITHM)


def _claims(keys: Keys, token: str, audience: str, now: datetime) -> dict[str, Any]:
    failure = "no key"
    for key in _signing_keys(keys):
        try:
            claims = _decoded(token, key, audience)
        except jwt.InvalidTokenError as error:
            failure = str(error)
        else:
            return _unexpired(claims, now)
    raise BadTicket(f"not a ticket of ours: {failure}")


def _decoded(token: str, key: bytes, audience: str) -> dict[str, Any]:
    options: Any = {"require": ["aud", "sub", "exp"], "verify_exp": False, "verify_iat": False}
    return jwt.decode(token, key, algorithms=[ALGORITHM], audience=audience, options=options)


def _unexpired(claims: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Check the expiry here, since PyJWT knows no clock but its own."""
    if not isinstance(claims["exp"], int):
        raise BadTicket("the ticket's exp is not a whole number of seconds")
    if claims["exp"] <= now.timestamp():
        raise ExpiredTicket(
            f"the ticket expired at {datetime.fromtimestamp(claims['exp'], UTC):%H:%M:%S} UTC"
        )
    return claims


def _signing_keys(keys: Keys) -> tuple[bytes, ...]:
    return keys.derived(b"watercooler ticket")
