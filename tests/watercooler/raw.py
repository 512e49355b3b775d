"""A client that speaks HTTP byte by byte, for what no library would say."""

from __future__ import annotations

import asyncio
from typing import Self

from tests.watercooler.browser import ORIGIN, PATIENCE_SECONDS

UPGRADE = (
    f"GET /live HTTP/1.1\r\nHost: hub\r\nOrigin: {ORIGIN}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
).encode()


class RawClient:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect, and say nothing yet."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def say(self, data: bytes) -> None:
        """Send these bytes."""
        self._writer.write(data)
        await self._writer.drain()

    async def hear_answer(self) -> tuple[int, dict[str, str], bytes]:
        """Give the status, the headers with small letters, and the body of the next answer."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.splitlines()
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            body = await self._reader.readexactly(int(headers.get("content-length", 0)))
        return int(first.split()[1]), headers, body

    async def hear(self, data: bytes) -> None:
        """Return when these bytes have come."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._reader.readuntil(data)

    async def hear_end(self) -> bytes | None:
        """Give what still comes before the other side closes; None if it breaks off."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                return await self._reader.read()
            except ConnectionResetError:
                return None

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
