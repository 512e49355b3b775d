"""Measure what an edit costs the resident preview: until its page is there, and until all is level."""

import json
import statistics
import subprocess
import sys
import time
from typing import IO, NamedTuple

from bench.cpu import cpu_seconds, memory
from bench.sitebuilder.building import Sites, edit_body

EDITS = 10
TICK_SECONDS = 0.2  # between edits


class Served(NamedTuple):
    """What one edit cost, over EDITS of them."""

    cpu_ms: float  # of the process, mean
    page_ms: float  # from the change to the new page, median
    resident_mib: float


def serve(sites: Sites) -> Served:
    """Start the preview of our site, edit a post again and again, and stop it."""
    command = [sys.executable, "-m", "sitebuilder", "serve", "--port", "0", "--json"]
    process = subprocess.Popen(
        command, cwd=sites.ours.folder, env=sites.ours.environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        _until("level", process.stdout)
        time.sleep(TICK_SECONDS)
        before, waits = cpu_seconds(process.pid), []
        for number in range(EDITS):
            edit_body(sites.ours, sites.edited, number + 100)
            start = time.perf_counter()
            _until("page", process.stdout)
            waits.append(time.perf_counter() - start)
            _until("level", process.stdout)
            time.sleep(TICK_SECONDS)
        spent = cpu_seconds(process.pid) - before
        return Served(1e3 * spent / EDITS, 1e3 * statistics.median(waits), memory(process.pid).resident)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _until(event: str, lines: IO[str]) -> None:
    """Read what the preview tells, up to an event. Raises RuntimeError where it ends before."""
    for line in lines:
        told = json.loads(line)
        if told.get("problems"):
            raise RuntimeError(f"the preview tells of problems: {line}")
        if told["event"] == event:
            return
    raise RuntimeError(f"the preview ended before it told of {event!r}")
