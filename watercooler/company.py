"""Who keeps whom company: everyone on a board is told who else looks at it, over all processes.

Of what goes wrong on the way to the bus nothing but the faces of a few seconds depends: it is asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import islice

from watercooler.bus import Bus, BusAway
from watercooler.connection import Connection
from watercooler.presence import LISTED_AT_MOST, Change, Presence
from watercooler.room import Delivery
from watercooler.tasks import Tasks
from watercooler.timing import Timing
from watercooler.whispers import Seen, Whispers

GREETED_AT_ONCE = 100  # viewers: in a larger crowd the newcomers of a quarter of a second are told together
BOARDS_AT_ONCE = 50  # asked about: about 2 ms of work


class Company:
    """The Presence of each board that somebody here looks at, and one task for each that has news."""

    def __init__(
        self,
        bus: Bus,
        whispers: Whispers,
        *,
        deliver: Callable[[Delivery[Connection]], None],
        timing: Timing,
        tasks: Tasks,
    ) -> None:
        self._bus, self._whispers = bus, whispers
        self._deliver, self._timing, self._tasks = deliver, timing, tasks
        self._boards: dict[int, Presence[Connection]] = {}
        self._gathering: set[int] = set()
        self._unread = asyncio.Event()
        self._asking = asyncio.Lock()  # one question at a time, or an older answer could come last

    def boards(self) -> list[int]:
        """List the boards that somebody looks at, or looked at a moment ago."""
        return list(self._boards)

    def introduce(self, joining: Iterable[Delivery[Connection]]) -> None:
        """Let those look on who were let in with these, and are still there; tell them who else does."""
        newcomers: dict[int, list[Connection]] = {}
        for delivery in joining:
            there = [one for one in delivery.to if delivery.board in one.boards]
            newcomers.setdefault(delivery.board, []).extend(there)
        for board, connections in newcomers.items():
            self._come(self._boards.setdefault(board, Presence(board)), connections)

    def go(self, board: int, connection: Connection) -> None:
        """Note that one no longer looks on."""
        if presence := self._boards.get(board):
            presence.go(connection)
            self._look_after(presence)

    def hear(self, seen: Seen) -> None:
        """Take what a process says, and contradict it where somebody is still here."""
        if presence := self._boards.get(seen.board):
            if here := presence.hear(seen.change):
                self._whispers.send(Seen(seen.board, Change(here, frozenset())))
            self._look_after(presence)

    def doubt(self) -> None:
        """Ask the bus about every board, and tell everybody again: whispers may have been lost."""
        for presence in self._boards.values():
            presence.is_read = False
            presence.forget_told(presence.viewers)
        self._unread.set()

    async def keep_reading(self) -> None:
        """Ask the bus about each new board, until cancelled."""
        while True:
            await self._unread.wait()
            self._unread.clear()
            await self._ask([one for one in self._boards.values() if not one.is_read])

    async def keep_comparing(self) -> None:
        """Ask the bus about every board now and then, until cancelled: who was killed does not say so."""
        while True:
            await asyncio.sleep(self._timing.renew_seconds)
            self._forgive_losses()
            await self._ask(list(self._boards.values()))

    def _come(self, presence: Presence[Connection], connections: Iterable[Connection]) -> None:
        for connection in connections:
            leave = connection.boards[presence.board]
            presence.come(connection, leave.user, leave.name)
        if not presence.is_read:
            self._unread.set()
        elif len(presence.viewers) <= GREETED_AT_ONCE:
            self._send(presence.greet())
        self._look_after(presence)

    def _forgive_losses(self) -> None:
        """Tell those again who were too far behind to be told something."""
        lost = {one for presence in self._boards.values() for one in presence.viewers if one.outlet.has_lost}
        for presence in self._boards.values():
            presence.forget_told(lost & presence.viewers)
        for connection in lost:
            connection.outlet.has_lost = False

    async def _ask(self, boards: Iterable[Presence[Connection]]) -> None:
        async with self._asking:
            remaining = iter(boards)
            while part := list(islice(remaining, BOARDS_AT_ONCE)):
                await self._ask_about(part)

    async def _ask_about(self, boards: Sequence[Presence[Connection]]) -> None:
        for presence in boards:
            presence.ask()
        people = await self._people([presence.board for presence in boards])
        for presence in boards:
            if self._boards.get(presence.board) is presence:
                presence.read(people.get(presence.board))
                self._send(presence.greet())
                self._look_after(presence)

    async def _people(self, boards: Sequence[int]) -> dict[int, dict[int, str]]:
        """Give who is on these boards, or nothing while the bus is away: it reports that itself."""
        with suppress(BusAway):
            if self._bus.is_joined():
                return await self._bus.present(boards)
        return {}

    def _look_after(self, presence: Presence[Connection]) -> None:
        """Begin to gather a board's news, if there are any; let go of a board that is over."""
        board = presence.board
        if board in self._gathering:
            return
        if presence.is_news():
            self._gathering.add(board)
            self._tasks.start(self._gather(presence), name=f"presence on board {board}")
        elif presence.is_over():
            self._boards.pop(board, None)

    async def _gather(self, presence: Presence[Connection]) -> None:
        while presence.is_news():
            crowds = max(1, len(presence.viewers) / LISTED_AT_MOST)  # so that the cost has a bound
            await asyncio.sleep(self._timing.gather_seconds * crowds)
            self._send(presence.tell())
            await self._announce(presence)
        self._gathering.discard(presence.board)
        self._look_after(presence)

    async def _announce(self, presence: Presence[Connection]) -> None:
        change = presence.announce()
        if not change:
            return
        board = presence.board
        appearances = [self._bus.appear(board, user, name) for user, name in change.come.items()]
        await asyncio.gather(*appearances, *(self._bus.disappear(board, user) for user in change.gone))
        if self._bus.is_joined():
            self._whispers.send(Seen(board, change))
        else:
            presence.hear(change)  # nobody else will

    def _send(self, deliveries: Iterable[Delivery[Connection]]) -> None:
        for delivery in deliveries:
            self._deliver(delivery)
