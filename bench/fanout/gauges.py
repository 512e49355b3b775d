"""Read what a server's processes have used of the processor, and what they hold of the memory (Linux, /proc).

The scheduler's own count is in nanoseconds; the ticks that bench.cpu reads are too coarse for a burst.
"""

from collections.abc import Iterable
from pathlib import Path

from bench.cpu import family

NANOSECONDS = 1e9


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return user and system time of these processes and their descendants, of the threads that live."""
    return sum(_scheduled(pid) for root in roots for pid in family(root)) / NANOSECONDS


def resident_kib(roots: Iterable[int]) -> int:
    """Return the resident set of these processes and their descendants."""
    return sum(_status(pid, "VmRSS:") for root in roots for pid in family(root))


def most_resident_kib(roots: Iterable[int]) -> int:
    """Return the most that each held since `forget_most_resident`, added up."""
    return sum(_status(pid, "VmHWM:") for root in roots for pid in family(root))


def forget_most_resident(roots: Iterable[int]) -> None:
    """Let the kernel forget the peaks so far (proc(5), clear_refs)."""
    for root in roots:
        for pid in family(root):
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def open_files(roots: Iterable[int]) -> int:
    """Count the descriptors of these processes and their descendants, sockets among them."""
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for root in roots for pid in family(root))


def _scheduled(pid: int) -> int:
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
