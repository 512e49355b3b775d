"""The bus of a hub that is one process: plain code, no server."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice
from secrets import token_urlsafe
from time import monotonic

import orjson

from watercooler.bus import HISTORY_BYTES, HISTORY_EVENTS, HISTORY_IDLE_SECONDS, Appended, Top, by_board
from watercooler.messages import Event
from watercooler.room import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is remembered; what is beyond is read from the board's log."""

    events: int = HISTORY_EVENTS  # a board
    board_bytes: int = HISTORY_BYTES
    boards: int = 1_000
    bytes: int = 64 * 1024 * 1024  # in all
    idle_seconds: float = HISTORY_IDLE_SECONDS  # then a board is forgotten


@dataclass(slots=True)
class History:
    """The last events of one board."""

    epoch: str
    top: int | None = None
    events: deque[bytes] = field(
        default_factory=deque
    )  # JSON, without a gap; nothing for the garbage collector
    bytes: int = 0
    touched: float = 0.0  # seconds of the clock

    def store(self, event: Event) -> None:
        """Remember the next event."""
        text = orjson.dumps(event)
        self.events.append(text)
        self.bytes += len(text)
        self.top = event["seq"]

    def shorten(self, limits: Limits) -> None:
        """Forget the oldest events until both limits of a board hold."""
        while len(self.events) > limits.events or self.bytes > limits.board_bytes:
            self.bytes -= len(self.events.popleft())

    def page(self, top: int, *, after: int) -> Page:
        """Give what is remembered of the events after this one."""
        count = min(max(0, top - after), len(self.events))
        texts = islice(self.events, len(self.events) - count, None)
        return Page(self.epoch, top - count, tuple(map(orjson.loads, texts)))


class MemoryBus:
    """Keeps the rules of Bus with a dictionary."""

    def __init__(self, limits: Limits | None = None, *, clock: Callable[[], float] = monotonic) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._boards: OrderedDict[int, History] = OrderedDict()  # the longest idle first
        self._bytes = 0
        self._people: dict[int, dict[int, str]] = {}
        self._heard: Callable[[Event], None] = lambda event: None
        self._whispered: Callable[[bytes], None] = lambda message: None
        self.process = token_urlsafe(8)

    def listen(
        self,
        heard: Callable[[Event], None],
        rejoined: Callable[[], None],
        whispered: Callable[[bytes], None],
        *,
        watched: Callable[[int], bool] = lambda board: True,
    ) -> None:
        """Name who is told of each event and whisper; nothing is ever lost on the way."""
        self._heard, self._whispered = heard, whispered

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
        return history.page(history.top, after=after)

    async def tops(self, boards: Collection[int]) -> dict[int, Top]:
        """Give the tops of these boards; see Bus.tops."""
        known = {board: self._boards[board] for board in boards if board in self._boards}
        return {board: Top(it.epoch, it.top) for board, it in known.items() if it.top is not None}

    async def whisper(self, message: bytes) -> None:
        """Tell this process; see Bus.whisper."""
        self._whispered(message)

    async def appear(self, board: int, user: int, name: str) -> None:
        """Note that this user is on the board; see Bus.appear."""
        self._people.setdefault(board, {})[user] = name

    async def disappear(self, board: int, user: int) -> None:
        """Take that back; see Bus.disappear."""
        people = self._people.get(board, {})
        people.pop(user, None)
        if not people:
            self._people.pop(board, None)

    async def present(self, boards: Collection[int]) -> dict[int, dict[int, str]]:
        """Give each board's users; see Bus.present."""
        return {board: dict(self._people.get(board, {})) for board in boards}

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
            self._bytes -= known.bytes if known else 0
            known = self._boards[board] = History(epoch)
        known.touched = self._clock()
        self._boards.move_to_end(board)
        return known

    def _store(self, history: History, event: Event) -> None:
        self._bytes -= history.bytes
        history.store(event)
        history.shorten(self._limits)
        self._bytes += history.bytes
        self._heard(event)

    def _forget(self) -> None:
        oldest = self._clock() - self._limits.idle_seconds
        while self._boards:
            board, history = next(iter(self._boards.items()))
            if history.touched > oldest and not self._is_too_much():
                return
            del self._boards[board]
            self._bytes -= history.bytes

    def _is_too_much(self) -> bool:
        return len(self._boards) > self._limits.boards or self._bytes > self._limits.bytes
