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

from tornado.iostream import IOStream

from watercooler import metrics
from watercooler.hub import Hub
from watercooler.posting import json_of, take_post

FIRST_LINE = b"POST /publish HTTP/1.1\r\n"
HEAD_BYTES_AT_MOST = 8 * 1024
BODY_BYTES_AT_MOST = 512 * 1024  # a longer one is Tornado's
CHUNK_BYTES = 32 * 1024
PLAIN_HEAD = re.compile(r"POST /publish HTTP/1\.1\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*\r\n)+\r\n")
FIELD = re.compile(r"([^\r\n:]+):([^\r\n]*)\r\n")  # RFC 9112, section 5
NOT_PLAIN = frozenset({"transfer-encoding", "expect", "upgrade"})
TAKEN = metrics.POSTS.labels(HTTPStatus.OK)


def begins_with_a_post(stream: IOStream) -> bool:
    """Say whether the first line of a new connection is a post's, if it has come already; leave it unread."""
    try:
        return type(stream) is IOStream and stream.socket.recv(len(FIRST_LINE), MSG_PEEK) == FIRST_LINE
    except OSError:  # it has said nothing yet, or has gone
        return False


class PostReader:
    """Answers posts, one after the other; it reads from the socket itself, when it lacks something."""

    def __init__(self, stream: IOStream, hub: Hub, *, silent_seconds: float) -> None:
        self._stream, self._socket = stream, stream.socket
        self._hub = hub
        self._silent_seconds = silent_seconds
        self._loop = asyncio.get_running_loop()
        self._unread = bytearray()
        self._is_listening = self._has_ended = False
        self._more: asyncio.Future[None] = self._loop.create_future()
        self._heard = monotonic()

    async def serve(self) -> bool:
        """Answer until the connection ends; True if it asks for something else, which is yet to be read."""
        self._end_if_silent()
        try:
            while fields := await self._next_fields():
                await self._answer(fields)
        except (OSError, EOFError):
            return False
        finally:
            self._timer.cancel()
            self._stop_listening()
        _put_back(self._stream, self._unread)
        return True

    def end(self) -> None:
        """Read nothing more, as if the other side had gone."""
        self._has_ended = True
        if not self._more.done():
            self._more.set_result(None)

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
            if not self._unread:
                await asyncio.sleep(0)  # viewers hear of it first: they are in a hurry
            await self._send(response(status, json_of(answer)))
        finally:
            self._hub.posts.answered(self)
        counter = TAKEN if status is HTTPStatus.OK else metrics.POSTS.labels(status)
        counter.inc()

    async def _body(self, length: int) -> bytes:
        while len(self._unread) < length:
            await self._read()
        body = bytes(self._unread[:length])
        del self._unread[:length]
        return body

    async def _read(self) -> None:
        """Wait for more; the loop tells of it, so others have their turn, however much comes."""
        if not self._is_listening:
            self._loop.add_reader(self._socket.fileno(), self._receive)
            self._is_listening = True
        await self._more
        if self._has_ended:
            raise EOFError("the connection has ended")
        self._more = self._loop.create_future()
        self._heard = monotonic()

    def _receive(self) -> None:
        if self._more.done():  # nobody waits for more yet
            self._stop_listening()
            return
        try:
            data = self._socket.recv(CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._unread += data
        if data:
            self._more.set_result(None)
        else:
            self.end()

    def _stop_listening(self) -> None:
        if self._is_listening:
            self._loop.remove_reader(self._socket.fileno())
            self._is_listening = False

    async def _send(self, data: bytes) -> None:
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            async with asyncio.timeout(self._silent_seconds):
                await self._loop.sock_sendall(self._socket, memoryview(data)[sent:])

    def _end_if_silent(self) -> None:
        """End the connection, or look again when it may be time; a timer for each post would cost more."""
        left = self._heard + self._silent_seconds - monotonic()
        if left <= 0:
            self.end()
        else:
            self._timer = self._loop.call_later(left, self._end_if_silent)


def plain_fields(head: str) -> dict[str, str] | None:
    """Give the header fields of a plain post, their names in small letters; None for any other request."""
    if not PLAIN_HEAD.fullmatch(head):
        return None
    pairs = FIELD.findall(head, len(FIRST_LINE))
    fields = {name.lower(): value.strip(" \t") for name, value in pairs}
    length = fields.get("content-length", "")
    is_plain = (
        len(fields) == len(pairs)
        and length.isascii()
        and length.isdigit()
        and int(length) <= BODY_BYTES_AT_MOST
        and fields.get("connection", "keep-alive").lower() == "keep-alive"
        and NOT_PLAIN.isdisjoint(fields)
    )
    return fields if is_plain else None


def response(status: HTTPStatus, body: bytes) -> bytes:
    """Give an answer in JSON (RFC 9112)."""
    return b"%bContent-Length: %d\r\n\r\n%b" % (_head(status, int(time())), len(body), body)


@lru_cache(maxsize=1)
def _head(status: HTTPStatus, second: int) -> bytes:
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nDate: {formatdate(second, usegmt=True)}\r\n"
        "Content-Type: application/json\r\n"
    ).encode()


def _put_back(stream: IOStream, data: bytearray) -> None:
    """Let the stream's next reader begin with these bytes."""
    stream._read_buffer[:0] = data
    stream._read_buffer_size += len(data)
