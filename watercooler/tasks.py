"""Own the tasks of a hub: none of them ends unseen.

A hub without one of its tasks still answers and would call its clients live, so it had better end as a whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger("watercooler")


class Tasks:
    """Starts tasks, and reports the first that ends as it should not."""

    def __init__(self, failed: Callable[[], None]) -> None:
        self.has_failed = False
        self._failed = failed
        self._running: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Do this once; an error in it is a failure of the hub."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def keep(self, work: Callable[[], Awaitable[None]], *, name: str) -> None:
        """Do this as long as the hub stands; any end of it is a failure of the hub."""
        self.start(_endless(work, name), name=name)

    async def stop(self) -> None:
        """Cancel every task, and wait until each has ended."""
        self._is_stopping = True
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if self._is_stopping or error is None:
            return
        log.error("task failed, the hub stops", task=task.get_name(), exc_info=error)
        self.has_failed = True
        self._failed()


async def _endless(work: Callable[[], Awaitable[None]], name: str) -> None:
    await work()
    raise RuntimeError(f"{name} has ended, which it never should")
