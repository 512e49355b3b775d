"""Who looks at which board, over all processes: a hash a board in Redis, and a lease a process.

A process that is killed stops renewing its lease, and its people are gone when that ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from redis.asyncio import Redis

BOARD_LEASES = 4  # a board's hash is forgotten when nobody has renewed it for so many leases

Place = tuple[int, int]  # a board and a user
People = dict[int, dict[int, str]]  # by board: a user's number and name


@dataclass(frozen=True, slots=True)
class Found:
    """One field of a board's hash: `process:user`, and the user's name."""

    board: int
    field: bytes
    value: bytes

    @property
    def process(self) -> str:
        """Say who wrote it."""
        return self.field.decode().rpartition(":")[0]

    @property
    def user(self) -> int:
        """Say who is there."""
        return int(self.field.rpartition(b":")[2])


class RedisPresence:
    """This process's people: as they are in memory, and in Redis as soon as it can be reached."""

    def __init__(self, redis: Redis, *, prefix: str, process: str, lease_seconds: float) -> None:
        self._redis, self._prefix, self._process = redis, prefix, process
        self._lease_ms = int(lease_seconds * 1000)
        self._people: dict[Place, str] = {}
        self._unwritten: set[Place] = set()
        self._writing = asyncio.Lock()  # so that Redis hears of comings and goings in their order

    def appear(self, board: int, user: int, name: str) -> None:
        """Note that this process has this user on the board."""
        self._people[board, user] = name
        self._unwritten.add((board, user))

    def disappear(self, board: int, user: int) -> None:
        """Note that it no longer has."""
        if self._people.pop((board, user), None) is not None:
            self._unwritten.add((board, user))

    async def write(self) -> None:
        """Write what was noted since the last time, by whomever. Raises RedisError."""
        async with self._writing:
            if self._unwritten:
                await self._write()

    async def renew(self) -> None:
        """Renew the lease and write everybody: Redis may have been emptied meanwhile. Raises RedisError."""
        async with self._writing:
            self._unwritten.update(self._people)
            await self._write()

    async def leave(self) -> None:
        """Give up the lease, and with it everybody. Raises RedisError."""
        await self._redis.delete(self._lease(self._process))

    async def present(self, boards: Collection[int]) -> People:
        """Give who is on these boards, and delete what dead processes left. Raises RedisError."""
        found = await self._found(boards)
        living = await self._living({one.process for one in found})
        await self._sweep([one for one in found if one.process not in living])
        people: People = {board: {} for board in boards}
        for one in found:
            if one.process in living:
                people[one.board][one.user] = orjson.loads(one.value)
        return people

    async def _write(self) -> None:
        written = {place: self._people.get(place) for place in self._unwritten}
        boards: dict[int, dict[int, str | None]] = {}
        for (board, user), name in written.items():
            boards.setdefault(board, {})[user] = name
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.set(self._lease(self._process), b"", px=self._lease_ms)
            for board, people in boards.items():
                self._write_board(pipeline, board, people)
            await pipeline.execute()
        self._unwritten -= {place for place, name in written.items() if self._people.get(place) == name}

    def _write_board(self, pipeline: Any, board: int, people: dict[int, str | None]) -> None:
        """Write who is there and who is not, by one command each: to make one costs more than a name."""
        key, fields = self._board(board), {user: f"{self._process}:{user}" for user in people}
        there = {fields[user]: orjson.dumps(name) for user, name in people.items() if name is not None}
        gone = [fields[user] for user, name in people.items() if name is None]
        if there:
            pipeline.hset(key, mapping=there)
        if gone:
            pipeline.hdel(key, *gone)
        pipeline.pexpire(key, self._lease_ms * BOARD_LEASES)

    async def _found(self, boards: Collection[int]) -> list[Found]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for board in boards:
                pipeline.hgetall(self._board(board))
            answers = await pipeline.execute()
        hashes = zip(boards, answers, strict=True)
        return [Found(board, field, value) for board, fields in hashes for field, value in fields.items()]

    async def _living(self, processes: set[str]) -> set[str]:
        if not processes:
            return set()
        names = list(processes)
        leases = await self._redis.mget([self._lease(name) for name in names])
        return {name for name, lease in zip(names, leases, strict=True) if lease is not None}

    async def _sweep(self, dead: Iterable[Found]) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for one in dead:
                pipeline.hdel(self._board(one.board), one.field)
            await pipeline.execute()

    def _board(self, board: int) -> str:
        return f"{self._prefix}:{board}:here"

    def _lease(self, process: str) -> str:
        return f"{self._prefix}:process:{process}"
