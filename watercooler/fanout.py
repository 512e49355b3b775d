"""Send frames to many sockets: each is built once, and those of one moment leave in one send.

All that a socket is sent goes through one queue, and so in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from watercooler import metrics
from watercooler.connection import Connection, Encode
from watercooler.outlet import Laggards
from watercooler.room import Delivery

SOCKETS_AT_ONCE = 512  # about 4 ms; then others have their turn
REST_SECONDS_AT_MOST = 0.01


@dataclass(slots=True)
class Batch:
    """Frames that leave together, for the same connections."""

    to: tuple[Connection, ...]
    ephemeral: bool
    frames: list[bytes]
    gathered: float = field(default_factory=monotonic)
    _joined: dict[Encode, bytes] = field(default_factory=dict)

    def parts(self) -> Iterator[tuple[Connection, ...]]:
        """Give the connections, not too many at once."""
        for start in range(0, len(self.to), SOCKETS_AT_ONCE):
            yield self.to[start : start + SOCKETS_AT_ONCE]

    def send(self, to: Iterable[Connection]) -> None:
        """Write to these; the bytes of each encoding are made once."""
        encode: Encode | None = None
        data, ephemeral = b"", self.ephemeral
        for connection in to:
            outlet = connection.outlet
            if outlet.encode is not encode:
                encode = outlet.encode
                data = self._encoded(encode)
            outlet.write(data, ephemeral=ephemeral)

    def _encoded(self, encode: Encode) -> bytes:
        data = self._joined.get(encode)
        if data is None:
            data = self._joined[encode] = b"".join(map(encode, self.frames))
        return data


class Fanout:
    """The queue of all that is to be sent.

    It sends at once when idle, and rests after each round about as long as the round took: so a burst is
    joined by itself, and a lone event is not held up.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.laggards = Laggards(clock)
        self._batches: list[Batch] = []
        self._last_of: dict[int, Batch] = {}  # board -> its batch to which more may be added
        self._is_sending = False
        self._wake: asyncio.Future[None] | None = None  # of `run`, while it waits

    def is_busy(self) -> bool:
        """Say whether anything is on its way from here."""
        return self._is_sending or bool(self._batches)

    def tell(self, connection: Connection, payload: bytes) -> None:
        """Send one frame to one connection, behind what is on its way to it."""
        if self.is_busy():
            self._last_of.clear()  # what is added later may not overtake this
            self._gather(Batch((connection,), False, [payload]))
        else:
            connection.outlet.write(connection.outlet.encode(payload))
            metrics.count_sent([(1, [payload])])

    def deliver(self, delivery: Delivery[Connection]) -> None:
        """Send the delivery's frames to all whom it is for, in the next round."""
        last = self._last_of.get(delivery.board)
        if last and last.to == delivery.to and last.ephemeral == delivery.ephemeral:
            last.frames += delivery.frames
        else:
            batch = Batch(delivery.to, delivery.ephemeral, list(delivery.frames))
            self._last_of[delivery.board] = batch
            self._gather(batch)

    async def run(self) -> None:
        """Send, until cancelled."""
        rested = 0.0  # the moment from which on it may send again
        while True:
            await self._until_gathered()
            if (rest := rested - monotonic()) > 0:
                await asyncio.sleep(rest)
            began = monotonic()
            await self._send_all()
            over = monotonic()
            rested = over + min(over - began, REST_SECONDS_AT_MOST)

    def _gather(self, batch: Batch) -> None:
        self._batches.append(batch)
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def _until_gathered(self) -> None:
        if not self._batches:
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake

    async def _send_all(self) -> None:
        batches, self._batches = self._batches, []
        self._last_of.clear()
        self._is_sending = True
        room = SOCKETS_AT_ONCE
        for batch in batches:
            for part in batch.parts():
                batch.send(part)
                room -= len(part)
                if room <= 0:
                    await asyncio.sleep(0)
                    room = SOCKETS_AT_ONCE
        self._is_sending = False
        metrics.count_sent((len(batch.to), batch.frames) for batch in batches)
        metrics.DELIVERY_LAG.observe(monotonic() - batches[0].gathered)
