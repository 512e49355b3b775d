"""The ways out to one client: what it is sent leaves here, and here it is counted how far it is behind.

Nothing else writes to Tornado's streams while they live.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any

from tornado.iostream import IOStream, StreamClosedError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from watercooler.connection import Encode, Send, send_nothing
from watercooler.frames import text_frame

EPHEMERAL_BEHIND_BYTES = 32 * 1024  # then a socket loses what may be lost
BEHIND_BYTES_AT_MOST = 1024 * 1024  # then it is closed, and resumes later
STALLED_AT_MOST = timedelta(seconds=15)  # without progress while something waits: the same
LOOK_SECONDS = 1  # between looks for those that stand still
CHUNK_BYTES = 64 * 1024  # handed to Tornado at once for a socket that is behind


class Laggards:
    """The sockets for which something waits; one look now and then finds those that stand still."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.outlets: set[StreamOutlet] = set()
        self.turns = 0  # how often an outlet has begun to hold back, or ceased to

    async def keep_looking(self) -> None:
        """Look every second, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """Give up every socket that took nothing for too long."""
        now = self.clock()
        for outlet in list(self.outlets):
            outlet.expect_progress(now)


class StreamOutlet:
    """The way out of one socket: whole frames, in order, and a count of how far the other side is behind.

    It sends past Tornado's buffer while that is empty. What does not fit waits here, where the bytes are
    shared with the other sockets, and goes to Tornado one chunk after the other.
    """

    __slots__ = (
        "_handed_over",
        "_is_clear",
        "_is_shut",
        "_laggards",
        "_progress",
        "_send",
        "_since",
        "_stream",
        "_too_slow",
        "_waiting",
        "behind",
        "encode",
        "has_lost",
        "send",
    )

    def __init__(
        self,
        stream: IOStream,
        *,
        laggards: Laggards,
        too_slow: Callable[[], None],
        encode: Encode = text_frame,
    ) -> None:
        self.encode = encode
        self.has_lost = False
        self._stream = stream
        self._send = stream.socket.send if type(stream) is IOStream else send_nothing
        self._laggards = laggards
        self._too_slow = too_slow
        self._is_shut = False
        self._clear()
        self._waiting: list[bytes] = []
        self.behind = 0  # bytes that the socket has not taken...
        self._handed_over = 0  # ...and how many of them Tornado has
        self._progress = stream._total_write_done_index  # bytes, when it was last looked at...
        self._since: datetime  # ...and since when it has not changed, while something waits

    def write(self, data: bytes, *, ephemeral: bool = False, sent: int = 0) -> None:
        """Send these whole frames, now or when the socket takes them; `sent` bytes of them it has taken."""
        if not self._is_clear:
            self._queue(data, ephemeral)
            return
        try:
            sent = sent or self._send(data)
        except BlockingIOError:
            pass
        except OSError as error:
            self._stream.close(exc_info=error)
            return
        if sent < len(data):
            self.behind = len(data) - sent
            self._hand_over(memoryview(data)[sent:])

    def give_way(self) -> None:
        """Let Tornado finish what it may have begun to write by itself: a pong."""
        if self._is_clear and self._stream.writing():
            self._hand_over(b"")

    def shut(self) -> None:
        """Send nothing more, not even what waits: no data may follow a close frame."""
        self._is_shut = True
        self._hold_back()
        self._waiting.clear()
        self._laggards.outlets.discard(self)

    def expect_progress(self, now: datetime) -> None:
        """Give the socket up if it has taken nothing for too long."""
        progress = self._stream._total_write_done_index
        if progress != self._progress:
            self._progress, self._since = progress, now
        elif now - self._since >= STALLED_AT_MOST:
            self._give_up()

    def _clear(self) -> None:
        self._is_clear = True
        self.send: Send = self._send
        self._laggards.turns += 1

    def _hold_back(self) -> None:
        self._is_clear, self.send = False, send_nothing
        self._laggards.turns += 1

    def _queue(self, data: bytes, ephemeral: bool) -> None:
        """Let it wait, unless too much waits already.

        What Tornado has does not count: a long replay is no slowness, and a client closed for it would only
        come back and ask for the same.
        """
        if self._is_shut:
            return
        if ephemeral and self.behind > EPHEMERAL_BEHIND_BYTES:
            self.has_lost = True
        elif self.behind - self._handed_over > BEHIND_BYTES_AT_MOST:
            self._give_up()
        else:
            self._waiting.append(data)
            self.behind += len(data)

    def _hand_over(self, data: bytes | memoryview) -> None:
        """Leave these bytes to Tornado, as the first that wait."""
        self._hold_back()
        self._handed_over = len(data)
        self._laggards.outlets.add(self)
        self._progress, self._since = self._stream._total_write_done_index, self._laggards.clock()
        try:
            self._stream.write(data).add_done_callback(self._taken)
        except StreamClosedError:
            self.shut()

    def _taken(self, _: object) -> None:
        self.behind -= self._handed_over
        if self._is_shut:
            return
        if self._waiting:
            self._hand_over(self._next_chunk())
        elif self._stream.writing():
            self._hand_over(b"")
        else:
            self._laggards.outlets.discard(self)
            self._clear()

    def _next_chunk(self) -> bytes:
        sizes = accumulate(map(len, self._waiting))
        count = next((count for count, size in enumerate(sizes, start=1) if size >= CHUNK_BYTES), None)
        chunk = b"".join(self._waiting[:count])
        del self._waiting[:count]
        return chunk

    def _give_up(self) -> None:
        self.shut()
        self._too_slow()


class MessageOutlet:
    """The way out of one WebSocket by Tornado's own `write_message`, several times slower.

    For a Tornado without the attributes that StreamOutlet needs.
    """

    def __init__(self, socket: WebSocketHandler, *, too_slow: Callable[[], None]) -> None:
        self.encode: Encode = line
        self.send: Send = send_nothing
        self.has_lost = False
        self._socket = socket
        self._too_slow = too_slow
        self.behind = 0  # bytes

    def give_way(self) -> None:
        """Do nothing: Tornado keeps the order of what it writes."""

    def shut(self) -> None:
        """Do nothing: Tornado sends no message after its close frame."""

    def write(self, data: bytes, *, ephemeral: bool = False, sent: int = 0) -> None:
        """Send each line as one message, or give the socket up."""
        if ephemeral and self.behind > EPHEMERAL_BEHIND_BYTES:
            self.has_lost = True
        elif self.behind > BEHIND_BYTES_AT_MOST:
            self._too_slow()
        else:
            for payload in data.splitlines():
                self._send(payload)

    def _send(self, payload: bytes) -> None:
        try:
            written = self._socket.write_message(payload)
        except WebSocketClosedError:
            return
        self.behind += len(payload)
        written.add_done_callback(partial(self._taken, len(payload)))

    def _taken(self, count: int, written: asyncio.Future[None]) -> None:
        self.behind -= count
        if not written.cancelled():
            written.exception()  # its owner hears of a closed socket from Tornado


def open_outlet(
    socket: WebSocketHandler, *, laggards: Laggards, too_slow: Callable[[], None]
) -> StreamOutlet | MessageOutlet:
    """Give the fastest way out of a WebSocket that this Tornado has."""
    protocol: Any = socket.ws_connection
    try:
        return StreamOutlet(protocol.stream, laggards=laggards, too_slow=too_slow)
    except AttributeError:
        return MessageOutlet(socket, too_slow=too_slow)


def line(payload: bytes) -> bytes:
    """End a line: JSON as the hub writes it holds no line breaks of its own."""
    return payload + b"\n"
