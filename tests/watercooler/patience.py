"""Wait for what no event tells of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.watercooler.browser import PATIENCE_SECONDS

LOOK_SECONDS = 0.001  # between looks: other programs need the processor, too


async def until(comes_true: Callable[[], bool]) -> None:
    """Return when it has come true, or fail."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not comes_true():  # noqa: ASYNC110 - it is looked at, as nobody would tell
            await asyncio.sleep(LOOK_SECONDS)
