"""Long polling at /live/poll, for clients to which not even a stream gets through.

Each request is a connection of its own, which ends with its answer; what happens before the next one is held
in the board's room, as for anybody who was away.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from tornado.iostream import StreamClosedError

from watercooler import metrics
from watercooler.connection import Encode, Send, send_nothing
from watercooler.fallback import Fallback
from watercooler.frames import Close
from watercooler.outlet import EPHEMERAL_BEHIND_BYTES, STALLED_AT_MOST, line

WELCOME = (b'{"t":"welcome"',)
UNHURRIED = (*WELCOME, b'{"t":"sub"')  # they are part of each answer, and no reason for one
STATUSES = {
    Close.DRAINING: HTTPStatus.SERVICE_UNAVAILABLE,
    Close.REVOKED: HTTPStatus.FORBIDDEN,
    Close.TICKET_EXPIRED: HTTPStatus.UNAUTHORIZED,
}


class Held:
    """The way out to one answer: it gathers frames until one of them is worth the answer.

    What may be lost is no reason: who drags a card would make everybody ask ten times a second.
    """

    def __init__(self, *, waits: bool = True) -> None:
        self.encode: Encode = line
        self._unhurried = UNHURRIED if waits else WELCOME
        self.has_lost = False
        self.frames: list[bytes] = []
        self.send: Send = send_nothing
        self.is_due = asyncio.Event()
        self._bytes = 0

    def write(self, data: bytes, *, ephemeral: bool = False, sent: int = 0) -> None:
        """Keep these frames."""
        if ephemeral and self._bytes > EPHEMERAL_BEHIND_BYTES:
            self.has_lost = True
            return
        self._bytes += len(data)
        fresh = data.splitlines()
        self.frames += fresh
        if not ephemeral and not all(frame.startswith(self._unhurried) for frame in fresh):
            self.is_due.set()


class Poll(Fallback):
    """GET /live/poll: what was missed at once, else what happens next, else a ping. With `wait=0` at once."""

    async def get(self) -> None:
        """Answer when there is something to tell; the hub's own pings see to it that there is."""
        asked = self.admitted()
        self._held = Held(waits=self.get_query_argument("wait", "1") != "0")
        self._refusal: tuple[Close, str] | None = None
        try:
            self.begin(self._held, asked, close=self._end)
            await self._held.is_due.wait()
            await self._answer()
        finally:
            self.leave()

    def on_connection_close(self) -> None:
        """Wait no more for one who has gone."""
        if self._connection is not None:
            self._held.is_due.set()

    def _end(self, code: Close, reason: str) -> None:
        metrics.CLOSES.labels(int(code)).inc()
        self._refusal = (code, reason)
        self._held.is_due.set()

    async def _answer(self) -> None:
        """Send what is held; whoever does not take it in time is cut off, and asks again."""
        if self._refusal is not None:
            code, reason = self._refusal
            self.refuse(STATUSES.get(code, HTTPStatus.INTERNAL_SERVER_ERROR), reason)
        self.set_header("Content-Type", "application/json")
        stream = self.request.connection.stream  # type: ignore[union-attr]
        try:
            async with asyncio.timeout(STALLED_AT_MOST.total_seconds()):
                await self.finish(b'{"frames":[%s]}' % b",".join(self._held.frames))
        except TimeoutError:
            stream.close()
        except StreamClosedError:
            pass  # it has gone, and asks again from where it is
