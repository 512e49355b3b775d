"""One board's room: who is in it, and which piece of the board's log it holds.

The piece has no holes, and everyone who was admitted has received exactly what it ends with.
No I/O: each method gives the frames to send, and `need` says what to read from a log that reaches further.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from watercooler import frames, metrics
from watercooler.messages import Event
from watercooler.piece import Line, Piece

AHEAD_EVENTS = 1_000  # more than these are read again from the log...
AHEAD_BYTES = 1024 * 1024  # ...and more than this too

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Page:
    """Events of one epoch, without a hole, that begin right after `after` and end at the log's top."""

    epoch: str
    after: int
    events: tuple[Event, ...]

    @property
    def top(self) -> int:
        """The seq of the last event there is."""
        return self.after + len(self.events)


class Delivery(NamedTuple, Generic[S]):
    """Frames for one or more subscribers of a board, in order.

    They are the first ones for those who are `joining`, and the last ones for those who are `leaving`.
    What is `ephemeral` a slow socket may lose.
    """

    board: int
    to: tuple[S, ...]
    frames: tuple[bytes, ...]
    leaving: bool = False
    joining: bool = False
    ephemeral: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """Where a subscriber stands who is not yet admitted; told apart by identity."""

    after: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Need(Generic[S]):
    """Read the log after `after`; the answer settles these doubts, and the board's own also who may wait."""

    after: int
    doubts: int
    waiting: dict[S, Waiting]


