"""Run a program to its end, and tell what it and all that it started have used."""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Used(NamedTuple):
    """What a command cost: its own process and those that it started and waited for."""

    wall_seconds: float
    cpu_seconds: float  # user and system
    peak_mib: float  # resident, of its largest process


def run(command: Sequence[str | Path], folder: Path, environment: dict[str, str]) -> Used:
    """Run it in `folder`. Raises RuntimeError with what it said, if it fails."""
    with (folder / ".bench-log").open("w+") as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command], cwd=folder, env=environment, stdout=log, stderr=log
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            raise RuntimeError(f"{command[0]} ended with {process.returncode}:\n{log.read()[-2000:]}")
    return Used(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
