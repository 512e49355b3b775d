"""A client of the hub that keeps a board by its events alone, and comes back whenever it is cut off."""

import asyncio
import contextlib
import threading
from types import TracebackType
from typing import Any, Self

import httpx
import orjson
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from board.replay import apply
from tests.browser.people import Person, TeamBoard
from tests.services import wait_until

BETWEEN_TRIES_SECONDS = 0.05
KEPT = ("board", "members", "columns", "sprints", "tasks", "seq", "epoch")
LOST = (OSError, httpx.TransportError, WebSocketClosedError)


class Watcher(threading.Thread):
    """Its `state` is a snapshot moved on by `replay.apply`, which raises where an event is missing."""

    def __init__(self, board: TeamBoard, person: Person) -> None:
        super().__init__(name="watcher", daemon=True)
        self._board, self._person = board, person
        self._socket: WebSocketClientConnection | None = None
        self._loop = asyncio.new_event_loop()
        self._staying = self._loop.create_task(self._stay())
        self._start_over()
        self.resets = 0
        self.failure: BaseException | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with contextlib.suppress(RuntimeError):  # its loop has ended by itself
            self._loop.call_soon_threadsafe(self._staying.cancel)
        self.join()
        if self.failure is not None and error is None:
            raise self.failure

    def run(self) -> None:
        try:
            with contextlib.suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._staying)
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            self.failure = error
        finally:
            self._loop.close()

    def wait_for(self, seq: int, epoch: str) -> None:
        wait_until(lambda: self._has(seq, epoch), f"the watcher hears of event {seq}")

    def _has(self, seq: int, epoch: str) -> bool:
        if self.failure is not None:
            raise self.failure
        return bool((self.state["seq"], self.state["epoch"]) == (seq, epoch))

    def _start_over(self) -> None:
        held = self._person.get(f"boards/{self._board.id}/snapshot")
        self.state: dict[str, Any] = {name: held[name] for name in KEPT}
        self.first: int = held["seq"]
        self.applied: list[int] = []  # the seqs of the events since then

    async def _stay(self) -> None:
        while True:
            with contextlib.suppress(*LOST):
                await self._follow()
            await asyncio.sleep(BETWEEN_TRIES_SECONDS)

    async def _follow(self) -> None:
        """Live one connection: hello, subscribe where it left off, apply what comes."""
        ticket = self._person.send("POST", f"boards/{self._board.id}/ticket")
        request = HTTPRequest(ticket["url"], headers={"Origin": self._person.origin})
        self._socket = await websocket_connect(request)
        protocol = self._socket.protocol
        assert protocol is not None
        try:
            await self._listen(self._socket, ticket["ticket"])
        finally:
            self._socket.protocol = None
            protocol._abort()  # without a last word: nobody is left to wait for it

    async def _listen(self, socket: WebSocketClientConnection, ticket: str) -> None:
        self._say(t="hello", v=1, ticket=ticket)
        self._subscribe(ticket)
        while (text := await socket.read_message()) is not None:
            frame = orjson.loads(text)
            if frame["t"] == "ev":
                self._take(frame)
            elif frame["t"] == "ping":
                self._say(t="pong")
            elif frame["t"] == "reset":
                self._start_over()
                self.resets += 1
                return

    def _subscribe(self, ticket: str) -> None:
        after, epoch = self.state["seq"], self.state["epoch"]
        self._say(t="sub", b=self._board.id, ticket=ticket, after=after, e=epoch)

    def _take(self, frame: dict[str, Any]) -> None:
        self.state = apply(self.state, {"seq": frame["s"], "changes": frame["changes"]})
        self.applied.append(frame["s"])

    def _say(self, **frame: Any) -> None:
        assert self._socket is not None
        self._socket.write_message(orjson.dumps(frame))
