"""Hub programs on one Redis, boards that record, and the clients who look at them."""

import asyncio
import itertools
import os
import secrets
import signal
import sys
import urllib.request
from collections.abc import Coroutine, Sequence
from pathlib import Path
from random import Random
from typing import Any, Self

from tests.faults.announcer import Announcer
from tests.faults.checker import assert_level, until_live
from tests.faults.ledger import Ledger
from tests.faults.viewer import ORIGIN, Viewer
from tests.services import Process, answers, free_port, wait_until
from tests.stack import ROOT
from tests.watercooler.fake_board import FakeBoard
from watercooler.messages import Keys, random_key

BOARD = 7
PING_SECONDS = 25


class HubProgram(Process):
    """`python -m watercooler` on a port that it keeps."""

    foreseen = "no word at all"  # stands in the lines of its log that may speak of an error

    def __init__(self, name: str, folder: Path, *options: str, **variables: str) -> None:
        self.port = free_port()
        ours = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "WATERCOOLER_PORT": str(self.port)}
        command = [sys.executable, "-m", "watercooler", *options]
        super().__init__(name, command, log=folder / f"{name}.log", cwd=folder, env={**ours, **variables})

    async def until_ready(self) -> None:
        """Return when it takes clients and posts."""
        await asyncio.to_thread(wait_until, self._is_ready, f"{self.name} is ready")

    def stop(self) -> None:
        """Stop it as a debugger or a hypervisor does: its connections stand, and it does nothing."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it run on from where it was stopped."""
        self.send(signal.SIGCONT)

    def children(self) -> list[int]:
        """Give the ids of the processes that it has started and that run."""
        return [int(word) for word in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def memory_bytes(self) -> int:
        """Give what it holds of the machine's memory."""
        pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGESIZE")

    def metric(self, name: str) -> float:
        """Give one of the figures that it shows to operators; 0 for what has not happened yet."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            figures = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines())
        return float(figures.get(name, 0))

    def assert_nothing_went_wrong(self) -> None:
        """Check that it logged no error, whatever was done around it."""
        lines = [line for line in self.log.read_text().splitlines() if self.foreseen not in line]
        assert not [line for line in lines if "Traceback" in line or "level=err" in line.lower()], self.tail()

    def _is_ready(self) -> bool:
        return self.check_running() and answers(f"http://127.0.0.1:{self.port}/ready")


class Fleet:
    """What a fault test works with; leaving it ends every program and every client."""

    def __init__(self, folder: Path, *, redis_url: str, seed: int) -> None:
        self.key = random_key()
        self.keys = Keys.parse(self.key)
        self.chance = Random(seed)
        self.hubs: list[HubProgram] = []  # where clients and posts go
        self._started: list[HubProgram] = []
        self.viewers: list[Viewer] = []
        self.ledgers: list[Ledger] = []
        self.board = FakeBoard(self.keys)
        self.announcer = Announcer(self.ledgers, keys=self.keys, ports=lambda: self.ports)
        self._folder, self._redis_url = folder, redis_url
        self._users = itertools.count(1)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def ports(self) -> list[int]:
        return [hub.port for hub in self.hubs]

    async def __aenter__(self) -> Self:
        await self.board.start()
        self.board.logs.clear()
        self._start(self.announcer.run())
        self.board.epoch = secrets.token_urlsafe(6)  # so that a Redis that was used before is as new
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        ends = await asyncio.gather(*self._tasks, return_exceptions=True)
        for hub in self._started:
            hub.kill9()
        self.announcer.close()
        await self.board.stop()
        for hub in self._started:
            hub.assert_nothing_went_wrong()
        for end in ends:
            if isinstance(end, Exception):
                raise end

    async def start_hubs(self, count: int, *options: str, **variables: str) -> list[HubProgram]:
        """Start so many hubs; `variables` overrule those that all of them get."""
        ours = {
            "WATERCOOLER_KEYS": self.key,
            "WATERCOOLER_ORIGINS": ORIGIN,
            "WATERCOOLER_PING_SECONDS": str(PING_SECONDS),
            "REDIS_URL": self._redis_url,
            "BOARD_URL": self.board.url,
        }
        names = [f"hub {len(self._started) + number}" for number in range(count)]
        hubs = [HubProgram(name, self._folder, *options, **{**ours, **variables}) for name in names]
        self._started += hubs
        await self.bring_up(hubs)
        return hubs

    async def bring_up(self, hubs: Sequence[HubProgram]) -> None:
        """Start these hubs, for the first time or again; clients and posts go there once they are ready."""
        for hub in hubs:
            hub.start()
        await asyncio.gather(*(hub.until_ready() for hub in hubs))
        self.hubs += [hub for hub in hubs if hub not in self.hubs]

    def open_board(self, number: int = BOARD) -> Ledger:
        """Add a board with a few tasks."""
        ledger = Ledger(number, epoch=self.board.epoch, chance=self.chance)
        ledger.write(5)
        self.ledgers.append(ledger)
        self.board.logs[number] = ledger.log
        return ledger

    def kill_all_hubs(self) -> None:
        """Kill every hub; until one is ready again there is none to go to."""
        for hub in self.hubs:
            hub.kill9()
        self.hubs.clear()

    async def restart(self, hub: HubProgram, **variables: str) -> None:
        """End a hub as an operator does, and start it again with other variables."""
        assert await asyncio.to_thread(hub.terminate) == 0
        hub.options["env"].update(variables)
        await self.bring_up([hub])

    async def crowd(self, ledger: Ledger, count: int, *, at: Sequence[HubProgram] = ()) -> list[Viewer]:
        """Let so many people look at a board, spread over these hubs, and wait until they are live."""
        at = at or self.hubs
        viewers = [self.newcomer(ledger, at=at[number % len(at)]) for number in range(count)]
        self.viewers += viewers
        await until_live(viewers)
        return viewers

    def newcomer(
        self,
        ledger: Ledger,
        *,
        at: HubProgram | None = None,
        kind: type[Viewer] = Viewer,
        **qualities: Any,
    ) -> Viewer:
        """Let one more look at a board, at this hub first and then at any; `assert_level` leaves it out.

        `qualities` are set on the client before it comes.
        """
        firsts = [[at.port]] if at else []

        def ports() -> Sequence[int]:
            return firsts.pop() if firsts else self.chance.sample(self.ports, len(self.ports))

        viewer = kind(ledger, user=next(self._users), keys=self.keys, ports=ports, chance=self.chance)
        for name, value in qualities.items():
            setattr(viewer, name, value)
        self._start(viewer.stay())
        return viewer

    def sign_with(self, keys: Keys) -> None:
        """Sign posts and tickets with other keys from now on."""
        self.keys = self.announcer.keys = keys
        for viewer in self.viewers:
            viewer.keys = keys

    async def assert_level(self, *, within: float) -> None:
        """See `checker.assert_level`; for everybody in the crowds."""
        await assert_level(self.viewers, within=within)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))
