"""A page's side of /live/events and /live/poll, over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from tests.watercooler.browser import ORIGIN, PATIENCE_SECONDS


class Stream:
    """Reads what a fetch of /live/events would give: the head, then one message after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer
        self._text = b""
        self.last_id: str | None = None
        self.status, self.headers = 0, dict[str, str]()

    @classmethod
    async def ask(
        cls, port: int, ticket: str, *, path: str = "events", query: str, version: str = "1.1", **headers: str
    ) -> Stream:
        """Ask, and wait for no answer; a header's name has _ for -."""
        stream = cls(*await asyncio.open_connection("127.0.0.1", port))
        named = {"Host": "localhost", "Origin": ORIGIN, "Authorization": f"Bearer {ticket}"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        stream.writer.write(f"GET /live/{path}{query} HTTP/{version}\r\n{head}\r\n".encode())
        return stream

    @classmethod
    async def open(cls, port: int, ticket: str, **asked: str) -> Stream:
        """Ask, and read the head of the answer."""
        stream = await cls.ask(port, ticket, **asked)
        await stream._read_head()
        return stream

    async def hear(self) -> dict[str, Any]:
        """Give the next frame, which has to come, and note its id; who is here is passed over."""
        while (frame := await self.hear_all())["t"] == "here":
            continue
        return frame

    async def hear_all(self) -> dict[str, Any]:
        """Give the next frame, whatever it is."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while b"\n\n" not in self._text:
                chunk = await self._read_chunk()
                assert chunk, "the stream has ended"
                self._text += chunk
        message, _, self._text = self._text.partition(b"\n\n")
        fields = dict(text.split(": ", 1) for text in message.decode().splitlines())
        self.last_id = fields.get("id", self.last_id)
        frame: dict[str, Any] = orjson.loads(fields["data"])
        return frame

    async def hear_live(self, *, seq: int, missed: int = 0) -> None:
        """Hear that one is welcome and live."""
        assert (await self.hear())["t"] == "welcome"
        assert await self.hear() == {"t": "sub", "b": 7, "s": seq, "n": missed}

    async def hear_events(self, count: int) -> list[int]:
        """Give the seqs of the next frames, all of them events."""
        heard = [await self.hear() for _ in range(count)]
        assert {frame["t"] for frame in heard} <= {"ev"}, heard
        return [frame["s"] for frame in heard]

    async def hear_end(self) -> None:
        """Return when the stream ends as it should, and its connection with it."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._read_chunk():
                continue
            assert await self._reader.read() == b""

    async def hear_cut(self) -> None:
        """Return when the connection is gone, however it ends."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                while await self._reader.read(65_536):
                    continue
            except ConnectionResetError:
                return

    def vanish(self) -> None:
        """End the connection."""
        self.writer.transport.abort()

    async def _read_head(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = dict(text.split(": ", 1) for text in lines if text)

    async def _read_chunk(self) -> bytes:
        size = int((await self._reader.readline()).strip(), 16)
        return (await self._reader.readexactly(size + 2))[:-2]


async def poll(
    port: int, ticket: str | None, *, query: str, path: str = "poll", **headers: str
) -> HTTPResponse:
    """Ask once, by whichever of the two; a header's name has _ for -."""
    client = AsyncHTTPClient(force_instance=True)
    named = {} if ticket is None else {"Authorization": f"Bearer {ticket}"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        url = f"http://127.0.0.1:{port}/live/{path}{query}"
        return await client.fetch(url, headers=named, raise_error=False, request_timeout=PATIENCE_SECONDS)
    finally:
        client.close()


def frames_of(response: HTTPResponse) -> list[dict[str, Any]]:
    """Give what a poll was answered."""
    assert response.code == 200, response.body
    frames: list[dict[str, Any]] = orjson.loads(response.body)["frames"]
    return [frame for frame in frames if frame["t"] not in {"welcome", "here"}]
