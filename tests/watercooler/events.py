"""Make events and tickets for tests."""

from __future__ import annotations

from datetime import datetime

from watercooler.messages import Event, Keys
from watercooler.tickets import issue_ticket


def make_event(seq: int, *, board: int = 7, epoch: str = "first", cid: str | None = None) -> Event:
    """Give one event of a board's log."""
    return {
        "board": board,
        "epoch": epoch,
        "seq": seq,
        "verb": "task.changed",
        "by": 3,
        "at": "2026-11-21T13:00:00.123Z",
        "cid": cid or f"{epoch}-{seq}",
        "changes": [{"entity": "task", "id": 12, "was": {"name": f"{seq - 1}"}, "now": {"name": f"{seq}"}}],
    }


def make_membership(seq: int, *, user: int, is_member: bool, board: int = 7, epoch: str = "first") -> Event:
    """Give the event that puts somebody on a board, or takes them off it."""
    member = {"id": 5, "version": seq, "user": user, "username": "ana", "name": "Ana", "role": "editor"}
    was, now = (None, member) if is_member else (member, None)
    event = make_event(seq, board=board, epoch=epoch)
    event["changes"] = [{"entity": "member", "id": 5, "was": was, "now": now}]
    return event


def make_events(first: int, last: int, *, board: int = 7, epoch: str = "first") -> list[Event]:
    """Give the events from `first` to `last`."""
    return [make_event(seq, board=board, epoch=epoch) for seq in range(first, last + 1)]


def make_ticket(
    keys: Keys, *, user: int = 3, name: str = "Ana", board: int = 7, now: datetime | None = None
) -> str:
    """Give a ticket for one person and one board."""
    return issue_ticket(keys, user=user, name=name, board=board, epoch="first", now=now)[0]
