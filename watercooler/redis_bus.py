"""The bus of many hub processes: Redis keeps the history, and tells every process of what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager
from secrets import token_urlsafe

import structlog
from redis.asyncio import Redis

from watercooler.bus import HISTORY_BYTES, HISTORY_EVENTS, HISTORY_IDLE_SECONDS, Appended, BusAway, Top
from watercooler.messages import BadMessage, Event, parse_event
from watercooler.redis_client import make_redis, reaching
from watercooler.redis_history import RedisHistory, parse_message
from watercooler.redis_link import RedisLink
from watercooler.redis_presence import RedisPresence
from watercooler.room import Page
from watercooler.timing import Timing

log = structlog.get_logger("watercooler")


class RedisBus:
    """Keeps the rules of Bus."""

    def __init__(
        self,
        url: str,
        *,
        timing: Timing,
        events: int = HISTORY_EVENTS,
        idle_seconds: float = HISTORY_IDLE_SECONDS,
        prefix: str = "watercooler",
    ) -> None:
        self.process = token_urlsafe(8)
        self._redis = make_redis(url)
        self._timing = timing
        self.channel = f"{prefix}:{_database(self._redis)}"  # a channel knows no database, unlike a key
        self._whispers = f"{self.channel}:whispers"
        limits = (int(idle_seconds * 1000), events, HISTORY_BYTES)
        self._history = RedisHistory(self._redis, prefix=prefix, channel=self.channel, limits=limits)
        self._presence = RedisPresence(
            self._redis, prefix=prefix, process=self.process, lease_seconds=timing.lease_seconds
        )
        self._link = RedisLink(
            self._redis,
            {self.channel: self._take, self._whispers: self._take_whisper},
            canary=f"{self.channel}:canary:{self.process}",
            joined=self._on_joined,
            timing=timing,
        )
        self._renewal_due = asyncio.Event()
        self.listen(lambda event: None, lambda: None, lambda message: None)

    def listen(
        self,
        heard: Callable[[Event], None],
        rejoined: Callable[[], None],
        whispered: Callable[[bytes], None],
        *,
        watched: Callable[[int], bool] = lambda board: True,
    ) -> None:
        """Name who is told; `rejoined` is called whenever the channel was joined."""
        self._heard, self._rejoined, self._whispered, self._watched = heard, rejoined, whispered, watched

    async def run(self) -> None:
        """Follow the channel, sing on it, and renew the lease, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._link.follow(), name="follow the channel")
            tasks.create_task(self._link.sing(), name="sing on the channel")
            tasks.create_task(self._renew(), name="renew the lease")

    def is_joined(self) -> bool:
        """Say whether the subscription stands."""
        return self._link.is_joined

    async def append(self, events: Iterable[Event]) -> Appended:
        """Take events; see Bus.append."""
        async with self._reached():
            return await self._history.append(events)

    async def read(self, board: int, *, after: int) -> Page | None:
        """Give what is remembered; see Bus.read."""
        async with self._reached():
            return await self._history.read(board, after=after)

    async def tops(self, boards: Collection[int]) -> dict[int, Top]:
        """Give the tops of these boards; see Bus.tops."""
        async with self._reached():
            return await self._history.tops(boards)

    async def whisper(self, message: bytes) -> None:
        """Tell every process; see Bus.whisper."""
        await self._attempt(self._redis.publish(self._whispers, message), "whisper")

    async def appear(self, board: int, user: int, name: str) -> None:
        """Say that this user is here; see Bus.appear."""
        self._presence.appear(board, user, name)
        await self._attempt(self._presence.write(), "presence")

    async def disappear(self, board: int, user: int) -> None:
        """Take that back; see Bus.disappear."""
        self._presence.disappear(board, user)
        await self._attempt(self._presence.write(), "presence")

    async def present(self, boards: Collection[int]) -> dict[int, dict[int, str]]:
        """Give each board's users; see Bus.present."""
        async with self._reached():
            return await self._presence.present(boards)

    async def check(self) -> None:
        """Return if Redis answers. Raises BusAway."""
        async with self._reached():
            await self._redis.ping()

    async def close(self) -> None:
        """Take this process's people away, and let go of every connection."""
        await self._attempt(self._presence.leave(), "presence")
        await self._history.close()
        await self._redis.aclose()

    def _on_joined(self) -> None:
        self._renewal_due.set()
        self._rejoined()

    def _take(self, message: bytes) -> None:
        """Tell the event; what is none may stand in the place of one, so the hub has to look."""
        try:
            board, concerns_members, text = parse_message(message)
            event = parse_event(text) if concerns_members or self._watched(board) else None
        except BadMessage as error:
            log.warning("unreadable message", channel=self.channel, error=str(error))
            self._rejoined()
        else:
            if event is not None:
                self._heard(event)

    def _take_whisper(self, message: bytes) -> None:
        self._whispered(message)

    async def _renew(self) -> None:
        while True:
            await self._attempt(self._presence.renew(), "presence")
            self._renewal_due.clear()
            try:
                async with asyncio.timeout(self._timing.renew_seconds):
                    await self._renewal_due.wait()
            except TimeoutError:
                continue

    async def _attempt(self, work: Awaitable[object], what: str) -> None:
        """Do what may fail without harm."""
        try:
            async with self._reached():
                await work
        except BusAway as error:
            log.debug("not told to the bus", what=what, error=str(error))

    def _reached(self) -> AbstractAsyncContextManager[None]:
        return reaching(self._timing.bus_answer_seconds)


def _database(redis: Redis) -> int:
    return int(redis.connection_pool.connection_kwargs.get("db") or 0)
