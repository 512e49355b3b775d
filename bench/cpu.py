"""Read how much processor time a program and all that it started have used, and its memory (Linux, /proc)."""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Row:
    """What /proc/PID/stat says of one process (proc_pid_stat(5))."""

    pid: int
    parent: int
    cpu_seconds: float


def cpu_seconds(pid: int) -> float:
    """Return user and system time of `pid` and of its descendants that live, in seconds."""
    return sum(row.cpu_seconds for row in _family(pid))


def family(pid: int) -> list[int]:
    """Return the ids of `pid` and of its descendants, of those that live."""
    return [row.pid for row in _family(pid)]


class Memory(NamedTuple):
    """What a process holds, in MiB: all its resident pages, and its share of those that others hold too."""

    resident: float
    proportional: float


def memory(pid: int) -> Memory:
    words = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
    kib = {name: int(number) for name, number, *_ in words}
    return Memory(kib["Rss:"] / 1024, kib["Pss:"] / 1024)


def child(parent: int, word: str) -> int:
    """Return the id of the process that `parent` started with `word` somewhere in its command."""
    children = (row.pid for row in _rows() if row.parent == parent)
    return next(pid for pid in children if word in Path(f"/proc/{pid}/cmdline").read_text())


def _family(pid: int) -> Iterator[Row]:
    rows = {row.pid: row for row in _rows()}
    children: dict[int, list[int]] = defaultdict(list)
    for row in rows.values():
        children[row.parent].append(row.pid)
    waiting = [pid]
    while waiting:
        each = waiting.pop()
        if each in rows:
            yield rows[each]
        waiting += children[each]


def _rows() -> list[Row]:
    return [row for path in Path("/proc").glob("[0-9]*/stat") if (row := _row(path))]


def _row(path: Path) -> Row | None:
    try:
        pid, _, rest = path.read_text().partition(" (")
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return None
    fields = rest.rpartition(") ")[2].split()
    return Row(int(pid), int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND)
