"""What Redis remembers of each board: its top, and a stream of its last events.

The two keys of a board expire together; the script that writes them also tells every process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from typing import Any

import orjson
from redis.asyncio import Redis

from watercooler.bus import Appended, BusAway, Top, by_board, concerns_members
from watercooler.messages import BadMessage, Event, parse_event
from watercooler.redis_client import RedisLane
from watercooler.room import Page

MEMBERS = "m"  # behind the board's number: the event is for every process, whatever it watches

# The append rule in one atomic step, for the events of one board. A stream's entry is named by its seq.
APPEND = """
local top_key, events_key = KEYS[1], KEYS[2]
local channel, epoch, idle_ms = ARGV[1], ARGV[2], ARGV[3]
local most_events, most_bytes = tonumber(ARGV[4]), tonumber(ARGV[5])
local known = redis.call('HMGET', top_key, 'epoch', 'top', 'bytes')
local top = known[1] == epoch and tonumber(known[2])
local bytes = top and tonumber(known[3]) or 0
if not top then redis.call('DEL', events_key) end
local before, gap = top, 0
for i = 6, #ARGV, 3 do
  local seq, head, event = tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 2]
  if top and seq > top + 1 then gap = 1 break end
  if not top or seq == top + 1 then
    redis.call('XADD', events_key, ARGV[i] .. '-0', 'e', event)
    redis.call('PUBLISH', channel, head .. event)
    top, bytes = seq, bytes + #event
  end
end
if top ~= before then
  local length = redis.call('XLEN', events_key)
  while length > 0 and (length > most_events or bytes > most_bytes) do
    local oldest = redis.call('XRANGE', events_key, '-', '+', 'COUNT', 1)[1]
    redis.call('XDEL', events_key, oldest[1])
    length, bytes = length - 1, bytes - #oldest[2][2]
  end
  redis.call('HSET', top_key, 'epoch', epoch, 'top', string.format('%.0f', top), 'bytes', bytes)
end
redis.call('PEXPIRE', top_key, idle_ms)
redis.call('PEXPIRE', events_key, idle_ms)
return {gap, string.format('%.0f', top)}
"""


class RedisHistory:
    """Takes events, and gives them again."""

    def __init__(self, redis: Redis, *, prefix: str, channel: str, limits: tuple[int, int, int]) -> None:
        """`limits`: for how many ms an idle board is remembered, and how many events and bytes of it."""
        self._redis, self._prefix, self._channel, self._limits = redis, prefix, channel, limits
        self._lane = RedisLane(redis)

    async def append(self, events: Iterable[Event]) -> Appended:
        """Take events; see Bus.append. Raises RedisError."""
        appended = Appended()
        boards = by_board(events)
        if len(boards) == 1:
            await self._append(*boards.popitem(), appended)  # without a task of its own
        else:
            await asyncio.gather(*(self._append(board, its, appended) for board, its in boards.items()))
        return appended

    async def close(self) -> None:
        """Let go of the connection."""
        await self._lane.close()

    async def read(self, board: int, *, after: int) -> Page | None:
        """Give what is remembered; see Bus.read. Raises RedisError, BusAway."""
        top_key, events_key = self._keys(board)
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.hmget(top_key, ["epoch", "top"])
            pipeline.xrange(events_key, min=f"({after}-0")
            (epoch, top), entries = await pipeline.execute()
        if epoch is None or top is None:
            return None
        events = tuple(_remembered(fields) for _, fields in entries)
        return Page(epoch.decode(), int(top) - len(events), events)

    async def tops(self, boards: Collection[int]) -> dict[int, Top]:
        """Give the tops of these boards; see Bus.tops. Raises RedisError."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            for board in boards:
                pipeline.hmget(self._keys(board)[0], ["epoch", "top"])
            answers = await pipeline.execute()
        known = zip(boards, answers, strict=True)
        return {board: Top(epoch.decode(), int(top)) for board, (epoch, top) in known if epoch and top}

    async def _append(self, board: int, events: list[Event], appended: Appended) -> None:
        for epoch, run in _runs(events):
            parts: list[Any] = [part for event in run for part in _parts(event)]
            # the script itself and not its digest, which Redis may have forgotten
            command = ("EVAL", APPEND, 2, *self._keys(board), self._channel, epoch, *self._limits, *parts)
            gap, top = await self._lane.ask(*command)
            appended.tops[board] = int(top)
            if gap:
                appended.gaps[board] = appended.tops.pop(board)
                return

    def _keys(self, board: int) -> tuple[str, str]:
        return f"{self._prefix}:{board}:top", f"{self._prefix}:{board}:events"


def parse_message(message: bytes) -> tuple[int, bool, bytes]:
    """Part a message into its board, whether it concerns members, and the event. Raises BadMessage."""
    head, _, event = message.partition(b" ")
    number = head.removesuffix(MEMBERS.encode())
    try:
        return int(number), number != head, event
    except ValueError:
        raise BadMessage(f"a message begins with {head[:20]!r}; expected a board's number") from None


def _parts(event: Event) -> tuple[int, str, bytes]:
    mark = MEMBERS if concerns_members(event) else ""
    return event["seq"], f"{event['board']}{mark} ", orjson.dumps(event)


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
