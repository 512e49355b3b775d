"""Measure twenty people who move cards of one board at once, then the same through a kill -9."""

import argparse
import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

from bench.browsing import chromium, open_board, signed_in
from bench.client import Client
from bench.comparing import equal, seconds_until_equal, tasks_sharing_a_place
from bench.cpu import child, cpu_seconds
from bench.crowd import Writers, Written
from bench.filling import Filled, fill
from bench.report import Target, percentile, print_heading, print_table, print_targets
from bench.watching import Watchers
from tests.services import Postgres, postgres_server
from tests.stack import Stack, running_stack

WRITERS = 20
WATCHERS = 5
PAGES = 2
PATIENCE_SECONDS = 30  # for screens that ought to be right long before


@dataclass(frozen=True)
class Scene:
    """A product with people at its pages, and its database."""

    stack: Stack
    postgres: Postgres
    board: Filled
    pages: list[Page]

    def spent(self) -> dict[str, float]:
        """Return CPU seconds so far, by program; Chromium's with the driver that steers it."""
        pids = {name: self.stack.process(name).pid for name in ("web", "hub", "announce")}
        pids |= {"PostgreSQL": self.postgres.pid, "Chromium": child(os.getpid(), "playwright")}
        spent = {name: cpu_seconds(pid) for name, pid in pids.items()}
        return {**spent, "writers and watchers": time.process_time()}

    def equal(self) -> bool:
        return equal(self.pages, self.stack.database, self.board.id)

    def seconds_until_equal(self, since: float) -> float:
        return seconds_until_equal(
            self.pages, self.stack.database, self.board.id, since=since, most=PATIENCE_SECONDS
        )


@dataclass(frozen=True)
class Calm:
    """Figures of a run in which nothing fails."""

    seconds: float
    written: Written
    spent: dict[str, float]
    equal_after_a_second: bool
    equal_seconds: float
    sharing: int

    @property
    def rate(self) -> float:
        return len(self.written.answered_ms) / self.seconds


@dataclass(frozen=True)
class Killed:
    """Figures of a run in which web and hub are killed and started again."""

    written: Written
    start_seconds: float  # from the start command until both answer
    equal_seconds: float  # from then until every page equals the database, the writers having stopped
    sharing: int


def run_calm(scene: Scene, writers: int, seconds: float) -> Calm:
    people = Writers(scene.stack, scene.board, writers)
    before, began = scene.spent(), time.monotonic()
    people.start()
    scene.pages[0].wait_for_timeout(1000 * seconds)
    people.stop()
    ended = time.monotonic()
    spent = {name: value - before[name] for name, value in scene.spent().items()}
    settled = scene.seconds_until_equal(ended)
    scene.pages[0].wait_for_timeout(max(0, 1000 * (1 - (time.monotonic() - ended))))
    sharing = tasks_sharing_a_place(scene.stack.database, scene.board.id)
    return Calm(ended - began, people.written, spent, scene.equal(), settled, sharing)


def run_killed(scene: Scene, writers: int, seconds: float) -> Killed:
    """Kill web and hub after a while, start them a second later, and stop writing once they answer."""
    people = Writers(scene.stack, scene.board, writers)
    programs = [scene.stack.process(name) for name in ("web", "hub")]
    people.start()
    scene.pages[0].wait_for_timeout(1000 * seconds)
    for program in programs:
        program.kill9()
    scene.pages[0].wait_for_timeout(1_000)
    began = time.monotonic()
    for program in programs:
        program.start()
    scene.stack.wait_ready()
    answering = time.monotonic()
    people.stop()
    settled = scene.seconds_until_equal(answering)
    sharing = tasks_sharing_a_place(scene.stack.database, scene.board.id)
    return Killed(people.written, answering - began, settled, sharing)


@contextlib.contextmanager
def scene(tasks: int) -> Iterator[Scene]:
    with (
        postgres_server() as postgres,
        running_stack(database=postgres.make_database("bench")) as stack,
        chromium() as browser,
    ):
        board = fill(stack, tasks)
        contexts = [signed_in(browser, stack, session) for session in board.sessions[-PAGES:]]
        pages = [open_board(context, stack, board) for context in contexts]
        yield Scene(stack, postgres, board, pages)
        for context in contexts:
            context.close()


def watchers(scene: Scene) -> Watchers:
    client = Client(scene.stack.board_url, scene.board.sessions[0])
    snapshot = client.get(f"/api/boards/{scene.board.id}/snapshot").json()
    client.close()
    return Watchers(scene.stack, scene.board.id, snapshot, WATCHERS).start()


def print_figures(calm: Calm, killed: Killed, watching: Watchers) -> None:
    times = calm.written.answered_ms
    spread = [percentile(times, 0.5), percentile(times, 0.99), max(times)]
    print_table(["run", "moves", "a second", "p50 ms", "p99 ms", "most ms", "failures"],
                [["calm", len(times), calm.rate, *spread, calm.written.failures.total()]])  # fmt: skip
    print("CPU in the calm run: seconds a second (of all cores), and ms a move")
    rows = [[name, spent / calm.seconds, 1000 * spent / len(times)] for name, spent in calm.spent.items()]
    print_table(["program", "cores", "ms a move"], rows)
    print(f"Killed: started again in {killed.start_seconds:.2f} s; what the writers met and asked again for:")
    print(dict(killed.written.failures) or "nothing", end="\n\n")
    print("Watchers, over both runs:")
    rows = [[n, heard.events, heard.wrong, heard.connections] for n, heard in enumerate(watching.heard, 1)]
    print_table(["watcher", "events", "out of order", "connections"], rows)


def targets(calm: Calm, killed: Killed) -> list[Target]:
    from_start = killed.start_seconds + killed.equal_seconds
    return [
        Target("moves a second", calm.rate, 150, "/s", at_least=True),
        Target("PATCH, p99", percentile(calm.written.answered_ms, 0.99), 200, "ms"),
        Target("failures in the calm run", calm.written.failures.total(), 0, ""),
        Target("tasks sharing a place", calm.sharing + killed.sharing, 0, ""),
        Target("screens equal the database after the last write", calm.equal_seconds, 1, "s"),
        Target("... and a second after it (1 is yes)", calm.equal_after_a_second, 1, "", at_least=True),
        Target("after kill -9: equal once both answer again", killed.equal_seconds, 3, "s"),
        Target("after kill -9: equal since they were started", from_start, 3, "s"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=WRITERS)
    parser.add_argument("--tasks", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=20, help="of writing without a fault; 20")
    asked = parser.parse_args()
    work = (f"{asked.writers} writers for {asked.seconds:g} s on one board of {asked.tasks:,} tasks, "
            f"{PAGES} Chromium pages, {WATCHERS} WebSocket watchers; PostgreSQL")  # fmt: skip
    print_heading("Many people writing at once", work)
    with scene(asked.tasks) as stage:
        watching = watchers(stage)
        try:
            calm = run_calm(stage, asked.writers, asked.seconds)
            killed = run_killed(stage, asked.writers, min(5, asked.seconds))
        finally:
            watching.stop()
    print_figures(calm, killed, watching)
    print_targets(targets(calm, killed))


if __name__ == "__main__":
    main()
