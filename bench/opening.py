"""Measure how long a board takes to open in Chromium, what it weighs there, and a drag across it."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Page

from bench.browsing import Gauge, chromium, load_board, open_board, signed_in
from bench.filling import Filled, fill
from bench.report import Target, growth, print_heading, print_table, print_targets
from tests.stack import Stack, running_stack

SIZES = (1_000, 5_000)
LIMIT_MS = {1_000: 400.0, 5_000: 1_000.0}
DRAG_STEPS = 40  # mouse events between two stops
SNAPSHOT = "performance.getEntriesByType('resource').find(({name}) => name.endsWith('/snapshot')).responseEnd"
LONGEST = "Math.max(0, ...longTasks.map(([, duration]) => duration))"


@dataclass(frozen=True)
class Opening:
    """One opening; `longest_ms` is 0 when no task took 50 ms."""

    snapshot_ms: float  # from the start until its last byte
    ready_ms: float
    longest_ms: float
    heap_megabytes: float
    elements: int
    script_ms: float
    layout_ms: float


@dataclass(frozen=True)
class Drag:
    """One card carried across the board by mouse, and dropped."""

    during_ms: float  # longest task while it is carried; 0 when none took 50 ms
    dropping_ms: float


def open_once(context: BrowserContext, stack: Stack, board: Filled) -> Opening:
    page = context.new_page()
    gauge = Gauge(page)
    load_board(page, stack, board)
    assert page.locator("li[data-task]").count() == board.tasks
    spent = gauge.read()
    layout = spent["LayoutDuration"] + spent["RecalcStyleDuration"]
    opening = Opening(
        snapshot_ms=page.evaluate(SNAPSHOT),
        ready_ms=page.evaluate("readyMs"),
        longest_ms=page.evaluate(LONGEST),
        heap_megabytes=gauge.heap_megabytes(),
        elements=page.evaluate("document.querySelectorAll('*').length"),
        script_ms=1000 * spent["ScriptDuration"],
        layout_ms=1000 * layout,
    )
    page.close()
    return opening


def open_often(browser: Browser, stack: Stack, board: Filled, times: int) -> dict[str, list[Opening]]:
    """Open the board first with nothing cached, then again with what the browser has kept."""
    found: dict[str, list[Opening]] = {"first": [], "again": []}
    for _ in range(times):
        context = signed_in(browser, stack, board.sessions[0])
        for openings in found.values():
            openings.append(open_once(context, stack, board))
        context.close()
    return found


def drag_often(browser: Browser, stack: Stack, board: Filled, times: int) -> list[Drag]:
    context = signed_in(browser, stack, board.sessions[0])
    page = open_board(context, stack, board)
    drags = [drag_once(page, board, card) for card in range(times)]
    context.close()
    return drags


def drag_once(page: Page, board: Filled, card: int) -> Drag:
    """Carry the n-th card of To do to Doing, down, up, to Done, and drop it there."""
    x, y = centre(page, board.columns[0], card)
    stops = [centre(page, board.columns[1], 2), centre(page, board.columns[1], 6)]
    stops += [centre(page, board.columns[2], 5), centre(page, board.columns[2], 3)]
    before = page.locator("main.board").get_attribute("data-seq")
    longest(page)
    page.mouse.move(x, y)
    page.mouse.down()
    for stop in stops:
        page.mouse.move(*stop, steps=DRAG_STEPS)
    during = longest(page)
    page.mouse.up()
    page.wait_for_selector(f"main.board:not([data-seq='{before}'])")
    return Drag(during, longest(page))


def centre(page: Page, column: int, card: int) -> tuple[float, float]:
    box = page.locator(f"ol[data-column='{column}'] > li").nth(card).bounding_box()
    assert box is not None, f"card {card} of column {column} is not drawn"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def longest(page: Page) -> float:
    """Return the longest task since this was last asked, once the browser has accounted for it."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    found = float(page.evaluate(LONGEST))
    page.evaluate("longTasks.length = 0")
    return found


def print_openings(found: dict[int, dict[str, list[Opening]]]) -> None:
    rows = [row(size, which, list_) for size, kinds in found.items() for which, list_ in kinds.items()]
    heads = [
        "opening",
        "tasks",
        "times",
        "snapshot ms",
        "ready ms",
        "longest task ms",
        "script ms",
        "layout ms",
        "heap MB",
    ]
    print_table([*heads, "elements"], rows)
    sizes = list(found)
    if len(sizes) > 1:
        print(growth(sizes, [middle(found[size]["again"], "ready_ms") for size in sizes], "opening again"))
        print()


def row(size: int, which: str, openings: Sequence[Opening]) -> list[object]:
    names = ("snapshot_ms", "ready_ms", "longest_ms", "script_ms", "layout_ms", "heap_megabytes")
    return [which, size, len(openings), *(middle(openings, name) for name in names), openings[0].elements]


def middle(openings: Sequence[Opening], name: str) -> float:
    return float(median(getattr(opening, name) for opening in openings))


def targets(found: dict[int, dict[str, list[Opening]]], drags: list[Drag]) -> list[Target]:
    held = []
    for size, kinds in found.items():
        for which, openings in kinds.items():
            name = f"{size:,} tasks, {which}"
            ready = middle(openings, "ready_ms")
            held.append(Target(f"{name}: last card drawn", ready, LIMIT_MS.get(size, 1_000), "ms"))
            held.append(Target(f"{name}: longest task", middle(openings, "longest_ms"), 100, "ms"))
            held.append(Target(f"{name}: heap", middle(openings, "heap_megabytes"), 20, "MB"))
    held.append(Target("longest task in a drag", max(drag.during_ms for drag in drags), 50, "ms"))
    held.append(Target("longest task in a drop", max(drag.dropping_ms for drag in drags), 50, "ms"))
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=7, help="that each board is opened; 7 unless told")
    parser.add_argument("--drags", type=int, default=5, help="on the largest board; 5 unless told")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked = parser.parse_args()
    sizes = ", ".join(f"{size:,}" for size in asked.sizes)
    work = f"boards of {sizes} tasks, {asked.times} times with an empty cache and again; medians"
    print_heading("Opening a board in Chromium", work)
    with running_stack() as stack, chromium() as browser:
        boards = [fill(stack, size) for size in asked.sizes]
        found = {board.tasks: open_often(browser, stack, board, asked.times) for board in boards}
        drags = drag_often(browser, stack, boards[-1], asked.drags)
    print_openings(found)
    print(f"{len(drags)} drags by mouse over three lanes of {boards[-1].tasks:,} tasks; 0 is under 50 ms:")
    rows = [[number, drag.during_ms, drag.dropping_ms] for number, drag in enumerate(drags, 1)]
    print_table(["drag", "longest while carried ms", "longest on dropping ms"], rows)
    print_targets(targets(found, drags))


if __name__ == "__main__":
    main()
