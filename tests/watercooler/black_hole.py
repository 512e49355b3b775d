"""A TCP proxy that can stop forwarding while its connections stand, as a broken network does."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Self

CHUNK_BYTES = 64 * 1024


class BlackHole:
    """Stands before a server on this machine, and listens on `port`."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._joined: set[asyncio.Task[None]] = set()
        self._may_reach, self._may_return = asyncio.Event(), asyncio.Event()
        self.forward()

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = int(self._listening.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()
        for task in self._joined:
            task.cancel()
        await asyncio.gather(*self._joined, return_exceptions=True)

    def swallow(self, *, also_what_is_sent: bool = True) -> None:
        """Let nothing come back from the server, nor reach it, unless that is to pass."""
        self._may_return.clear()
        if also_what_is_sent:
            self._may_reach.clear()

    def forward(self) -> None:
        """Let everything pass, also what was held back: TCP repeats it once the network is mended."""
        self._may_reach.set()
        self._may_return.set()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes both ways until one side ends the connection."""
        task = asyncio.current_task()
        assert task is not None
        self._joined.add(task)
        task.add_done_callback(self._joined.discard)
        with suppress(OSError, asyncio.CancelledError):  # asyncio logs a cancelled one as an error
            back, onward = await asyncio.open_connection("127.0.0.1", self._server_port)
            await asyncio.gather(
                _carry(reader, onward, self._may_reach), _carry(back, writer, self._may_return)
            )


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, may_pass: asyncio.Event) -> None:
    try:
        while data := await reader.read(CHUNK_BYTES):
            await may_pass.wait()
            writer.write(data)
            await writer.drain()
        await may_pass.wait()
    finally:
        writer.close()
