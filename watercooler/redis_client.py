"""The way to Redis: how long it may take, what counts as away, and one connection that many callers share."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.maint_notifications import MaintNotificationsConfig

from watercooler.bus import BusAway


def make_redis(url: str) -> Redis:
    """Give a client that tries everything once; whoever uses it does so within `reaching`."""
    return Redis.from_url(
        url,
        retry=Retry(NoBackoff(), 0),  # by default ten silent retries hide a loss
        # its own time limit costs a task a command, and swallows a cancellation before Python 3.12 (gh-86296)
        socket_timeout=None,
        # with these on, redis-py does not look whether an idle connection has ended before it uses it
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
    )


@asynccontextmanager
async def reaching(seconds: float) -> AsyncIterator[None]:
    """Take every failure, and an answer that takes longer, for BusAway."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise BusAway(f"Redis does not answer within {seconds:g} s") from None
    except (RedisError, OSError) as error:
        raise BusAway(f"Redis does not answer: {error}") from error


@dataclass(slots=True, eq=False)
class Question:
    """A command of one caller, and what came of it."""

    command: tuple[Any, ...]
    is_over: bool = False
    answer: Any = None
    error: RedisError | OSError | None = None


class RedisLane:
    """One connection for all: what is asked while an answer is under way leaves together, in order."""

    def __init__(self, redis: Redis) -> None:
        pool: Any = redis.connection_pool
        self._connection = pool.make_connection()
        self._asked: list[Question] = []
        self._turn = asyncio.Lock()

    async def ask(self, *command: Any) -> Any:
        """Give Redis's answer to a command. Raises RedisError, OSError."""
        question = Question(command)
        self._asked.append(question)
        async with self._turn:
            if not question.is_over:
                await self._ask()
        if question.error:
            raise question.error
        return question.answer

    async def close(self) -> None:
        """Let go of the connection."""
        await self._connection.disconnect(nowait=True)

    async def _ask(self) -> None:
        """Ask what all have asked; whoever comes first does it for those who came meanwhile."""
        asked, self._asked = self._asked, []
        try:
            await self._prepare()
            commands = [question.command for question in asked]
            await self._connection.send_packed_command(self._connection.pack_commands(commands))
            for question in asked:
                await self._hear(question)
        except (RedisError, OSError) as error:
            _give_up(asked, error)
        except BaseException:
            _give_up(asked, ConnectionAbortedError("who asked for all has given up"))
            raise

    async def _prepare(self) -> None:
        """Connect, anew if the connection has ended since it was used."""
        if self._connection.is_connected and await self._connection.can_read():
            await self._connection.disconnect(nowait=True)
        await self._connection.connect()

    async def _hear(self, question: Question) -> None:
        try:
            question.answer = await self._connection.read_response(timeout=math.inf)
        except ResponseError as error:
            question.error = error
        question.is_over = True


def _give_up(asked: list[Question], error: RedisError | OSError) -> None:
    """Leave nobody waiting; redis-py has dropped the connection, so that no answer is taken for another."""
    for question in asked:
        if not question.is_over:
            question.error, question.is_over = error, True
