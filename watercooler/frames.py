"""The JSON frames of /live: what a client may say, and what the hub answers.

Only text is made and read here; tests/wire/frames.json holds one of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

import orjson

from watercooler.messages import BadMessage, Event, is_seq, parse_object

LIVE_VERSION = 1
SAY_KINDS = frozenset({"dragging", "editing"})
SAY_BYTES_AT_MOST = 1024  # of the whole frame
SAY_KEY_AT_MOST = 100  # characters


class Close(IntEnum):
    """Why the hub ends a connection: after 40xx a client comes back, after 45xx it stops."""

    DRAINING = 4000
    NO_PONG = 4001
    SLOW = 4002
    TICKET_EXPIRED = 4004
    SERVER_ERROR = 4005
    BAD_TICKET = 4500
    PROTOCOL = 4501
    NO_HELLO = 4502
    REVOKED = 4503
    VERSION = 4504
    TOO_MANY_CONNECTIONS = 4505
    TOO_FAST = 4506


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame: who this is."""

    version: int
    ticket: str


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Send me what follows `after`, the seq of the snapshot I hold."""

    board: int
    ticket: str
    after: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Renew:
    """Here is a fresh ticket for a board I watch."""

    board: int
    ticket: str


@dataclass(frozen=True, slots=True)
class Pong:
    """I am still here."""


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the others on this board what I do with `key`, or with None that I stopped."""

    board: int
    kind: str
    key: str
    what: dict[str, Any] | None


ClientFrame = Hello | Subscribe | Renew | Pong | Say


def parse_frame(text: str | bytes) -> ClientFrame:
    """Read what a client says. Raises BadMessage."""
    frame = parse_object(text, "the frame")
    match frame:
        case {"t": "hello", "v": int(version), "ticket": str(ticket)}:
            return Hello(version, ticket)
        case {"t": "sub", "b": int(board), "ticket": str(ticket), "after": after, "e": str(epoch)} if is_seq(
            after
        ):
            return Subscribe(board, ticket, after, epoch)
        case {"t": "ticket", "b": int(board), "ticket": str(ticket)}:
            return Renew(board, ticket)
        case {"t": "pong"}:
            return Pong()
        case {"t": "say", "b": int(board), "kind": str(kind), "key": str(key), "d": dict() | None as what}:
            _check_say(text, kind, key)
            return Say(board, kind, key, what)
    raise BadMessage(f"a frame of kind {frame.get('t')!r} with {', '.join(frame)} is not known")


def welcome(*, connection: str, now: datetime, ping_seconds: int) -> bytes:
    """Answer a hello."""
    return _frame("welcome", conn=connection, now=f"{now:%Y-%m-%dT%H:%M:%SZ}", ping=ping_seconds)


def subscribed(board: int, *, seq: int, count: int) -> bytes:
    """Confirm a subscription: `count` events follow, which end at `seq`; then all is live."""
    return _frame("sub", b=board, s=seq, n=count)


def happened(event: Event) -> bytes:
    """Tell one event."""
    return _frame(
        "ev",
        b=event["board"],
        s=event["seq"],
        by=event["by"],
        at=event["at"],
        cid=event["cid"],
        verb=event["verb"],
        changes=event["changes"],
    )


def reset(board: int, why: str) -> bytes:
    """Send a client for a new snapshot: `why` is "epoch", "gone" (trimmed) or "ahead" (of the log)."""
    return _frame("reset", b=board, why=why)


def refused(board: int, why: str) -> bytes:
    """End or refuse one board's subscription: `why` is "ticket", "board" or "too many"."""
    return _frame("no", b=board, why=why)


def ping(tops: Mapping[int, int]) -> bytes:
    """Ask for a pong, and say where each board stands."""
    return _frame("ping", tops={str(board): top for board, top in tops.items()})


def here(board: int, people: Mapping[int, str], *, more: int = 0) -> bytes:
    """List who looks at the board, `more` than these not among them."""
    return _frame("here", b=board, all=_listed(people), **({"more": more} if more else {}))


def here_changed(
    board: int, *, come: Mapping[int, str], gone: Iterable[int], more: int | None = None
) -> bytes:
    """Tell how the list differs from what was told before; `more` only where that differs too."""
    changes = {"in": _listed(come), "out": sorted(gone)}
    told = {name: users for name, users in changes.items() if users}
    return _frame("here", b=board, **told, **({} if more is None else {"more": more}))


def said(say: Say, *, user: int, connection: str) -> bytes:
    """Pass on what somebody does."""
    return _frame(
        "say",
        b=say.board,
        u=user,
        **{"from": connection},
        kind=say.kind,
        key=say.key,
        d=say.what,
    )


def text_frame(payload: bytes) -> bytes:
    """Wrap text in one unmasked WebSocket frame (RFC 6455, section 5.2)."""
    length = len(payload)
    if length < 126:
        head = bytes((0x81, length))
    elif length < 65_536:
        head = b"\x81\x7e" + length.to_bytes(2, "big")
    else:
        head = b"\x81\x7f" + length.to_bytes(8, "big")
    return head + payload


def _frame(kind: str, /, **fields: Any) -> bytes:
    return orjson.dumps({"t": kind, **fields})


def _listed(people: Mapping[int, str]) -> list[dict[str, Any]]:
    return [{"u": user, "name": name} for user, name in sorted(people.items())]


def _check_say(text: str | bytes, kind: str, key: str) -> None:
    size = len(text.encode() if isinstance(text, str) else text)
    if size > SAY_BYTES_AT_MOST:
        raise BadMessage(f"a say has {size} bytes; expected at most {SAY_BYTES_AT_MOST}")
    if kind not in SAY_KINDS:
        raise BadMessage(f"a say is of kind {kind[:40]!r}; expected one of {', '.join(sorted(SAY_KINDS))}")
    if len(key) > SAY_KEY_AT_MOST:
        raise BadMessage(f"a say's key has {len(key)} characters; expected at most {SAY_KEY_AT_MOST}")
