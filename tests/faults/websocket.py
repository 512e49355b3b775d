"""The client's half of a WebSocket (RFC 6455), just enough of it to be thousands of clients at once.

The hub neither parts its messages nor compresses them, so each frame is a message.
"""

import asyncio
from collections.abc import Callable, Iterator

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
WITHOUT_A_WORD = 1006  # the code of an end without a close frame (section 7.1.5)
UNMASKED = b"\0\0\0\0"  # a mask that changes nothing: this client has no proxy to fool (section 10.3)
OPENING = (
    "GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


def frame(opcode: int, payload: bytes) -> bytes:
    """Give one frame from a client."""
    length = len(payload)
    if length < 126:
        return bytes((0x80 | opcode, 0x80 | length)) + UNMASKED + payload
    return bytes((0x80 | opcode, 0xFE)) + length.to_bytes(2, "big") + UNMASKED + payload


class Incoming:
    """Cuts what a hub sends, from the answer to the handshake on, into messages."""

    def __init__(self) -> None:
        self.status: int | None = None  # of the answer; None until it is whole
        self._rest = b""

    def take(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the opcode and the payload of each frame that is whole by now."""
        data = self._rest + data
        place = 0 if self.status else self._skip_answer(data)
        while self.status and (found := _frame_at(data, place)):
            start, end = found
            yield data[place] & 15, data[start:end]
            place = end
        self._rest = data[place:]

    def _skip_answer(self, data: bytes) -> int:
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return 0
        self.status = int(data.split(b" ", 2)[1])
        return end + 4


def _frame_at(data: bytes, place: int) -> tuple[int, int] | None:
    """Say where the payload of the frame at `place` starts and ends; None if it is not whole."""
    start = place + 2
    if start > len(data):
        return None
    length = data[place + 1]
    if length >= 126:
        start += 2 if length == 126 else 8
        length = int.from_bytes(data[place + 2 : start], "big")
    return (start, start + length) if start + length <= len(data) else None


class Line(asyncio.Protocol):
    """One connection: tells each text it hears, answers pings, and says in `ended` how it ended."""

    def __init__(self, *, origin: str, opened: Callable[[], None], hear: Callable[[bytes], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._opening = OPENING.format(origin=origin).encode()
        self._opened, self._hear = opened, hear
        self._incoming = Incoming()
        self._code = WITHOUT_A_WORD
        self._transport: asyncio.Transport | None = None  # until connected, and so for ever if refused
        self.ended: asyncio.Future[int] = self._loop.create_future()
        self.heard_at = self._loop.time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._opening)

    def data_received(self, data: bytes) -> None:
        """Hand on what is whole."""
        self.heard_at = self._loop.time()
        was_open = self._incoming.status is not None
        for opcode, payload in self._incoming.take(data):
            was_open = was_open or self._open()
            self._take(opcode, payload)
        if not was_open and self._incoming.status is not None:
            self._open()

    def connection_lost(self, error: Exception | None) -> None:
        """Say how it ended."""
        if not self.ended.done():
            self.ended.set_result(self._code)

    def say(self, text: bytes) -> None:
        """Send one message."""
        self._send(TEXT, text)

    def drop(self) -> None:
        """End it without a word, as a pulled cable does."""
        if self._transport is not None:
            self._transport.abort()

    def _open(self) -> bool:
        if self._incoming.status == 101:
            self._opened()
        else:
            self.drop()
        return True

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self._hear(payload)
        elif opcode == PING:
            self._send(PONG, payload)
        elif opcode == CLOSE and self._transport is not None:
            self._code = int.from_bytes(payload[:2], "big") if payload else 1005
            self._send(CLOSE, payload[:2])
            self._transport.close()

    def _send(self, opcode: int, payload: bytes) -> None:
        if self._transport is not None:
            self._transport.write(frame(opcode, payload))
