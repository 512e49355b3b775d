"""Several hub processes under one that serves nobody itself: it starts again what dies, and ends them all.

Each process hangs on a pipe from this one, so that none is left behind when this one is killed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

import structlog

from watercooler.configuration import BadConfiguration, Configuration
from watercooler.timing import Timing

MISCONFIGURED = 2  # the exit status that no new start mends
STEADY_SECONDS = 10  # a process that lived longer is started again without a wait that grew
LAST_PORT = 65_535
log = structlog.get_logger("watercooler")


async def supervise(configuration: Configuration, options: argparse.Namespace, over: asyncio.Event) -> int:
    """Keep so many processes running until `over`, and give the worst of their exit statuses.

    Raises BadConfiguration where several processes could not work together.
    """
    ports = ports_of(configuration, options)
    timing = Timing()
    patience = configuration.drain_seconds + 2 * timing.goodbye_seconds
    command = (sys.executable, "-m", "watercooler", "--until-stdin-ends", *_words(options))
    places = [Place(command, port, timing, patience) for port in ports]
    log.info("starting", processes=len(places), ports=",".join(map(str, ports)))
    statuses = await asyncio.gather(*(place.keep(over) for place in places))
    log.info("all ended", statuses=",".join(map(str, statuses)))
    return MISCONFIGURED if MISCONFIGURED in statuses else int(any(statuses))


@dataclass(slots=True)
class Place:
    """What one process is started with, whichever now stands here."""

    command: tuple[str, ...]
    port: int
    timing: Timing
    patience: float  # seconds for an orderly end

    async def keep(self, over: asyncio.Event) -> int:
        """Start a process here, again and again until `over`, and give the last one's exit status."""
        failures = 0
        while True:
            process, began = await self._start(), monotonic()
            status = await self._outcome(process, over)
            if over.is_set():
                return status
            if status == MISCONFIGURED and not failures:
                over.set()
                return status
            failures = 0 if monotonic() - began > STEADY_SECONDS else failures + 1
            wait = self.timing.backoff(failures)
            log.error("process ended, another is started", of=process.pid, status=status, wait=round(wait, 2))
            if await _within(over.wait(), wait):
                return 0

    async def _start(self) -> Process:
        environment = {**os.environ, "WATERCOOLER_PORT": str(self.port)}
        return await asyncio.create_subprocess_exec(*self.command, stdin=PIPE, env=environment)

    async def _outcome(self, process: Process, over: asyncio.Event) -> int:
        """Give the exit status when the process has ended, by itself or because all is over."""
        ended, is_over = asyncio.ensure_future(process.wait()), asyncio.ensure_future(over.wait())
        await asyncio.wait((ended, is_over), return_when=asyncio.FIRST_COMPLETED)
        is_over.cancel()
        if not ended.done():
            process.terminate()
            if not await _within(asyncio.shield(ended), self.patience):
                log.error("process does not end, it is killed", of=process.pid, seconds=self.patience)
                process.kill()
        return await ended


def ports_of(configuration: Configuration, options: argparse.Namespace) -> list[int]:
    """Give each process's port; 0 is any free one, as ever."""
    count, first = options.processes, configuration.port
    if not configuration.redis_url:
        raise BadConfiguration(
            f"--processes {count} needs REDIS_URL, over which they tell each other what they are told"
        )
    if options.reuse_port:
        if not first:
            raise BadConfiguration("--reuse-port needs one port for all; WATERCOOLER_PORT is 0, any free one")
        return [first] * count
    if first + count - 1 > LAST_PORT:
        raise BadConfiguration(
            f"--processes {count} from WATERCOOLER_PORT {first} on goes beyond {LAST_PORT}"
        )
    return [first + place if first else 0 for place in range(count)]


def _words(options: argparse.Namespace) -> list[str]:
    """Give the options that each process is started with."""
    words = [
        word
        for word, is_on in (("--reuse-port", options.reuse_port), ("--verbose", options.verbose))
        if is_on
    ]
    return [*words, "--log-format", options.log_format] if options.log_format else words


async def _within(event: Awaitable[object], seconds: float) -> bool:
    """Wait so long for something to happen, and say whether it did."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event, seconds)
        return True
    return False
