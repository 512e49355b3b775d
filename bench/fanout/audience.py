"""Hold many WebSockets open through the load client, and learn from it what arrived."""

import json
import select
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOOK_SECONDS = 0.05
ANSWER_SECONDS = 90  # also for opening 10,000 connections to a slow server
QUIET_SECONDS = 2.0  # without a delivery: the rest is lost


@dataclass(frozen=True)
class Seat:
    """One connection: where it goes, what it says first, and what it hears once it is ready."""

    port: int
    path: str
    mark: str = ""
    first_frames: tuple[str, ...] = ()
    reads: bool = True

    def line(self) -> str:
        how = "reads" if self.reads else "never"
        return "\t".join([str(self.port), self.path, how, self.mark, *self.first_frames])


@dataclass(frozen=True)
class Heard:
    """What arrived since `begin`; the delays reach from the stamp in an event to its reading."""

    deliveries: int
    skipped: int  # numbers that were left out, if only for a while
    out_of_order: int  # events that came after a later one, or twice
    ended: int  # connections that were ready and have been closed
    p50_ms: float
    p99_ms: float
    most_ms: float
    cpu_seconds: float  # of the client itself


class Audience:
    """One load client."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.size = 0
        self._plan = folder / "plan"
        self._client = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, start_new_session=True
        )

    def open(self, seats: Iterable[Seat]) -> int:
        """Open these connections beside those that are open; return how many refusals that met."""
        lines = [seat.line() for seat in seats]
        self._plan.write_text("".join(f"{line}\n" for line in lines))
        self.size += len(lines)
        return int(self._ask(f"open {self._plan}")["refused"])

    def begin(self) -> None:
        self._ask("begin")

    def wait(self, deliveries: int, *, most: float) -> None:
        """Return when so many have arrived since `begin`, or none for a while, or after `most` seconds."""
        deadline, quiet_since, before = time.monotonic() + most, time.monotonic(), -1
        while (now := time.monotonic()) < min(deadline, quiet_since + QUIET_SECONDS):
            count = int(self._ask("count")["deliveries"])
            if count >= deliveries:
                return
            if count != before:
                before, quiet_since = count, now
            time.sleep(LOOK_SECONDS)

    def report(self) -> Heard:
        return Heard(**self._ask("report"))

    def close(self) -> None:
        self._client.kill()
        self._client.communicate()

    def _ask(self, order: str) -> dict[str, Any]:
        stdin, stdout = self._client.stdin, self._client.stdout
        assert stdin is not None, "the load client has no way in"
        assert stdout is not None, "the load client has no way out"
        stdin.write(f"{order}\n".encode())
        if not select.select([stdout], [], [], ANSWER_SECONDS)[0]:
            raise TimeoutError(f"{order}: not done within {ANSWER_SECONDS} s")
        answer = stdout.readline()
        if not answer:
            raise RuntimeError(f"{order}: the load client ended, see above")
        return dict(json.loads(answer))
