"""What the board tells the hub: the shape of an event, the body of a post, and its signature.

The board's programs import this module too, so it knows neither sockets, Tornado nor Redis.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_bytes, token_urlsafe
from types import NoneType
from typing import Any, Literal, NamedTuple, TypedDict, cast

import orjson
from standardwebhooks.webhooks import Webhook

from watercooler.signature import why_unsigned

PUBLISH_VERSION = 1
KEY_BYTES = 32
KEYS_AT_MOST = 2  # the one that signs, and the one being retired
MAX_SEQ = 2**53 - 1  # the largest whole number a browser can count to
HOW_TO_MAKE_A_KEY = (
    """python -c "import base64, secrets; """
    """print('whsec_' + base64.b64encode(secrets.token_bytes(32)).decode())\""""
)


class WatercoolerError(Exception):
    """Anything that the hub or its clients refuse.

    WatercoolerError
    ├── BadKeys         the secrets are not usable
    ├── BadMessage      a body or a frame has the wrong shape
    ├── BadSignature    a post was not signed with a live key, or not in time
    └── BadTicket       a ticket proves nothing (watercooler.tickets)
        └── ExpiredTicket
    """


class BadKeys(WatercoolerError):
    """The secrets are not usable; the text never repeats a secret."""


class BadMessage(WatercoolerError):
    """A body or a frame has the wrong shape."""


class BadSignature(WatercoolerError):
    """A post was not signed with a live key, or not in time."""


class Change(TypedDict):
    """What one event did to one entity: `was` is None for a creation, `now` for a deletion."""

    entity: str
    id: int
    was: dict[str, Any] | None
    now: dict[str, Any] | None


