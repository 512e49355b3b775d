"""Measure how soon a move made by one person is on another's screen, and what it costs that page."""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from playwright.sync_api import Browser, Page

from bench.browsing import Gauge, chromium, open_board, signed_in
from bench.client import CSRF, Client
from bench.filling import Filled, fill
from bench.moving import endless_moves
from bench.report import Target, growth, percentile, print_heading, print_table, print_targets
from tests.stack import Stack, running_stack

SIZES = (100, 1_000, 5_000)
PAUSE_MS = 60  # between two moves, so that each is alone
# Both pages read the wall clock that the browser gives all of them: performance.timeOrigin + now().
LISTEN = """() => {
    window.seen = {};
    const note = ({ addedNodes }) => {
        for (const { dataset } of addedNodes)
            if (dataset?.task) window.seen[dataset.task] ??= performance.timeOrigin + performance.now();
    };
    new MutationObserver((records) => records.forEach(note))
        .observe(document.querySelector("main.board"), { childList: true, subtree: true });
}"""
SEND = """async ([moves, csrf, pauseMs]) => {
    const sent = {};
    for (const [task, column, before] of moves) {
        const began = performance.timeOrigin + performance.now();
        const answer = await fetch(`/api/tasks/${task}`, {
            method: "PATCH", body: JSON.stringify({ column, before }),
            headers: { "Content-Type": "application/json", "X-CSRFToken": csrf,
                       "Idempotency-Key": crypto.randomUUID() },
        });
        sent[task] = [began, performance.timeOrigin + performance.now(), answer.status];
        await new Promise((done) => setTimeout(done, pauseMs));
    }
    return sent;
}"""


@dataclass(frozen=True)
class Latency:
    """Milliseconds from the request's start until its answer, and until the other page's DOM has changed."""

    answered: list[float]
    seen: list[float]


@dataclass(frozen=True)
class PageCost:
    """Main-thread milliseconds that one remote move costs a page that only watches."""

    task_ms: float
    script_ms: float
    style_ms: float
    layout_ms: float


def watch_moves(
    browser: Browser, stack: Stack, board: Filled, moves: Iterator[tuple[int, int, int]], count: int
) -> Latency:
    """Let one page move `count` cards, each once, and another see them."""
    contexts = [signed_in(browser, stack, session) for session in board.sessions[:2]]
    sender, viewer = (open_board(context, stack, board) for context in contexts)
    viewer.evaluate(LISTEN)
    sent: dict[str, Any] = sender.evaluate(SEND, [list(islice(moves, count)), CSRF, PAUSE_MS])
    seen = _seen(viewer, len(sent))
    for context in contexts:
        context.close()
    assert {status for _, _, status in sent.values()} == {200}, "a move was refused"
    answered = [answer - began for began, answer, _ in sent.values()]
    return Latency(answered, [seen[task] - began for task, (began, _, _) in sent.items()])


def _seen(viewer: Page, count: int) -> dict[str, float]:
    for _ in range(50):
        seen: dict[str, float] = viewer.evaluate("seen")
        if len(seen) >= count:
            return seen
        viewer.wait_for_timeout(100)
    raise TimeoutError(f"only {len(seen)} of {count} moves reached the other page within 5 s")


def cost_of_watching(
    browser: Browser, stack: Stack, board: Filled, moves: Iterator[tuple[int, int, int]], count: int
) -> PageCost:
    """Compare a page's main thread during `count` moves by an API client with the same time at rest."""
    context, client = signed_in(browser, stack, board.sessions[0]), Client(stack.board_url, board.sessions[1])
    page = open_board(context, stack, board)
    gauge = Gauge(page)
    page.wait_for_timeout(500)
    idle, idle_seconds = _spent_during(gauge, lambda: page.wait_for_timeout(1_000))

    def move() -> None:
        for task, column, before in islice(moves, count):
            assert client.move(task, column=column, before=before).status == 200
            page.wait_for_timeout(PAUSE_MS)

    busy, seconds = _spent_during(gauge, move)
    context.close()
    client.close()
    names = ("TaskDuration", "ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
    return PageCost(*(1000 * (busy[n] - idle[n] * seconds / idle_seconds) / count for n in names))


def _spent_during(gauge: Gauge, act: Callable[[], None]) -> tuple[dict[str, float], float]:
    """Return what the main thread's counters rose by while `act` ran, and the seconds that it took."""
    start, began = gauge.read(), time.monotonic()
    act()
    seconds = time.monotonic() - began
    return {name: value - start[name] for name, value in gauge.read().items()}, seconds


def measure(browser: Browser, stack: Stack, size: int, moves: int, watched: int) -> tuple[Latency, PageCost]:
    board = fill(stack, size)
    client = Client(stack.board_url, board.sessions[0])
    found = endless_moves(board, client.get(f"/api/boards/{board.id}/snapshot").json()["tasks"])
    client.close()
    count = min(moves, size // 4)  # each card moves once, so that its arrival is told by its id
    latency = watch_moves(browser, stack, board, found, count)
    return latency, cost_of_watching(browser, stack, board, found, watched)


def row(size: int, latency: Latency, cost: PageCost) -> list[object]:
    spread = [percentile(each, share) for each in (latency.answered, latency.seen) for share in (0.5, 0.99)]
    parts = [cost.task_ms, cost.script_ms, cost.style_ms, cost.layout_ms]
    return [size, len(latency.seen), *spread, max(latency.seen), *parts]


def targets(found: dict[int, tuple[Latency, PageCost]]) -> list[Target]:
    held = []
    for size, (latency, cost) in found.items():
        held.append(Target(f"{size:,} tasks: move to screen, p50", percentile(latency.seen, 0.5), 50, "ms"))
        held.append(Target(f"{size:,} tasks: move to screen, p99", percentile(latency.seen, 0.99), 150, "ms"))
        held.append(Target(f"{size:,} tasks: a remote move's main thread", cost.task_ms, 20, "ms"))
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=200, help="seen by the other page; 200 unless told")
    parser.add_argument("--watched", type=int, default=100, help="moves whose cost is measured; 100")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked = parser.parse_args()
    sizes = ", ".join(f"{size:,}" for size in asked.sizes)
    work = (
        f"{asked.moves} moves (a quarter of the tasks at most), {PAUSE_MS} ms apart, boards of {sizes} tasks"
    )
    print_heading("From one person's move to another's screen", work)
    with running_stack() as stack, chromium() as browser:
        found = {size: measure(browser, stack, size, asked.moves, asked.watched) for size in asked.sizes}
    heads = [
        "tasks",
        "moves",
        "answer p50 ms",
        "p99",
        "screen p50 ms",
        "p99",
        "most",
        "main thread ms a move",
    ]
    print_table([*heads, "script", "style", "layout"], [row(size, *both) for size, both in found.items()])
    if len(found) > 1:
        costs = [cost.task_ms for _, cost in found.values()]
        print(growth(list(found), costs, "the main thread of a watching page"), end="\n\n")
    print_targets(targets(found))


if __name__ == "__main__":
    main()
