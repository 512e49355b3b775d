"""Who was taken off which board, for as long as a ticket from before may be shown.

Every hub hears each event, so every hub knows; the memory lasts as long as a ticket and is bounded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from watercooler.messages import Event
from watercooler.tickets import TICKET_LIFETIME, Ticket
from watercooler.timing import TICKET_GRACE

REMEMBERED_AT_MOST = 10_000  # the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last event about somebody on a board said."""

    is_member: bool
    epoch: str
    seq: int
    heard: datetime


class Removals:
    """The last word about each member who came or went a short while ago."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._standings: OrderedDict[tuple[int, int], Standing] = OrderedDict()  # the oldest first

    def __len__(self) -> int:
        return len(self._standings)

    def note(self, event: Event) -> list[int]:
        """Take in an event, and say who is off its board by it; older ones than those noted say nothing."""
        now = self._clock()
        self._forget(now)
        gone: list[int] = []
        for user, is_member in _comings_and_goings(event):
            standing = Standing(is_member, event["epoch"], event["seq"], now)
            if self._is_news(event["board"], user, standing):
                self._remember(event["board"], user, standing)
                gone += [] if is_member else [user]
        return gone

    def bars(self, ticket: Ticket) -> bool:
        """Say whether the ticket's user was taken off its board after it was issued."""
        standing = self._standings.get((ticket.board, ticket.user))
        return standing is not None and not standing.is_member and ticket.issued <= standing.heard

    def _is_news(self, board: int, user: int, standing: Standing) -> bool:
        known = self._standings.get((board, user))
        return known is None or known.epoch != standing.epoch or known.seq < standing.seq

    def _remember(self, board: int, user: int, standing: Standing) -> None:
        self._standings[board, user] = standing
        self._standings.move_to_end((board, user))
        while len(self._standings) > REMEMBERED_AT_MOST:
            self._standings.popitem(last=False)

    def _forget(self, now: datetime) -> None:
        while self._standings:
            key, oldest = next(iter(self._standings.items()))
            if now < oldest.heard + TICKET_LIFETIME + TICKET_GRACE:
                return
            del self._standings[key]


def _comings_and_goings(event: Event) -> Iterator[tuple[int, bool]]:
    """Yield each user whom the event puts on the board (True) or takes off it (False)."""
    for change in event["changes"]:
        if change["entity"] != "member":
            continue
        was, now = change["was"], change["now"]
        user = (now or was or {}).get("user")
        if isinstance(user, int) and (was is None) != (now is None):
            yield user, now is not None
