"""The bus: takes each board's events in order, remembers the last ones, and tells every hub process.

It is a bounded cache. The board's log is the truth, so whatever the bus forgets is read again from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from watercooler.messages import Event, WatercoolerError
from watercooler.room import Page

HISTORY_EVENTS = 1_000  # a board
HISTORY_BYTES = 1024 * 1024  # a board
HISTORY_IDLE_SECONDS = 600  # then a board is forgotten


class BusAway(WatercoolerError):
    """The bus cannot be reached; nothing was taken that was not answered for."""


class Top(NamedTuple):
    """The last event of a board that the bus took."""

    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Appended:
    """Where each board stands after an append; `gaps` are the boards whose events came too early."""

    tops: dict[int, int] = field(default_factory=dict)
    gaps: dict[int, int] = field(default_factory=dict)


class Bus(Protocol):
    """One contract, kept by MemoryBus and RedisBus alike."""

    process: str  # the random name of this one among all that share the bus

    def listen(
        self,
        heard: Callable[[Event], None],
        rejoined: Callable[[], None],
        whispered: Callable[[bytes], None],
        *,
        watched: Callable[[int], bool] = lambda board: True,
    ) -> None:
        """Name who is told of each event, of each moment before which some may be lost, and of whispers.

        Events of boards that are not watched here may go untold, unless they concern members.
        """

    async def run(self) -> None:
        """Carry events until cancelled."""

    def is_joined(self) -> bool:
        """Say whether events arrive here now."""

    async def append(self, events: Iterable[Event]) -> Appended:
        """Take events of one or more boards, each board's in order, by these rules:

        at or below the board's top: ignored; top + 1, or no top known: stored and told; beyond: a gap,
        and the rest of that board's events is refused; another epoch: replaces that board's history.
        Raises BusAway.
        """

    async def read(self, board: int, *, after: int) -> Page | None:
        """Give what is remembered after `after`, or as far back as there is; None if nothing is known.

        Raises BusAway.
        """

    async def tops(self, boards: Collection[int]) -> dict[int, Top]:
        """Give the tops of those of these boards of which anything is known. Raises BusAway."""

    async def whisper(self, message: bytes) -> None:
        """Tell every process, this one too, at most once: what may be lost without harm."""

    async def appear(self, board: int, user: int, name: str) -> None:
        """Say that this process has this user on the board; while the bus is away, as soon as it is back."""

    async def disappear(self, board: int, user: int) -> None:
        """Take that back."""

    async def present(self, boards: Collection[int]) -> dict[int, dict[int, str]]:
        """Give each board's users and their names, over all processes that live. Raises BusAway."""

    async def check(self) -> None:
        """Return if an append would be taken now. Raises BusAway."""

    async def close(self) -> None:
        """Let go of every connection."""


def concerns_members(event: Event) -> bool:
    """Say whether somebody may come to the board by this event, or leave it."""
    return any(change["entity"] == "member" for change in event["changes"])


def by_board(events: Iterable[Event]) -> dict[int, list[Event]]:
    """Sort events by board, each board's in the order given."""
    boards: dict[int, list[Event]] = {}
    for event in events:
        boards.setdefault(event["board"], []).append(event)
    return boards
