"""Watch a board over WebSockets, as many browsers would, from one thread of its own."""

import asyncio
import json
import threading
from dataclasses import dataclass, field
from typing import Any, Self

from tornado.httpclient import HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError, websocket_connect

from tests.stack import Stack

REST_SECONDS = 0.2  # before a lost connection is tried again


@dataclass
class Heard:
    """What one watcher has heard: the seq of the last event, how many, and how many were out of order."""

    seq: int
    events: int = 0
    wrong: int = 0
    connections: int = 0


@dataclass
class Watchers:
    """Some watchers of a board since its `snapshot`, from `start` to `stop`."""

    stack: Stack
    board: int
    snapshot: dict[str, Any]
    count: int
    heard: list[Heard] = field(default_factory=list)

    def start(self) -> Self:
        self._ticket, self._epoch = self.snapshot["live"]["ticket"], self.snapshot["epoch"]
        self.heard = [Heard(self.snapshot["seq"]) for _ in range(self.count)]
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._watch()])
        self._thread.start()
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()
        self._loop.close()

    async def _watch(self) -> None:
        tasks = [asyncio.create_task(self._watch_always(heard)) for heard in self.heard]
        await self._ending.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch_always(self, heard: Heard) -> None:
        while True:
            try:
                await self._watch_once(heard)
            except (OSError, StreamClosedError, WebSocketClosedError):  # the hub is away
                await asyncio.sleep(REST_SECONDS)

    async def _watch_once(self, heard: Heard) -> None:
        headers = {"Origin": self.stack.board_url}
        url = f"{self.stack.hub_url}/live".replace("http", "ws", 1)
        socket = await websocket_connect(HTTPRequest(url, headers=headers))
        heard.connections += 1
        hello = {"t": "hello", "v": 1, "ticket": self._ticket}
        wish = {"t": "sub", "b": self.board, "ticket": self._ticket, "after": heard.seq, "e": self._epoch}
        await socket.write_message(json.dumps(hello))
        await socket.write_message(json.dumps(wish))
        while (message := await socket.read_message()) is not None:
            frame = json.loads(message)
            if frame["t"] == "ev":
                heard.wrong += frame["s"] != heard.seq + 1
                heard.seq, heard.events = frame["s"], heard.events + 1
            elif frame["t"] == "ping":
                await socket.write_message('{"t":"pong"}')
        await asyncio.sleep(REST_SECONDS)
