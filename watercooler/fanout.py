"""Send frames to many sockets: each is built once, and those of one moment leave in one send.

All that a socket is sent goes through one queue, and so in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from watercooler import metrics
from watercooler.connection import Connection
from watercooler.lanes import SOCKETS_AT_ONCE, Lanes
from watercooler.outlet import Laggards
from watercooler.room import Delivery

REST_SECONDS_AT_MOST = 0.01


@dataclass(slots=True)
class Batch:
    """Frames that leave together, for the same connections."""

    board: int | None
    to: tuple[Connection, ...]
    ephemeral: bool
    frames: list[bytes]
    gathered: float = field(default_factory=monotonic)


class Fanout:
    """The queue of all that is to be sent.

    It sends at once when idle, and rests after each round about as long as the round took: so a burst is
    joined by itself, and a lone event is not held up.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.laggards = Laggards(clock)
        self._batches: list[Batch] = []
        self._last_of: dict[int, Batch] = {}  # board -> its batch to which more may be added
        self._lanes: dict[int, Lanes] = {}  # board -> how the last batch for it left
        self._round: Iterator[None] | None = None  # what is being sent
        self._turn: asyncio.Handle | None = None  # when more is sent
        self._rested = 0.0  # the moment from which on a round may begin
        self._end: asyncio.Future[None] | None = None  # of `run`, while it goes on

    def is_busy(self) -> bool:
        """Say whether anything is on its way from here."""
        return self._round is not None or bool(self._batches)

    def tell(self, connection: Connection, payload: bytes) -> None:
        """Send one frame to one connection, behind what is on its way to it."""
        if self.is_busy():
            self._last_of.clear()  # what is added later may not overtake this
            self._gather(Batch(None, (connection,), False, [payload]))
        else:
            connection.outlet.write(connection.outlet.encode(payload))
            metrics.count_sent([(1, [payload])])

    def deliver(self, delivery: Delivery[Connection]) -> None:
        """Send the delivery's frames to all whom it is for, in the next round."""
        last = self._last_of.get(delivery.board)
        if last and last.to == delivery.to and last.ephemeral == delivery.ephemeral:
            last.frames += delivery.frames
        else:
            batch = Batch(delivery.board, delivery.to, delivery.ephemeral, list(delivery.frames))
            self._last_of[delivery.board] = batch
            self._gather(batch)

    def forget(self, board: int) -> None:
        """Hold nothing more of those who watched this board: somebody has left it."""
        self._lanes.pop(board, None)

    async def run(self) -> None:
        """Send, until cancelled. Raises whatever goes wrong with that."""
        self._end = asyncio.get_running_loop().create_future()
        self._plan()
        try:
            await self._end
        finally:
            self._end = None
            if self._turn is not None:
                self._turn.cancel()

    def _gather(self, batch: Batch) -> None:
        self._batches.append(batch)
        if self._turn is None:
            self._plan()

    def _plan(self) -> None:
        """Take the next turn when others have had theirs: for the next round, when it has rested."""
        if self._end is None or not self.is_busy():
            return
        loop = self._end.get_loop()
        if self._round is None and (rest := self._rested - monotonic()) > 0:
            self._turn = loop.call_later(rest, self._take_turn)
        else:
            self._turn = loop.call_soon(self._take_turn)

    def _take_turn(self) -> None:
        """Send on until the round is over, or so much is sent that others should have their turn."""
        if self._round is None:
            self._round = self._send_all()
        try:
            is_over = next(self._round, self) is self
        except Exception as error:  # noqa: BLE001 - `run` raises it
            self._fail(error)
            return
        if is_over:
            self._round = None
        self._turn = None
        self._plan()

    def _fail(self, error: Exception) -> None:
        if self._end is not None and not self._end.done():
            self._end.set_exception(error)

    def _send_all(self) -> Iterator[None]:
        """Send all that is gathered, part by part."""
        began = monotonic()
        batches, self._batches = self._batches, []
        self._last_of.clear()
        room = SOCKETS_AT_ONCE
        for batch in batches:
            for count in self._lanes_of(batch).write(batch.frames, ephemeral=batch.ephemeral):
                room -= count
                if room <= 0:
                    yield
                    room = SOCKETS_AT_ONCE
        over = monotonic()
        self._rested = over + min(over - began, REST_SECONDS_AT_MOST)
        metrics.count_sent([(len(batch.to), batch.frames) for batch in batches])
        metrics.DELIVERY_LAG.observe(over - batches[0].gathered)

    def _lanes_of(self, batch: Batch) -> Lanes:
        """Give the lanes of the last batch for this board, if it was for the same connections."""
        lanes = self._lanes.get(batch.board) if batch.board is not None else None
        if lanes is None or not lanes.is_for(batch.to):
            lanes = Lanes(batch.to, self.laggards)
            if batch.board is not None:
                self._lanes[batch.board] = lanes
        return lanes
