"""Every client of this process, also before its hello and while its socket closes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

from watercooler.connection import Connection

CONNECTIONS_A_USER = 20


class Connections:
    """Who is connected, and how many connections each user has."""

    def __init__(self) -> None:
        self._all: set[Connection] = set()
        self._users: Counter[int] = Counter()
        self._is_empty = asyncio.Event()

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._all))  # whoever is asked may leave at that

    def __len__(self) -> int:
        return len(self._all)

    def add(self, connection: Connection) -> None:
        """Note an open socket."""
        self._all.add(connection)
        self._is_empty.clear()

    def remove(self, connection: Connection) -> None:
        """Note that a socket has ended."""
        self._all.discard(connection)
        if not self._all:
            self._is_empty.set()

    def count(self, user: int) -> None:
        """Note whose a connection is."""
        self._users[user] += 1

    def discount(self, user: int) -> None:
        """Note that a connection of this user no longer counts."""
        self._users[user] -= 1
        if not self._users[user]:
            del self._users[user]

    def is_crowded(self, user: int) -> bool:
        """Say whether this user has as many connections as one may have."""
        return self._users[user] >= CONNECTIONS_A_USER

    def on_board(self, user: int, board: int) -> list[Connection]:
        """Give this user's connections that watch this board."""
        return [one for one in self._all if one.user == user and board in one.boards]

    async def wait_until_empty(self) -> None:
        """Return when the last socket has ended."""
        if self._all:
            await self._is_empty.wait()
