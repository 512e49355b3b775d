"""An orderly end: posts that have come are answered."""

from __future__ import annotations

import asyncio


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
