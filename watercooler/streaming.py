"""Server-sent events at /live/events, for clients whose WebSockets are blocked.

A stream is what the WebSocket would send, in the format of the HTML standard, section 9.2.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import orjson
import structlog

from watercooler import metrics
from watercooler.connection import Encode, send_nothing
from watercooler.fallback import Fallback
from watercooler.frames import Close
from watercooler.outlet import StreamOutlet

LAST_CHUNK = b"0\r\n\r\n"  # of a chunked body (RFC 9112, section 7.1)
LAST_FRAMES = frozenset({"no", "reset"})  # the board is left, and there is no other
LINGER_SECONDS = 5  # for the other side to take what is left of a stream that has ended
EPOCHS_KEPT = 1_024
log = structlog.get_logger("watercooler")


class EventOutlet(StreamOutlet):
    """The way out of one stream, which ends with its last chunk."""

    __slots__ = ("_ended", "_is_over")

    def __init__(self, *arguments: Any, ended: Callable[[], None], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ended = ended
        self._is_over = False

    def write(self, data: bytes, *, ephemeral: bool = False, sent: int = 0) -> None:
        """Send whole messages, or the last one."""
        if self._is_over:
            return
        super().write(data, ephemeral=ephemeral, sent=sent)
        if data.endswith(LAST_CHUNK):
            self._is_over = True
            self._ended()

    def _clear(self) -> None:
        super()._clear()
        self.send = send_nothing  # each message is looked at


class Events(Fallback):
    """GET /live/events: one answer that goes on for as long as the ticket is good."""

    def get(self) -> None:
        """Answer with the head of the stream, and leave the rest to the hub."""
        if self.request.version != "HTTP/1.1":
            self.refuse(
                HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
                f"{self.request.version} has no chunks; expected HTTP/1.1 (nginx: proxy_http_version 1.1)",
            )
        asked = self.admitted()
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Connection", "close")
        self.flush()
        self._stream = self.detach()
        self._stream.set_close_callback(self.leave)
        if not self._stream.closed():
            self._stream.set_nodelay(True)
            self._outlet = self._open_outlet(event_stream(asked.epoch))
            self.begin(self._outlet, asked, close=self._end)

    def _end(self, code: Close, reason: str) -> None:
        """End the stream; whoever asks again is told why not."""
        metrics.CLOSES.labels(int(code)).inc()
        log.debug("ending", code=int(code), reason=reason)
        if code == Close.SLOW:
            self._stream.close()
        else:
            self._outlet.write(LAST_CHUNK)

    def _open_outlet(self, encode: Encode) -> EventOutlet:
        return EventOutlet(
            self._stream,
            laggards=self.hub.fanout.laggards,
            too_slow=self._too_slow,
            ended=self._close_when_taken,
            encode=encode,
        )

    def _too_slow(self) -> None:
        self._end(Close.SLOW, "too far behind")

    def _close_when_taken(self) -> None:
        if self._connection is not None:
            self.hub.leave_all(self._connection)
        if self._stream.writing():
            asyncio.get_running_loop().call_later(LINGER_SECONDS, self._stream.close)
        else:
            self._stream.close()


@lru_cache(EPOCHS_KEPT)
def event_stream(epoch: str) -> Encode:
    """Give the one encoding for all who follow this epoch: the bytes are made once for all of them."""

    def encode(payload: bytes) -> bytes:
        frame = orjson.loads(payload)
        message = b"%sdata: %s\n\n" % (_id(frame, epoch), payload)
        return b"%x\r\n%s\r\n%s" % (len(message), message, LAST_CHUNK if frame["t"] in LAST_FRAMES else b"")

    return encode


def _id(frame: dict[str, Any], epoch: str) -> bytes:
    """Name the last event that one has who has read up to here: at a `sub`, the one before what follows."""
    if frame["t"] not in {"ev", "sub"}:
        return b""
    return f"id: {epoch}:{frame['b']}:{frame['s'] - frame.get('n', 0)}\n".encode()
