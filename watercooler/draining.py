"""An orderly end: posts that have come are answered."""

from __future__ import annotations

import asyncio


class Posts:
    """The posts that have come and are not yet answered."""

    def __init__(self) -> None:
        self._waiting: set[object] = set()
        self._all_answered: asyncio.Future[None] | None = None  # once somebody waits for that

    def note(self, post: object) -> None:
        """Take in a post, from its first line on."""
        self._waiting.add(post)

    def answered(self, post: object) -> None:
        """Let go of a post that is answered, or whose sender has gone."""
        self._waiting.discard(post)
        if self._all_answered is not None and not self._waiting and not self._all_answered.done():
            self._all_answered.set_result(None)

    async def wait_until_answered(self) -> None:
        """Return when no post waits."""
        while self._waiting:
            self._all_answered = asyncio.get_running_loop().create_future()
            await self._all_answered