class Event(TypedDict):
    """One line of a board's log; `seq` has no gaps, `at` is ISO 8601 in UTC."""

    board: int
    epoch: str
    seq: int
    verb: str
    by: int | None
    at: str
    cid: str | None
    changes: list[Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Leave that ends: tickets issued at or before `at` open nothing more.

    "revoke" means one user's, of one board or, without `board`, everywhere; "close" everybody's of one board.
    """

    do: Literal["revoke", "close"]
    user: int | None = None
    board: int | None = None
    at: datetime


class Post(NamedTuple):
    """What one `POST /publish` carries."""

    events: list[Event]
    controls: list[Control]


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """One or two shared secrets: the first signs, each of them verifies."""

    secrets: tuple[bytes, ...]

    @classmethod
    def parse(cls, text: str) -> Keys:
        """Read "whsec_…" or "whsec_new,whsec_old". Raises BadKeys."""
        words = [word.strip() for word in text.split(",") if word.strip()]
        if not words:
            raise BadKeys(f"there is no key; make one with: {HOW_TO_MAKE_A_KEY}")
        if len(words) > KEYS_AT_MOST:
            raise BadKeys(f"there are {len(words)} keys; expected the new one and at most one old one")
        return cls(tuple(_secret(word, place) for place, word in enumerate(words, start=1)))

    @classmethod
    def random(cls) -> Keys:
        """Make one new key."""
        return cls.parse(random_key())

    def sign(self, body: bytes, *, at: datetime | None = None) -> dict[str, str]:
        """Give the three headers of Standard Webhooks that prove this body is ours."""
        moment = (at or datetime.now(UTC)).astimezone(UTC)
        identifier = f"msg_{token_urlsafe(16)}"
        signature = Webhook(self.secrets[0]).sign(identifier, moment, body.decode())
        return {
            "webhook-id": identifier,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature,
        }

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Accept a body signed with a live key within 5 minutes of now. Raises BadSignature."""
        if reason := why_unsigned(self.secrets, body, headers):
            raise BadSignature(f"{reason}; check the clocks and WATERCOOLER_KEYS of both programs")

    def derived(self, purpose: bytes) -> tuple[bytes, ...]:
        """Give keys for another use, so that no two uses share one."""
        return tuple(hmac.digest(secret, purpose, hashlib.sha256) for secret in self.secrets)


def random_key() -> str:
    """Make one new key, as WATERCOOLER_KEYS holds it."""
    return "whsec_" + base64.b64encode(token_bytes(KEY_BYTES)).decode()


def revoke(user: int, *, board: int | None = None, at: datetime | None = None) -> Control:
    """Say that a user's tickets up to now open this board, or anything at all, no more."""
    return Control(do="revoke", user=user, board=board, at=at or datetime.now(UTC))


def close(board: int, *, at: datetime | None = None) -> Control:
    """Say that a board is gone, for everybody."""
    return Control(do="close", board=board, at=at or datetime.now(UTC))


def publish_body(events: Sequence[Event], controls: Sequence[Control] = ()) -> bytes:
    """Give the body of `POST /publish`."""
    message = {"v": PUBLISH_VERSION, "events": events, "controls": controls}
    return orjson.dumps(message if controls else {"v": PUBLISH_VERSION, "events": events})


def parse_publish(body: bytes) -> Post:
    """Read the body of `POST /publish`; it may leave out its events or its controls. Raises BadMessage."""
    message = parse_object(body, "the body")
    if message.get("v") != PUBLISH_VERSION:
        raise BadMessage(f"v is {message.get('v')!r}; expected {PUBLISH_VERSION}")
    controls = message.get("controls", [])
    if not isinstance(controls, list):
        raise BadMessage(f"controls is {_shown(controls)}; expected a list")
    events = parse_events(message.get("events", [] if controls else None))
    return Post(events, [parse_control(value, f"controls[{place}]") for place, value in enumerate(controls)])


def parse_control(value: object, name: str) -> Control:
    """Check one control. Raises BadMessage."""
    if not isinstance(value, dict):
        raise BadMessage(f"{name} is {_shown(value)}; expected an object")
    do: Any = value.get("do")
    user, board = value.get("user"), value.get("board")
    _expect(do in {"revoke", "close"}, f"{name}.do", do, "'revoke' or 'close'")
    _expect(type(user) is int or do == "close", f"{name}.user", user, "a user's number")
    is_board = type(board) is int or (do == "revoke" and board is None)
    _expect(is_board, f"{name}.board", board, "a board's number (or, to revoke, null for everywhere)")
    return Control(do=do, user=user if do == "revoke" else None, board=board, at=_moment(value, name))


def parse_events(values: object) -> list[Event]:
    """Check a list of events, as posted or as read from a board's log. Raises BadMessage."""
    if not isinstance(values, list):
        raise BadMessage(f"events is {_shown(values)}; expected a list")
    for place, value in enumerate(values):
        _check_event(value, f"events[{place}]")
    return cast(list[Event], values)


def parse_event(text: bytes | str) -> Event:
    """Read one event. Raises BadMessage."""
    value = parse_object(text, "the event")
    _check_event(value, "event")
    return cast(Event, value)


def parse_object(text: bytes | str, name: str) -> dict[str, Any]:
    """Read a JSON object. Raises BadMessage."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadMessage(f"{name} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadMessage(f"{name} is {_shown(value)}; expected an object")
    return value


def is_seq(value: object) -> bool:
    """Say whether this is a number an event or a position may carry."""
    return type(value) is int and 0 <= value <= MAX_SEQ


def _check_event(value: object, name: str) -> None:
    if not isinstance(value, dict):
        raise BadMessage(f"{name} is {_shown(value)}; expected an object")
    for field, kinds, may_be_empty, right in EVENT_FIELDS:
        it = value.get(field)
        if type(it) not in kinds or not (it or may_be_empty):
            raise BadMessage(f"{name}.{field} is {_shown(it)}; expected {right}")
    _expect(is_seq(value["seq"]), f"{name}.seq", value["seq"], SEQ)
    for place, change in enumerate(value["changes"]):
        if not _is_change(change):
            what = "an object with entity, id, was and now"
            raise BadMessage(f"{name}.changes[{place}] is {_shown(change)}; expected {what}")


def _is_change(value: object) -> bool:
    return (
        isinstance(value, dict)
        and _is_text(value.get("entity"))
        and type(value.get("id")) is int
        and all(isinstance(value.get(side, 0), dict | None) for side in ("was", "now"))
    )


def _moment(value: dict[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(value.get("at"))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None:
        raise BadMessage(f"{name}.at is {_shown(value.get('at'))}; expected a time in ISO 8601 with its zone")
    return at


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


SEQ = "a whole number of at least 1"
EVENT_FIELDS: tuple[tuple[str, frozenset[type], bool, str], ...] = (  # name, types, whether 0 or "" will do
    ("board", frozenset({int}), True, "a whole number"),
    ("epoch", frozenset({str}), False, "a string"),
    ("seq", frozenset({int}), False, SEQ),
    ("verb", frozenset({str}), False, "a string"),
    ("at", frozenset({str}), False, "a time in ISO 8601"),
    ("by", frozenset({int, NoneType}), True, "a user's number or null"),
    ("cid", frozenset({str, NoneType}), True, "a string or null"),
    ("changes", frozenset({list}), True, "a list"),
)


def _expect(holds: bool, name: str, value: object, right: str) -> None:
    if not holds:
        raise BadMessage(f"{name} is {_shown(value)}; expected {right}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _secret(word: str, place: int) -> bytes:
    prefix, _, encoded = word.partition("_")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        secret = b""
    if prefix != "whsec" or len(secret) != KEY_BYTES:
        right = f"whsec_ and the base64 of {KEY_BYTES} bytes"
        raise BadKeys(f"key {place} is not {right}; make one with: {HOW_TO_MAKE_A_KEY}")
    return secret
