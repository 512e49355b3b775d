"""The bus of a hub that is one process: plain code, no server."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic

from watercooler.bus import HISTORY_BOARDS, HISTORY_EVENTS, HISTORY_IDLE_SECONDS, Appended, by_board
from watercooler.messages import Event
from watercooler.room import Page


@dataclass(slots=True)
class History:
    """The last events of one board."""

    epoch: str
    top: int | None = None
    events: deque[Event] = field(default_factory=deque)
    touched: float = 0.0  # seconds of the clock


class MemoryBus:
    """Keeps the rules of Bus with a dictionary."""

    def __init__(
        self,
        *,
        events: int = HISTORY_EVENTS,
        boards: int = HISTORY_BOARDS,
        idle_seconds: float = HISTORY_IDLE_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._limits = (events, boards, idle_seconds)
        self._clock = clock
        self._boards: OrderedDict[int, History] = OrderedDict()  # the longest idle first
        self._heard: Callable[[Event], None] = lambda event: None

    def listen(self, heard: Callable[[Event], None], rejoined: Callable[[], None]) -> None:
        """Name who is told of each event; nothing is ever lost on the way."""
        self._heard = heard

    async def run(self) -> None:
        """Wait to be cancelled: events are carried by `append` itself."""
        await asyncio.get_running_loop().create_future()

    def is_joined(self) -> bool:
        """Say that events arrive."""
        return True

    async def append(self, events: Iterable[Event]) -> Appended:
        """Take events; see Bus.append."""
        appended = Appended()
        for board, its_events in by_board(events).items():
            self._append(board, its_events, appended)
        self._forget()
        return appended

    async def read(self, board: int, *, after: int) -> Page | None:
        """Give what is remembered; see Bus.read."""
        self._forget()
        history = self._boards.get(board)
        if history is None or history.top is None:
            return None
        events = tuple(event for event in history.events if event["seq"] > after)
        return Page(history.epoch, history.top - len(events), events)

    async def check(self) -> None:
        """Return: this process is here."""

    async def close(self) -> None:
        """Return: there is no connection."""

    def _append(self, board: int, events: list[Event], appended: Appended) -> None:
        for event in events:
            history = self._history(board, event["epoch"])
            if history.top is not None and event["seq"] > history.top + 1:
                appended.gaps[board] = history.top
                appended.tops.pop(board, None)
                return
            if history.top is None or event["seq"] == history.top + 1:
                self._store(history, event)
            appended.tops[board] = history.top if history.top is not None else event["seq"]

    def _history(self, board: int, epoch: str) -> History:
        known = self._boards.get(board)
        if known is None or known.epoch != epoch:
            known = self._boards[board] = History(epoch)
        known.touched = self._clock()
        self._boards.move_to_end(board)
        return known

    def _store(self, history: History, event: Event) -> None:
        history.events.append(event)
        history.top = event["seq"]
        if len(history.events) > self._limits[0]:
            history.events.popleft()
        self._heard(event)

    def _forget(self) -> None:
        _, boards, idle_seconds = self._limits
        oldest = self._clock() - idle_seconds
        while self._boards:
            board, history = next(iter(self._boards.items()))
            if len(self._boards) <= boards and history.touched > oldest:
                return
            del self._boards[board]
