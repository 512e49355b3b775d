"""A bus whose steps can be held, so that a test decides what happens between them."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from watercooler.bus import Appended
from watercooler.memory_bus import MemoryBus
from watercooler.messages import Event
from watercooler.room import Page


class Gate:
    """A place that work passes; held, it waits there, and `reached` says so."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._is_open = asyncio.Event()
        self._is_open.set()

    def hold(self) -> None:
        """Let nothing pass any more."""
        self._is_open.clear()

    def release(self) -> None:
        """Let pass what waits, and what comes later."""
        self._is_open.set()

    async def passed(self) -> None:
        """Return at once, or when released."""
        if not self._is_open.is_set():
            self.reached.set()
        await self._is_open.wait()


class HeldBus(MemoryBus):
    """A MemoryBus with gates between all that it does in one step."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answered, self.posted, self.taken = Gate(), Gate(), Gate(), Gate()
        self._untold: list[Event] = []

    def listen(self, heard: Callable[[Event], None], *others: Any, **more: Any) -> None:
        """Tell events when they are stored *and* the gate behind that is passed."""
        super().listen(self._untold.append, *others, **more)
        self._tell = heard

    async def append(self, events: Iterable[Event]) -> Appended:
        """Take events: gates before they are stored and before they are told."""
        await self.posted.passed()
        appended = await super().append(events)
        await self.taken.passed()
        told, self._untold[:] = list(self._untold), []
        for event in told:
            self._tell(event)
        return appended

    async def read(self, board: int, *, after: int) -> Page | None:
        """Give what is remembered: gates before it is read and before it is given."""
        await self.asked.passed()
        page = await super().read(board, after=after)
        await self.answered.passed()
        return page
