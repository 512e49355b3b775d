"""The bus of many hub processes: Redis keeps the history and tells every process.

Redis loses what it publishes while a connection is down, without an error; so each time the one
subscription is confirmed, the hub is told that something may have been missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import orjson
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from watercooler.bus import HISTORY_EVENTS, HISTORY_IDLE_SECONDS, Appended, BusAway, by_board
from watercooler.messages import BadMessage, Event, parse_event
from watercooler.room import Page
from watercooler.timing import Timing

ANSWER_SECONDS = 5
log = structlog.get_logger("watercooler")

# The append rule in one atomic step, for the events of one board. A stream's entry is named by its seq.
APPEND = """
local top_key, events_key = KEYS[1], KEYS[2]
local channel, epoch, length, idle_ms = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local known = redis.call('HMGET', top_key, 'epoch', 'top')
local top = known[1] == epoch and tonumber(known[2])
if not top then redis.call('DEL', events_key) end
local gap = 0
for i = 5, #ARGV, 2 do
  local seq = tonumber(ARGV[i])
  if top and seq > top + 1 then gap = 1 break end
  if not top or seq == top + 1 then
    redis.call('XADD', events_key, 'MAXLEN', length, ARGV[i] .. '-0', 'e', ARGV[i + 1])
    redis.call('HSET', top_key, 'epoch', epoch, 'top', ARGV[i])
    redis.call('PUBLISH', channel, ARGV[i + 1])
    top = seq
  end
end
redis.call('PEXPIRE', top_key, idle_ms)
redis.call('PEXPIRE', events_key, idle_ms)
return {gap, string.format('%.0f', top)}
"""


class RedisBus:
    """Keeps the rules of Bus with one script, one stream a board and one channel for all."""

    def __init__(
        self,
        url: str,
        *,
        timing: Timing,
        events: int = HISTORY_EVENTS,
        idle_seconds: float = HISTORY_IDLE_SECONDS,
        prefix: str = "watercooler",
    ) -> None:
        self._redis = Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),  # by default ten silent retries hide a loss
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
        )
        self._append_script = self._redis.register_script(APPEND)
        self._limits = (events, int(idle_seconds * 1000))
        self._prefix = prefix
        self.channel = f"{prefix}:{_database(self._redis)}"  # a channel knows no database, unlike a key
        self._timing = timing
        self._joined = False
        self._heard: Callable[[Event], None] = lambda event: None
        self._rejoined: Callable[[], None] = lambda: None

    def listen(self, heard: Callable[[Event], None], rejoined: Callable[[], None]) -> None:
        """Name who is told of each event, and of each confirmed subscription."""
        self._heard, self._rejoined = heard, rejoined

    async def run(self) -> None:
        """Follow the channel until cancelled, and come back to it for ever."""
        failures = count()
        while True:
            try:
                async for _ in self._follow():
                    failures = count()
            except (RedisError, OSError) as error:
                log.warning("bus away", error=str(error))
            self._joined = False
            await asyncio.sleep(self._timing.backoff(next(failures)))

    def is_joined(self) -> bool:
        """Say whether the subscription stands."""
        return self._joined

    async def append(self, events: Iterable[Event]) -> Appended:
        """Take events; see Bus.append."""
        appended = Appended()
        async with self._reached():
            for board, its_events in by_board(events).items():
                await self._append(board, its_events, appended)
        return appended

    async def read(self, board: int, *, after: int) -> Page | None:
        """Give what is remembered; see Bus.read."""
        top_key, events_key = self._keys(board)
        async with self._reached(), self._redis.pipeline(transaction=True) as pipeline:
            pipeline.hmget(top_key, ["epoch", "top"])
            pipeline.xrange(events_key, min=f"({after}-0")
            (epoch, top), entries = await pipeline.execute()
        if epoch is None or top is None:
            return None
        events = tuple(_remembered(fields) for _, fields in entries)
        return Page(epoch.decode(), int(top) - len(events), events)

    async def check(self) -> None:
        """Return if Redis answers. Raises BusAway."""
        async with self._reached():
            await self._redis.ping()

    async def close(self) -> None:
        """Let go of every connection."""
        await self._redis.aclose()

    async def _follow(self) -> AsyncIterator[None]:
        """Hand over what the channel says; yield once for each confirmation."""
        async with self._redis.pubsub() as channel:
            await channel.subscribe(self.channel)
            async for message in channel.listen():
                if message["type"] == "message":
                    self._take(message["data"])
                elif message["type"] == "subscribe":
                    self._joined = True
                    self._rejoined()
                    yield

    def _take(self, message: bytes) -> None:
        """Tell the event; what is none may stand in the place of one, so the hub has to look."""
        try:
            event = parse_event(message)
        except BadMessage as error:
            log.warning("unreadable message", channel=self.channel, error=str(error))
            self._rejoined()
        else:
            self._heard(event)

    async def _append(self, board: int, events: list[Event], appended: Appended) -> None:
        for epoch, run in _runs(events):
            pairs: list[Any] = [part for event in run for part in (event["seq"], orjson.dumps(event))]
            gap, top = await self._append_script(
                keys=self._keys(board), args=[self.channel, epoch, *self._limits, *pairs]
            )
            appended.tops[board] = int(top)
            if gap:
                appended.gaps[board] = appended.tops.pop(board)
                return

    def _keys(self, board: int) -> tuple[str, str]:
        return f"{self._prefix}:{board}:top", f"{self._prefix}:{board}:events"

    @asynccontextmanager
    async def _reached(self) -> AsyncIterator[None]:
        try:
            yield
        except (RedisError, OSError) as error:
            raise BusAway(f"Redis does not answer: {error}") from error


def _database(redis: Redis) -> int:
    return int(redis.connection_pool.connection_kwargs.get("db") or 0)


def _remembered(fields: dict[bytes, bytes]) -> Event:
    try:
        return parse_event(fields.get(b"e", b""))
    except BadMessage as error:
        raise BusAway(f"Redis remembers what is no event: {error}") from None


def _runs(events: list[Event]) -> list[tuple[str, list[Event]]]:
    """Part a board's events where the epoch changes."""
    runs: list[tuple[str, list[Event]]] = []
    for event in events:
        if not runs or runs[-1][0] != event["epoch"]:
            runs.append((event["epoch"], []))
        runs[-1][1].append(event)
    return runs
