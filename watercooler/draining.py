"""An orderly end: posts that have come are answered, and clients do not all come back in one moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from math import ceil
from typing import TypeVar

PAUSE_SECONDS = 0.1
AT_ONCE = 50  # so many another process takes in within a tenth of a second

C = TypeVar("C")


async def spread(clients: Sequence[C], *, seconds: float) -> AsyncIterator[C]:
    """Give few clients at once, and many in equal batches over these seconds."""
    size = max(AT_ONCE, ceil(len(clients) * PAUSE_SECONDS / seconds))
    for place, client in enumerate(clients):
        if place and place % size == 0:
            await asyncio.sleep(PAUSE_SECONDS)
        yield client


class Posts:
    """The posts that have come and are not yet answered."""

    def __init__(self) -> None:
        self._waiting: set[object] = set()
        self._all_answered = asyncio.Event()
        self._all_answered.set()

    def note(self, post: object) -> None:
        """Take in a post, from its first line on."""
        self._waiting.add(post)
        self._all_answered.clear()

    def answered(self, post: object) -> None:
        """Let go of a post that is answered, or whose sender has gone."""
        self._waiting.discard(post)
        if not self._waiting:
            self._all_answered.set()

    async def wait_until_answered(self) -> None:
        """Return when no post waits."""
        await self._all_answered.wait()
