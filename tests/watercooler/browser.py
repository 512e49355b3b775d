"""A browser's side of /live, over a real socket."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import orjson
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.watercooler.events import make_ticket
from watercooler.messages import Keys

ORIGIN = "http://localhost:8000"
PATIENCE_SECONDS = 20  # only a broken hub waits this long


class Browser:
    """Says and hears frames."""

    def __init__(self, socket: WebSocketClientConnection, keys: Keys) -> None:
        assert socket.protocol is not None
        assert socket.protocol.stream is not None
        socket.protocol.set_nodelay(True)
        self._stream = socket.protocol.stream
        self.socket = socket
        self.keys = keys
        self._durable: deque[dict[str, Any]] = deque()  # read, and not yet asked for
        self._ephemeral: deque[dict[str, Any]] = deque()

    @classmethod
    async def open(cls, port: int, keys: Keys, *, origin: str = ORIGIN) -> Browser:
        """Connect, and say nothing yet."""
        request = HTTPRequest(f"ws://127.0.0.1:{port}/live", headers={"Origin": origin})
        return cls(await websocket_connect(request), keys)

    async def greet(self, *, user: int = 3) -> None:
        """Say hello, and be welcome."""
        await self.say(t="hello", v=1, ticket=make_ticket(self.keys, user=user))
        assert (await self.hear())["t"] == "welcome"

    async def say(self, **frame: Any) -> None:
        """Send one frame."""
        await self.socket.write_message(orjson.dumps(frame))

    async def subscribe(
        self, *, after: int, board: int = 7, epoch: str = "first", ticket: str | None = None
    ) -> None:
        """Ask for a board's events; the answer is heard by the test."""
        ticket = ticket or make_ticket(self.keys, board=board)
        await self.say(t="sub", b=board, ticket=ticket, after=after, e=epoch)

    async def hear(self) -> dict[str, Any]:
        """Give the next frame that has to come; who is there and what they do is heard apart."""
        return await self._next(self._durable)

    async def hear_ephemeral(self) -> dict[str, Any]:
        """Give the next frame that says who is there, or what they do."""
        return await self._next(self._ephemeral)

    async def hear_here(self) -> dict[str, Any]:
        """Give the next frame that says who is there, without what is the same in all of them."""
        frame = await self.hear_ephemeral()
        assert frame.pop("t") == "here"
        return frame

    async def hear_events(self, count: int) -> list[int]:
        """Give the seqs of the next frames, all of them events."""
        heard = [await self.hear() for _ in range(count)]
        assert {frame["t"] for frame in heard} <= {"ev"}, heard
        return [frame["s"] for frame in heard]

    async def hear_close(self) -> int | None:
        """Skip what still comes, and give the code that the hub closes with."""
        while await self._read() is not None:
            continue
        return self.socket.close_code

    def vanish(self) -> None:
        """End the connection without a word, as a closed lid does."""
        self.socket.protocol = None
        self._stream.close()

    async def round_trip(self) -> None:
        """Return when the hub has acted on everything said so far."""
        await self.say(t="ticket", b=0, ticket="none")
        assert await self.hear() == {"t": "no", "b": 0, "why": "ticket"}

    async def hear_any(self) -> dict[str, Any]:
        """Give the next frame, of whatever kind."""
        assert not self._durable
        assert not self._ephemeral
        message = await self._read()
        assert message is not None
        frame: dict[str, Any] = orjson.loads(message)
        return frame

    async def _next(self, wanted: deque[dict[str, Any]]) -> dict[str, Any]:
        while not wanted:
            message = await self._read()
            assert message is not None, f"closed with {self.socket.close_code} {self.socket.close_reason}"
            frame: dict[str, Any] = orjson.loads(message)
            is_ephemeral = frame["t"] in {"here", "say"}
            (self._ephemeral if is_ephemeral else self._durable).append(frame)
        return wanted.popleft()

    async def _read(self) -> str | bytes | None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.socket.read_message()
