"""Read the board's posts on a connection of their own, with nothing between the bytes and the hub.

Tornado's way to a handler costs 0.4 ms of CPU a post, more than to tell ten browsers of it. Only plain posts
are read here; whatever else comes over such a connection, Tornado reads as if nobody had before.
"""

from __future__ import annotations

import asyncio
import re
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from socket import MSG_PEEK
from time import monotonic, time

from tornado.iostream import IOStream, StreamClosedError

from watercooler import metrics
from watercooler.hub import Hub
from watercooler.posting import json_of, take_post

FIRST_LINE = b"POST /publish HTTP/1.1\r\n"
HEAD_BYTES_AT_MOST = 8 * 1024
BODY_BYTES_AT_MOST = 512 * 1024  # a longer one is Tornado's
CHUNK_BYTES = 32 * 1024
RECEIVE_BYTES = 8 * 1024  # Tornado clears this much memory for each read, 64 KiB unless told
PLAIN_HEAD = re.compile(r"POST /publish HTTP/1\.1\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*\r\n)+\r\n")
FIELD = re.compile(r"([^\r\n:]+):[ \t]*([^\r\n]*?)[ \t]*\r\n")  # RFC 9112, section 5
NOT_PLAIN = ("transfer-encoding", "expect", "upgrade")


def begins_with_a_post(stream: IOStream) -> bool:
    """Say whether the first line of a new connection is a post's, if it has come already; leave it unread."""
    try:
        return stream.socket.recv(len(FIRST_LINE), MSG_PEEK) == FIRST_LINE
    except OSError:  # it has said nothing yet, or has gone
        return False


class PostReader:
    """Answers posts, one after the other."""

    def __init__(self, stream: IOStream, hub: Hub, *, silent_seconds: float) -> None:
        self._stream = stream
        self._stream.read_chunk_size = RECEIVE_BYTES
        self._hub = hub
        self._silent_seconds = silent_seconds
        self._unread = bytearray()
        self._heard = monotonic()

    async def serve(self) -> bool:
        """Answer until the connection ends; True if it asks for something else, which is yet to be read."""
        self._end_if_silent()
        try:
            while fields := await self._next_fields():
                await self._answer(fields)
        except StreamClosedError:
            return False
        finally:
            self._timer.cancel()
        _put_back(self._stream, self._unread)
        return True

    async def _next_fields(self) -> dict[str, str] | None:
        """Read a head; None, and nothing taken, if it is no plain post's."""
        while (end := self._unread.find(b"\r\n\r\n") + 4) < 4:
            if len(self._unread) > HEAD_BYTES_AT_MOST:
                return None
            await self._read()
        fields = plain_fields(self._unread[:end].decode("latin-1"))
        if fields:
            del self._unread[:end]
        return fields

    async def _answer(self, fields: dict[str, str]) -> None:
        self._hub.posts.note(self)
        try:
            body = await self._body(int(fields["content-length"]))
            status, answer = await take_post(self._hub, body, fields)
            self._stream.write(response(status, json_of(answer)))
        finally:
            self._hub.posts.answered(self)
        metrics.POSTS.labels(status).inc()

    async def _body(self, length: int) -> bytes:
        while len(self._unread) < length:
            await self._read()
        body = bytes(self._unread[:length])
        del self._unread[:length]
        return body

    async def _read(self) -> None:
        chunk = self._stream.read_bytes(CHUNK_BYTES, partial=True)
        if isinstance(chunk, asyncio.Future) and chunk.done():
            await asyncio.sleep(0)  # others have their turn, however much comes
        self._unread += await chunk
        self._heard = monotonic()

    def _end_if_silent(self) -> None:
        """End the connection, or look again when it may be time; a timer for each post would cost more."""
        left = self._heard + self._silent_seconds - monotonic()
        if left <= 0:
            self._stream.close()
        else:
            self._timer = asyncio.get_running_loop().call_later(left, self._end_if_silent)


def plain_fields(head: str) -> dict[str, str] | None:
    """Give the header fields of a plain post, their names in small letters; None for any other request."""
    if not PLAIN_HEAD.fullmatch(head):
        return None
    pairs = FIELD.findall(head, len(FIRST_LINE))
    fields = {name.lower(): value for name, value in pairs}
    length = fields.get("content-length", "")
    is_plain = (
        len(fields) == len(pairs)
        and length.isascii()
        and length.isdigit()
        and int(length) <= BODY_BYTES_AT_MOST
        and fields.get("connection", "keep-alive").lower() == "keep-alive"
        and not any(name in fields for name in NOT_PLAIN)
    )
    return fields if is_plain else None


def response(status: HTTPStatus, body: bytes) -> bytes:
    """Give an answer in JSON (RFC 9112)."""
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nDate: {_date(int(time()))}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _put_back(stream: IOStream, data: bytearray) -> None:
    """Let the stream's next reader begin with these bytes."""
    stream._read_buffer[:0] = data
    stream._read_buffer_size += len(data)