@dataclass(slots=True)
class Room(Generic[S]):
    """The subscribers of one board."""

    board: int
    epoch: str | None = None
    last: int = 0  # what every member has; means nothing while epoch is None
    heard: int = 0  # the highest seq known to exist
    over: str | None = None  # an epoch that the log did not continue: only the board brings it back
    doubts: int = 1  # how often something may have passed unheard: once before the room was opened...
    settled: int = 0  # ...and up to which of these times a log has been read since
    members: dict[S, None] = field(default_factory=dict)
    waiting: dict[S, Waiting] = field(default_factory=dict)
    _everyone: tuple[S, ...] = ()  # the members, as long as they are the same
    _piece: Piece = field(default_factory=Piece)
    _ahead: dict[int, Line] = field(default_factory=dict)

    def subscribe(self, who: S, *, after: int, epoch: str) -> list[Delivery[S]]:
        """Let someone in who has everything up to `after`, now or as soon as that can be continued."""
        self.leave(who)
        self.waiting[who] = Waiting(after, epoch)
        return self._admitted()

    def leave(self, who: S) -> None:
        """Forget someone."""
        if who in self.members:
            del self.members[who]
            self._everyone = ()
        self.waiting.pop(who, None)

    def is_empty(self) -> bool:
        """Say whether nobody is here or waits."""
        return not self.members and not self.waiting

    def hear(self, event: Event) -> list[Delivery[S]]:
        """Take an event as it happens: next, seen before, or ahead of a gap."""
        line = _line(event)
        if self.epoch is None:
            self._keep(line)
            return []
        if line.epoch != self.epoch:
            return [*self._restarted(line.epoch, line.seq - 1, [line]), *self._admitted()]
        if line.seq <= self.last:
            return []
        self.heard = max(self.heard, line.seq)
        self._keep(line)
        return [*self._advanced(), *self._admitted()]

    def need(self) -> Need[S] | None:
        """Say what to read, or None when all is well."""
        if self.is_empty() or (not self.waiting and self._is_whole()):
            return None
        if self.epoch is None:
            positions = [waiting.after for waiting in self.waiting.values()]
        else:
            ours = [waiting.after for waiting in self.waiting.values() if waiting.epoch == self.epoch]
            positions = [*ours, self.last]
        return Need(min(positions, default=0), self.doubts, dict(self.waiting))

    def position(self) -> Need[S] | None:
        """Say where the members stand, to ask whether that is still the top."""
        return None if self.epoch is None or self.is_empty() else Need(self.last, self.doubts, {})

    def is_behind(self, epoch: str, seq: int) -> bool:
        """Say whether a log that ends so holds what the members lack."""
        return self.epoch is not None and (epoch != self.epoch or seq > self.last)

    def merge_history(self, need: Need[S], page: Page) -> list[Delivery[S]]:
        """Take what the bus remembers; it settles doubts only once the board itself has been heard.

        A bus that was emptied takes whatever is posted first for the top: it may be far behind the board.
        After a restore it may be ahead of it, too, and in the epoch before.
        """
        if page.epoch == self.over or (self.epoch is not None and page.epoch != self.epoch):
            return []
        if self.settled and page.top >= self.last:
            self.settled = need.doubts
        return self._merged(page)

    def merge_log(self, need: Need[S], page: Page) -> list[Delivery[S]]:
        """Take what the board's own log says in answer to `need`, and send away whom it disproves."""
        self.settled, self.over = need.doubts, None
        return [*self._merged(page), *self._disproved(need)]

    def trimmed(self, need: Need[S]) -> list[Delivery[S]]:
        """The log does not reach back, or forward, to `need.after`: who stands there needs a snapshot."""
        lost = [who for who, at in need.waiting.items() if at.after == need.after and self._waits(who, at)]
        if self.epoch is not None and self.last == need.after:
            lost += self.members
            self.epoch, self.over = None, self.epoch
            self._piece = Piece()
        return self._reset(lost, "gone")

    def closed(self) -> list[Delivery[S]]:
        """There is no such board: everyone leaves."""
        return self._sent_away([*self.members, *self.waiting], frames.refused(self.board, "board"))

    def _is_whole(self) -> bool:
        return self.settled == self.doubts and (self.epoch is None or self.heard <= self.last)

    def _first(self) -> int:
        return self.last - len(self._piece) + 1

    def _waits(self, who: S, waiting: Waiting) -> bool:
        return self.waiting.get(who) is waiting

    def _keep(self, line: Line) -> None:
        """Keep a line that cannot be placed yet; of too many the last, so that the top is never forgotten."""
        self._ahead[line.seq] = line
        while len(self._ahead) > 1 and self._is_too_much_ahead():
            del self._ahead[min(self._ahead)]

    def _is_too_much_ahead(self) -> bool:
        size = sum(len(line.frame) for line in self._ahead.values())
        return len(self._ahead) > AHEAD_EVENTS or size > AHEAD_BYTES

    def _merged(self, page: Page) -> list[Delivery[S]]:
        lines = [_line(event) for event in page.events]
        if page.epoch != self.epoch:
            return [*self._restarted(page.epoch, page.after, lines), *self._admitted()]
        self.heard = max(self.heard, page.top)
        self._extend_back(page.after, lines)
        self._ahead.update((line.seq, line) for line in lines if line.seq > self.last)
        return [*self._advanced(), *self._admitted()]

    def _extend_back(self, after: int, lines: list[Line]) -> None:
        """Put older lines before the piece, if they reach it."""
        older = self._first() - 1 - after
        if 0 < older <= len(lines):
            self._piece.put_before(lines[:older])

    def _restarted(self, epoch: str, after: int, lines: list[Line]) -> list[Delivery[S]]:
        """Begin a new piece; whoever followed another epoch needs a snapshot."""
        gone = self._reset(list(self.members), "epoch")
        self.epoch, self.last, self._piece = epoch, after + len(lines), Piece(lines)
        self._ahead = {seq: line for seq, line in self._ahead.items() if line.epoch == epoch}
        self.heard = max([self.last, *self._ahead])
        return [*gone, *self._advanced()]

    def _advanced(self) -> list[Delivery[S]]:
        """Move on over what is contiguous, and send it to the members."""
        fresh: list[bytes] = []
        while line := self._ahead.pop(self.last + 1, None):
            self._piece.append(line)
            self.last += 1
            fresh.append(line.frame)
        if self._ahead:
            self._ahead = {seq: line for seq, line in self._ahead.items() if seq > self.last}
        metrics.EVENTS_OUT.inc(len(fresh) * len(self.members))
        return [Delivery(self.board, self._all_members(), tuple(fresh))] if fresh and self.members else []

    def _all_members(self) -> tuple[S, ...]:
        """Give the same tuple until somebody comes or goes."""
        if not self._everyone:
            self._everyone = tuple(self.members)
        return self._everyone

    def _admitted(self) -> list[Delivery[S]]:
        """Let in everyone whose position the piece continues; then shorten it."""
        if not self._is_whole():
            return []
        able = [who for who, at in self.waiting.items() if self._continues(at)]
        deliveries = [
            Delivery(self.board, (who,), self._replay(self.waiting.pop(who).after), joining=True)
            for who in able
        ]
        if able:
            self.members.update(dict.fromkeys(able))
            self._everyone = ()
        self._piece.shorten()
        return deliveries

    def _continues(self, waiting: Waiting) -> bool:
        return waiting.epoch == self.epoch and self._first() - 1 <= waiting.after <= self.last

    def _replay(self, after: int) -> tuple[bytes, ...]:
        missed = self._piece.after(after)
        metrics.REPLAYS.inc(bool(missed))
        metrics.REPLAYED.inc(len(missed))
        return (frames.subscribed(self.board, seq=self.last, count=len(missed)), *missed)

    def _disproved(self, need: Need[S]) -> list[Delivery[S]]:
        asked = {who: at for who, at in need.waiting.items() if self._waits(who, at)}
        strangers = [who for who, at in asked.items() if at.epoch != self.epoch]
        ahead = [who for who, at in asked.items() if at.epoch == self.epoch and at.after > self.heard]
        return [
            *self._reset(strangers, "epoch"),
            *self._reset(ahead, "ahead"),
        ]

    def _reset(self, whom: Sequence[S], why: str) -> list[Delivery[S]]:
        metrics.RESETS.labels(why).inc(len(whom))
        return self._sent_away(whom, frames.reset(self.board, why))

    def _sent_away(self, whom: Iterable[S], frame: bytes) -> list[Delivery[S]]:
        leaving = tuple(whom)
        for who in leaving:
            self.leave(who)
        return [Delivery(self.board, leaving, (frame,), leaving=True)] if leaving else []


def _line(event: Event) -> Line:
    return Line(event["epoch"], event["seq"], frames.happened(event))
