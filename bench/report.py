"""Print what was measured: the work, a table, and every target beside its figure."""

import os
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """A figure and the limit it is held to; `at_least` turns the comparison round."""

    what: str
    measured: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def row(self) -> list[str]:
        sign = ">=" if self.at_least else "<="
        limit = f"{sign} {self.limit:g} {self.unit}"
        return [self.what, f"{number(self.measured)} {self.unit}", limit, "pass" if self.holds else "short"]


def print_heading(title: str, work: str) -> None:
    """Say what is measured, how much of it, where and when."""
    load = " ".join(f"{average:.2f}" for average in os.getloadavg())
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    print(f"\n{title}\n{work}")
    print(f"{when}; {os.cpu_count()} cores, {processor()}; load average before: {load}")
    print(f"A fixed loop of Python takes {loop_ms():.1f} ms of CPU now: compare runs by it\n", flush=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table: the first column to the left, the figures to the right."""
    cells = [list(columns), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    for line in cells:
        first, *rest = (text.rjust(width) for text, width in zip(line, widths, strict=True))
        print("  ".join([first.strip().ljust(widths[0]), *rest]).rstrip())
    print(flush=True)


def print_targets(targets: Sequence[Target]) -> None:
    print_table(["target", "measured", "limit", ""], [target.row() for target in targets])


def growth(sizes: Sequence[int], costs: Sequence[float], what: str) -> str:
    """Say in a sentence how a cost grew from the smallest size to the largest."""
    more, dearer = sizes[-1] / sizes[0], costs[-1] / costs[0]
    return f"{what}: {number(more)} times the tasks cost {number(dearer)} times as much"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of `values` do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def number(value: float) -> str:
    """Spell a figure with about three digits, none of them after the point from a hundred up."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def loop_ms() -> float:
    """Return what a fixed piece of work costs now; busy neighbours make it dearer, as all else."""
    began = time.process_time()
    for _ in range(10):
        sorted(str(each) for each in range(20_000))
    return 100 * (time.process_time() - began)


def processor() -> str:
    """Return the processor's own name where Linux tells it."""
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text().splitlines() if listing.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _cell(value: object) -> str:
    if isinstance(value, float):
        return number(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
