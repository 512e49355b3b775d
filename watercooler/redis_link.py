"""The connection on which Redis tells this process what happens, and the canary that proves it alive.

Redis loses what it publishes while a connection is down, without an error, and a link may be dead without
a sign; so a process publishes to itself, and takes a link on which it does not hear that for lost.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from watercooler import metrics
from watercooler.bus import BusAway
from watercooler.redis_client import reaching
from watercooler.timing import Timing

CANARIES_AT_MOST = 2  # unheard; one interval later the link is lost
log = structlog.get_logger("watercooler")


class RedisLink:
    """Hears channels for ever, over one connection at a time."""

    def __init__(
        self,
        redis: Redis,
        channels: Mapping[str, Callable[[bytes], None]],
        *,
        canary: str,
        joined: Callable[[], None],
        timing: Timing,
    ) -> None:
        self.is_joined = False
        self._redis, self._canary, self._joined, self._timing = redis, canary, joined, timing
        self._pool: Any = redis.connection_pool
        self._hear = {name.encode(): hear for name, hear in channels.items()}
        self._hear[canary.encode()] = self._hear_canary
        self._unheard = 0  # canaries since the last one that was heard
        self._patience = asyncio.Timeout(None)
        self._failures = 0

    async def follow(self) -> None:
        """Hear until cancelled; a connection that is lost is replaced, for ever."""
        while True:
            try:
                await self._follow()
            except BusAway as error:
                self._note_loss(error)
            await asyncio.sleep(self._timing.rejoin_wait())

    async def sing(self) -> None:
        """Publish canaries until cancelled, and end the connection on which they are not heard.

        They are counted, not timed: a process that was stopped for a minute first hears what waits for it.
        """
        while True:
            if self.is_joined and self._unheard >= CANARIES_AT_MOST:
                self._patience.reschedule(0)
            self._unheard += 1
            await asyncio.gather(self._publish_canary(), asyncio.sleep(self._timing.canary_seconds))

    async def _follow(self) -> None:
        connection = self._pool.make_connection()  # none of the pool's own: nothing revives it unseen
        try:
            async with reaching(self._timing.bus_answer_seconds):
                await connection.connect()
                await self._subscribe(connection)
            self._note_joined()
            await self._read(connection)
        finally:
            self.is_joined = False
            await connection.disconnect(nowait=True)

    async def _subscribe(self, connection: Any) -> None:
        await connection.send_command("SUBSCRIBE", *self._hear)
        for _ in self._hear:  # each is confirmed, and all before the first message
            await connection.read_response(push_request=True)

    async def _read(self, connection: Any) -> None:
        try:
            async with asyncio.timeout(None) as self._patience:
                while True:
                    answer = await connection.read_response(
                        timeout=math.inf, disconnect_on_error=False, push_request=True
                    )
                    if answer[0] == b"message":
                        self._hear[answer[1]](answer[2])
        except TimeoutError:
            seconds = self._timing.canary_seconds * (CANARIES_AT_MOST + 1)
            raise BusAway(f"heard no canary for {seconds:g} s") from None
        except (RedisError, OSError) as error:
            raise BusAway(f"Redis ended the connection: {error}") from error

    async def _publish_canary(self) -> None:
        """Send it the way that events go, so that it proves both ways, and one server at their end."""
        if not self.is_joined:
            return
        try:
            async with reaching(self._timing.canary_seconds):
                await self._redis.publish(self._canary, b"")
        except BusAway as error:
            log.debug("canary not sent", error=str(error))

    def _hear_canary(self, _: bytes) -> None:
        self._unheard = 0

    def _note_joined(self) -> None:
        if self._failures:
            metrics.BUS_RECONNECTS.inc()
        self.is_joined, self._unheard, self._failures = True, 0, 0
        self._joined()

    def _note_loss(self, error: Exception) -> None:
        self._failures += 1
        if self._failures == 1:
            log.warning("bus away", error=str(error))
