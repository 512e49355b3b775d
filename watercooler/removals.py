"""Who is off which board, and what was revoked, for as long as a ticket from before may be shown.

Every hub hears each event and each control; what was before it was started, the board's own answers say. The
memory lasts as long as a ticket and is bounded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watercooler.messages import Control, Event
from watercooler.tickets import TICKET_LIFETIME, Ticket
from watercooler.timing import TICKET_GRACE

REMEMBERED_AT_MOST = 10_000  # of each kind; the oldest are forgotten first

Whose = tuple[int | None, int | None]  # user and board; None: everybody, everywhere


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last event about somebody on a board said."""

    is_member: bool
    epoch: str
    seq: int
    heard: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """Whom a board named when it was asked, and up to which event."""

    users: frozenset[int]
    seq: int
    asked: datetime


class Removals:
    """The last word about each member who came or went a short while ago."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._standings: OrderedDict[tuple[int, int], Standing] = OrderedDict()  # the oldest first
        self._listings: OrderedDict[int, Listing] = OrderedDict()  # of boards; the oldest first
        self._revoked: OrderedDict[Whose, datetime] = OrderedDict()  # up to when; the oldest first

    def __len__(self) -> int:
        return len(self._standings) + len(self._listings) + len(self._revoked)

    def take(self, control: Control) -> bool:
        """Take in a control; False if it says no more than one before."""
        self._forget(self._clock())
        whose = (control.user, control.board)
        if whose in self._revoked and control.at <= self._revoked[whose]:
            return False
        self._revoked[whose] = control.at
        self._revoked.move_to_end(whose)
        _bound(self._revoked)
        return True

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

    def learn(self, board: int, listing: Listing) -> bool:
        """Take in whom a board names; False if these are whom it named before."""
        self._forget(self._clock())
        known = self._listings.get(board)
        self._listings[board] = listing
        self._listings.move_to_end(board)
        _bound(self._listings)
        return known is None or known.users != listing.users

    def bars(self, ticket: Ticket) -> bool:
        """Say whether the ticket's user was taken off its board after it was issued, or it was revoked."""
        standing = self._standings.get((ticket.board, ticket.user))
        is_off = standing is not None and not standing.is_member and ticket.issued <= standing.heard
        here, everybody = (ticket.user, ticket.board), (None, ticket.board)
        is_revoked = self.revoked(ticket) or self._covers(here, ticket) or self._covers(everybody, ticket)
        return is_off or is_revoked or self._is_unlisted(ticket)

    def revoked(self, ticket: Ticket) -> bool:
        """Say whether the ticket opens nothing at all any more."""
        return self._covers((ticket.user, None), ticket)

    def _is_unlisted(self, ticket: Ticket) -> bool:
        """Say whether the board, asked after the ticket was issued, did not name its user, nor has since."""
        listing = self._listings.get(ticket.board)
        if listing is None or ticket.user in listing.users:
            return False
        if ticket.issued >= listing.asked.replace(microsecond=0):  # a ticket knows whole seconds only
            return False
        standing = self._standings.get((ticket.board, ticket.user))
        return standing is None or not standing.is_member or standing.seq <= listing.seq

    def _covers(self, whose: Whose, ticket: Ticket) -> bool:
        until = self._revoked.get(whose)
        return until is not None and ticket.issued <= until

    def _is_news(self, board: int, user: int, standing: Standing) -> bool:
        known = self._standings.get((board, user))
        return known is None or known.epoch != standing.epoch or known.seq < standing.seq

    def _remember(self, board: int, user: int, standing: Standing) -> None:
        self._standings[board, user] = standing
        self._standings.move_to_end((board, user))
        _bound(self._standings)

    def _forget(self, now: datetime) -> None:
        """Forget what no ticket can be older than that is still good."""
        oldest = now - TICKET_LIFETIME - TICKET_GRACE
        while self._standings and next(iter(self._standings.values())).heard <= oldest:
            self._standings.popitem(last=False)
        while self._listings and next(iter(self._listings.values())).asked <= oldest:
            self._listings.popitem(last=False)
        while self._revoked and next(iter(self._revoked.values())) <= oldest:
            self._revoked.popitem(last=False)


def _bound(memory: OrderedDict[Any, Any]) -> None:
    while len(memory) > REMEMBERED_AT_MOST:
        memory.popitem(last=False)


def _comings_and_goings(event: Event) -> Iterator[tuple[int, bool]]:
    """Yield each user whom the event puts on the board (True) or takes off it (False)."""
    for change in event["changes"]:
        if change["entity"] != "member":
            continue
        was, now = change["was"], change["now"]
        user = (now or was or {}).get("user")
        if isinstance(user, int) and (was is None) != (now is None):
            yield user, now is not None
