"""Turn to every client, but to a few at a time: others have their turn, and not all answer in one moment."""

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
