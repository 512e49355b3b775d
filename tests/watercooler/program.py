"""`python -m watercooler` as an operator runs it, and what it says."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.watercooler.browser import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]
MODULE = ("-m", "watercooler")


class Program:
    """One run of it, with all processes that it starts."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.said: list[str] = []

    @classmethod
    async def start(
        cls,
        folder: Path,
        *options: str,
        program: tuple[str, ...] = MODULE,
        stdin: int = DEVNULL,
        **variables: str,
    ) -> Self:
        """Start it in this folder, on any free port, with no variable of ours but these."""
        path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(*program, *options),
            env={**path, "WATERCOOLER_PORT": "0", **variables},
            cwd=folder,
            stdin=stdin,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        return cls(process)

    async def hear(self, pattern: str) -> re.Match[str]:
        """Give what the next line that matches says; fail if it ends without."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while line := (await self.process.stderr.readline()).decode():
                self.said.append(line)
                if found := re.search(pattern, line):
                    return found
        raise AssertionError(f"never said {pattern}, but:\n{self.log()}")

    async def port(self) -> int:
        """Give the port on which the next process listens."""
        return int((await self.hear(r"listening\b.*\bport\W+(\d+)")).group(1))

    async def end(self) -> int:
        """Give the exit status, once it and all that it started have ended."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            self.said += (await self.process.stderr.read()).decode().splitlines(keepends=True)
            return await self.process.wait()

    async def stop(self) -> int:
        """Ask it to end, and give the exit status."""
        self.process.terminate()
        return await self.end()

    def log(self) -> str:
        """Give all that was heard of it."""
        return "".join(self.said)

    async def remove(self) -> None:
        """Kill what still runs of it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.communicate()
