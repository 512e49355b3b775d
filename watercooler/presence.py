"""Who looks at one board: what this process sees, what the bus says of all, and what its viewers were told.

No I/O and no clock: the caller says when it is time to `announce` and to `tell`, and who comes and goes in
between is never mentioned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from heapq import nsmallest
from typing import Generic

from watercooler import frames
from watercooler.room import Delivery, S

LISTED_AT_MOST = 500  # people


@dataclass(frozen=True, slots=True)
class Listing:
    """What a viewer is told: the people with the lowest numbers, and how many there are besides."""

    people: dict[int, str]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Who came, or has another name now, and who went."""

    come: dict[int, str]
    gone: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.come or self.gone)


class Presence(Generic[S]):
    """The people of one board; a viewer is one connection, of which somebody may have many."""

    def __init__(self, board: int, *, listed_at_most: int = LISTED_AT_MOST) -> None:
        self.board = board
        self._listed_at_most = listed_at_most
        self.is_read = False  # what the bus knows of this board
        self._viewers: dict[S, tuple[int, str]] = {}  # of this process
        self._newcomers: dict[S, None] = {}  # viewers who lack the list
        self._announced: dict[int, str] = {}  # to the bus, of this process
        self._known: dict[int, str] = {}  # to the bus, of all processes
        self._heard: dict[int, str | None] = {}  # since the bus was asked the last time
        self._held: list[Listing] = []  # by some viewer

    def come(self, viewer: S, user: int, name: str) -> None:
        """Note who looks on, and that they lack the list."""
        self._viewers[viewer] = (user, name)
        self._newcomers[viewer] = None

    def go(self, viewer: S) -> None:
        """Note who no longer looks on."""
        self._viewers.pop(viewer, None)
        self._newcomers.pop(viewer, None)

    def forget_told(self, viewers: Iterable[S]) -> None:
        """Note that these viewers may lack what they were told."""
        self._newcomers |= dict.fromkeys(viewers)

    @property
    def viewers(self) -> Set[S]:
        """Everyone who looks on from here."""
        return self._viewers.keys()

    def is_over(self) -> bool:
        """Say whether nobody here looks on, and the bus has been told so."""
        return not self._viewers and not self._announced

    def is_news(self) -> bool:
        """Say whether there is something to announce or to tell."""
        return bool(_change(self._announced, self._ours())) or self._is_stale(self._listing())

    def announce(self) -> Change:
        """Give what the bus has to be told."""
        before, self._announced = self._announced, self._ours()
        return _change(before, self._announced)

    def hear(self, change: Change) -> dict[int, str]:
        """Take what a process announced; give those who went there and are still here."""
        heard = {**dict.fromkeys(change.gone), **change.come}
        self._heard |= heard
        self._know(heard)
        return {user: name for user, name in self._announced.items() if user in change.gone}

    def ask(self) -> None:
        """Note that the bus is asked now: what is heard from now on is news to its answer."""
        self._heard = {}

    def read(self, people: Mapping[int, str] | None) -> None:
        """Take who looks on, as the bus answers; None if it does not."""
        self.is_read = True
        if people is not None:
            self._known = dict(people)
            self._know(self._heard)

    def greet(self) -> list[Delivery[S]]:
        """Give the list for those who lack it, once the bus has been asked."""
        if not self._newcomers or not self.is_read:
            return []
        listing, to = self._listing(), tuple(self._newcomers)
        self._newcomers = {}
        self._held = [listing] if len(to) == len(self._viewers) else [*self._held, listing]
        return [self._delivery(to, frames.here(self.board, listing.people, more=listing.more))]

    def tell(self) -> list[Delivery[S]]:
        """Give what is new for those who have a list, and the list for those who lack it."""
        now = self._listing()
        to = tuple(viewer for viewer in self._viewers if viewer not in self._newcomers)
        told = [self._delivery(to, self._news(now))] if to and self._is_stale(now) else []
        self._held = [now] if to else []
        return [*told, *self.greet()]

    def _is_stale(self, now: Listing) -> bool:
        return any(held != now for held in self._held)

    def _news(self, now: Listing) -> bytes:
        """Tell what makes each of the lists that some viewer holds the one of now."""
        changes = [_change(held.people, now.people) for held in self._held]
        come = {user: name for change in changes for user, name in change.come.items()}
        gone = {user for change in changes for user in change.gone}
        more = None if all(held.more == now.more for held in self._held) else now.more
        return frames.here_changed(self.board, come=come, gone=gone, more=more)

    def _ours(self) -> dict[int, str]:
        return dict(self._viewers.values())

    def _know(self, heard: Mapping[int, str | None]) -> None:
        for user, name in heard.items():
            if name is None:
                self._known.pop(user, None)
            else:
                self._known[user] = name

    def _listing(self) -> Listing:
        people = self._known | self._ours()
        listed = nsmallest(self._listed_at_most, people)
        return Listing({user: people[user] for user in listed}, len(people) - len(listed))

    def _delivery(self, to: tuple[S, ...], frame: bytes) -> Delivery[S]:
        return Delivery(self.board, to, (frame,), ephemeral=True)


def _change(before: Mapping[int, str], now: Mapping[int, str]) -> Change:
    come = {user: name for user, name in now.items() if before.get(user) != name}
    return Change(come, frozenset(before.keys() - now.keys()))
