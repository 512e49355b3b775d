"""A client of /live that reads nothing unless a test asks it to: its socket fills up, as in a tunnel."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import orjson

from tests.faults.websocket import CLOSE, OPENING, PING, PONG, TEXT, Incoming, frame
from tests.watercooler.browser import ORIGIN, PATIENCE_SECONDS
from tests.watercooler.events import make_ticket
from watercooler.messages import Keys

RECEIVE_BYTES = 4096  # as little as the system gives
AT_ONCE_BYTES = 32 * 1024
LOOK_AGAIN_SECONDS = 0.001


class SlowReader:
    """One socket, and what was read of it."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        self._socket.setblocking(False)
        self._incoming = Incoming()
        self.heard: list[dict[str, Any]] = []
        self.pongs: list[bytes] = []
        self.close_code: int | None = None
        self._is_over = False

    @classmethod
    async def watch(cls, port: int, keys: Keys, *, after: int, board: int = 7) -> SlowReader:
        """Give one that is live on a board."""
        reader = cls()
        await asyncio.get_running_loop().sock_connect(reader._socket, ("127.0.0.1", port))
        ticket = make_ticket(keys, user=4, board=board)
        await reader._send(OPENING.format(origin=ORIGIN).encode())
        await reader.say(t="hello", v=1, ticket=ticket)
        await reader.say(t="sub", b=board, ticket=ticket, after=after, e="first")
        await reader.read_until(lambda: any(frame["t"] == "sub" for frame in reader.heard))
        return reader

    async def say(self, **words: Any) -> None:
        """Send one frame."""
        await self._send(frame(TEXT, orjson.dumps(words)))

    async def ping(self, payload: bytes) -> None:
        """Send what the other side's WebSocket answers by itself."""
        await self._send(frame(PING, payload))

    async def read_until(self, is_enough: Callable[[], object]) -> None:
        """Read until it is enough, which may come true without anything more to read; the end is enough."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (is_enough() or self._is_over):
                try:
                    self._take_bytes(self._socket.recv(AT_ONCE_BYTES))
                except BlockingIOError:
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
                except ConnectionResetError:
                    self._is_over = True
                await asyncio.sleep(0)

    def _take_bytes(self, data: bytes) -> None:
        self._is_over = data == b""
        for opcode, payload in self._incoming.take(data):
            self._take(opcode, payload)

    def events(self) -> list[int]:
        """Give the seqs of the events read."""
        return [frame["s"] for frame in self.heard if frame["t"] == "ev"]

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()

    async def _send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    def _take(self, opcode: int, payload: bytes) -> None:
        assert self.close_code is None, "data after the close frame"
        if opcode == TEXT:
            self.heard.append(orjson.loads(payload))
        elif opcode == PONG:
            self.pongs.append(payload)
        elif opcode == CLOSE:
            self.close_code = int.from_bytes(payload[:2], "big")
        else:
            raise AssertionError(f"a frame of opcode {opcode}, which the hub never sends")
