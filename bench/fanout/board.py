"""A board for the hub to ask: the tests' own, in a thread, with the log of what was published."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from bench.fanout.events import EPOCH
from tests.watercooler.fake_board import FakeBoard
from watercooler.messages import Event, Keys

T = TypeVar("T")


class Board:
    """The truth behind the hub that is measured."""

    def __init__(self, keys: Keys) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._board = self._done(self._start(keys))
        self.url = self._board.url

    def know(self, room: int) -> None:
        """Have this room, without an event at first."""
        self._board.logs.setdefault(room, [])

    def record(self, event: Event) -> None:
        """Remember what is published next."""
        self._board.logs[event["board"]].append(event)

    def stop(self) -> None:
        self._done(self._board.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self, keys: Keys) -> FakeBoard:
        board = FakeBoard(keys)
        board.epoch = EPOCH
        await board.start()
        return board

    def _done(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
