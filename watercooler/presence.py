"""Who looks at one board: what this process sees, what the bus says of all, and what its viewers were told.

No I/O and no clock: the caller says when it is time to `announce` and to `tell`, and who comes and goes in
between is never mentioned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nsmallest
from typing import Generic

from watercooler import frames
from watercooler.room import Delivery, S

LISTED_AT_MOST = 500  # people


@dataclass(frozen=True, slots=True)
class Shown:
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


@dataclass(slots=True, eq=False)
class Viewer:
    """One connection of somebody, and the list it holds: None for one that lacks it."""

    user: int
    name: str
    holds: Shown | None = None


class Presence(Generic[S]):
    """The people of one board."""

    def __init__(self, board: int, *, listed_at_most: int = LISTED_AT_MOST) -> None:
        self.board = board
        self._listed_at_most = listed_at_most
        self.is_read = False  # what the bus knows of this board
        self._viewers: dict[S, Viewer] = {}  # of this process
        self._announced: dict[int, str] = {}  # to the bus, of this process
        self._known: dict[int, str] = {}  # to the bus, of all processes
        self._heard: dict[int, str | None] = {}  # since the bus was asked the last time

    def come(self, who: S, user: int, name: str) -> None:
        """Note who looks on, and that they lack the list."""
        self._viewers[who] = Viewer(user, name)

    def go(self, who: S) -> None:
        """Note who no longer looks on."""
        self._viewers.pop(who, None)

    def forget_told(self, whom: Iterable[S]) -> None:
        """Note that these may have lost what they were told."""
        for who in whom:
            self._viewers[who].holds = None

    @property
    def viewers(self) -> Set[S]:
        """Everyone who looks on from here."""
        return self._viewers.keys()

    def is_over(self) -> bool:
        """Say whether nobody here looks on, and the bus has been told so."""
        return not self._viewers and not self._announced

    def is_news(self) -> bool:
        """Say whether there is something to announce or to tell."""
        now = self._shown()
        is_stale = any(held != now for held, _ in self._holders())
        return is_stale or self._announced != self._ours() or bool(self.is_read and self._newcomers())

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
        newcomers = self._newcomers()
        return [self._list(newcomers, self._shown())] if newcomers and self.is_read else []

    def tell(self) -> list[Delivery[S]]:
        """Give what is new to those who have a list, and the list for those who lack it."""
        now = self._shown()
        stale = [(held, to) for held, to in self._holders() if held != now]
        return [*(self._news(to, held, now) for held, to in stale), *self.greet()]

    def _newcomers(self) -> list[S]:
        return [who for who, viewer in self._viewers.items() if viewer.holds is None]

    def _holders(self) -> list[tuple[Shown, list[S]]]:
        """Give each list that somebody holds, and who does; few have another one than most."""
        lists: dict[int, tuple[Shown, list[S]]] = {}
        for who, viewer in self._viewers.items():
            if viewer.holds is not None:
                lists.setdefault(id(viewer.holds), (viewer.holds, []))[1].append(who)
        return list(lists.values())

    def _list(self, to: Sequence[S], now: Shown) -> Delivery[S]:
        return self._delivery(to, now, frames.here(self.board, now.people, more=now.more))

    def _news(self, to: Sequence[S], held: Shown, now: Shown) -> Delivery[S]:
        change = _change(held.people, now.people)
        more = None if held.more == now.more else now.more
        frame = frames.here_changed(self.board, come=change.come, gone=change.gone, more=more)
        return self._delivery(to, now, frame)

    def _delivery(self, to: Sequence[S], now: Shown, frame: bytes) -> Delivery[S]:
        for who in to:
            self._viewers[who].holds = now
        return Delivery(self.board, tuple(to), (frame,), ephemeral=True)

    def _ours(self) -> dict[int, str]:
        return {viewer.user: viewer.name for viewer in self._viewers.values()}

    def _know(self, heard: Mapping[int, str | None]) -> None:
        for user, name in heard.items():
            if name is None:
                self._known.pop(user, None)
            else:
                self._known[user] = name

    def _shown(self) -> Shown:
        people = self._known | self._ours()
        listed = nsmallest(self._listed_at_most, people)
        return Shown({user: people[user] for user in listed}, len(people) - len(listed))


def _change(before: Mapping[int, str], now: Mapping[int, str]) -> Change:
    come = {user: name for user, name in now.items() if before.get(user) != name}
    return Change(come, frozenset(before.keys() - now.keys()))
