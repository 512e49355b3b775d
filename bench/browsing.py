"""Open boards in a real Chromium, with what a page can say about itself switched on."""

import contextlib
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.client import CSRF
from bench.filling import Filled
from tests import tools
from tests.stack import Stack

ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
WINDOW = {"width": 1400, "height": 900}
PATIENCE_MS = 60_000
# Installed before the page's own scripts: tasks of the main thread over 50 ms, and when the last card is in.
WATCH = """
    window.longTasks = [];
    new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) window.longTasks.push([startTime, duration]);
    }).observe({ type: "longtask", buffered: true });
    new MutationObserver((_, watcher) => {
        if (document.documentElement?.dataset.ready !== "all") return;
        watcher.disconnect();
        window.readyMs = performance.now();
    }).observe(document, { subtree: true, attributeFilter: ["data-ready"] });
"""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.CHROMIUM.path(), args=ARGUMENTS)
        yield browser
        browser.close()


def signed_in(browser: Browser, stack: Stack, session: str) -> BrowserContext:
    """Return a browser context of its own, as a person who has signed in."""
    context = browser.new_context(viewport={"width": WINDOW["width"], "height": WINDOW["height"]})
    cookies = {"sessionid": session, "csrftoken": CSRF}
    for name, value in cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": stack.board_url}])
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(WATCH)
    return context


def open_board(context: BrowserContext, stack: Stack, board: Filled) -> Page:
    """Open the board and wait until its last card is drawn and its updates are live."""
    page = context.new_page()
    load_board(page, stack, board)
    return page


def load_board(page: Page, stack: Stack, board: Filled) -> None:
    page.goto(f"{stack.board_url}/boards/{board.id}/")
    page.wait_for_selector("html[data-ready=all]", state="attached")
    page.wait_for_selector("[data-live=live]", state="attached")


class Gauge:
    """What Chromium's own accounts say of one page."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def read(self) -> dict[str, float]:
        """Return the counters of `Performance.getMetrics`: seconds of the main thread's own CPU time."""
        answer: dict[str, Any] = self._session.send("Performance.getMetrics")
        return {metric["name"]: metric["value"] for metric in answer["metrics"]}

    def heap_megabytes(self) -> float:
        """Return what the page's JavaScript still holds after the garbage is collected."""
        self._session.send("HeapProfiler.collectGarbage")
        return self.read()["JSHeapUsedSize"] / 1e6
