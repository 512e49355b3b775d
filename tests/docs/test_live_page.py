"""The tutorial of the hub makes what it says: a Django project whose votes everybody sees at once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.docs.pages import ROOT, blocks
from tests.services import Process, answers, free_port, wait_until
from watercooler.messages import random_key

TUTORIAL = "tutorial/hub.md"
FILES = ("cafe/settings.py", "poll/models.py", "poll/announcing.py", "poll/views.py", "cafe/urls.py")
PATIENCE_MS = 30_000


class Cafe:
    """The project of the tutorial, and its hub, on ports of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder, port, hub_port = folder, free_port(), free_port()
        self.url, self.hub_url = f"http://localhost:{port}", f"http://127.0.0.1:{hub_port}"
        self.ports = {"8000": str(port), "8001": str(hub_port)}
        self.variables = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "WATERCOOLER_KEYS": random_key(),
            "DJANGO_SETTINGS_MODULE": "cafe.settings",
            "BOARD_PORT": str(port),
            "BOARD_ORIGINS": self.url,
            "BOARD_URL": self.url,
            "WATERCOOLER_PORT": str(hub_port),
            "REDIS_URL": "",
        }
        _, _, self.filling, starting, _ = blocks(TUTORIAL, "sh")
        hub, site = starting.splitlines()
        self.hub = self.program("hub", hub.removesuffix("&"))
        self.site = self.program("site", f"{site} --noreload")

    def program(self, name: str, command: str) -> Process:
        words = ["sh", "-c", f"exec {self.moved(command)}"]
        return Process(name, words, log=self.folder / name, env=self.variables, cwd=self.folder)

    def moved(self, text: str) -> str:
        """Put this test's ports in the place of the usual ones."""
        for usual, own in self.ports.items():
            text = text.replace(usual, own)
        return text

    def make(self) -> None:
        """Do what the tutorial says, in its order."""
        startproject, startapp = blocks(TUTORIAL, "sh")[0].splitlines()[-2:]
        self.do(f"{startproject}\n{startapp}")
        for name, text in zip(FILES, blocks(TUTORIAL, "python"), strict=True):
            with (self.folder / name).open("a" if name == "cafe/settings.py" else "w") as file:
                file.write(self.moved(text))
        (page,) = blocks(TUTORIAL, "html")
        (self.folder / "poll" / "templates").mkdir()
        (self.folder / "poll" / "templates" / "poll.html").write_text(self.moved(page))
        self.do(self.filling)

    def do(self, commands: str) -> None:
        place: dict[str, Any] = {"env": self.variables, "cwd": self.folder}
        done = subprocess.run(
            ["sh", "-e"], input=commands, text=True, capture_output=True, check=False, **place
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Return when both answer."""
        self.site.start()
        self.start_hub()
        wait_until(
            lambda: self.site.check_running() and answers(f"{self.url}/snapshot"), "the project answers"
        )

    def start_hub(self) -> None:
        self.hub.start()
        wait_until(lambda: self.hub.check_running() and answers(f"{self.hub_url}/ready"), "the hub answers")

    def stop(self) -> None:
        self.hub.terminate()
        self.site.kill9()


@pytest.fixture
def cafe(tmp_path: Path) -> Iterator[Cafe]:
    made = Cafe(tmp_path)
    made.make()
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def windows(cafe: Cafe, new_context: Callable[..., BrowserContext]) -> list[Page]:
    """Two windows that are live."""
    pages = [new_context().new_page() for _ in range(2)]
    for page in pages:
        page.goto(cafe.url)
        expect(page.locator("p")).to_have_text("Live", timeout=PATIENCE_MS)
    return pages


def test_a_vote_in_one_window_shows_in_both(windows: list[Page]) -> None:
    windows[0].get_by_role("button", name="Tea").click()

    for page in windows:
        expect(page.get_by_role("button")).to_have_text(["Tea: 1", "Coffee: 0"], timeout=PATIENCE_MS)


def test_votes_while_the_hub_is_away_are_shown_when_it_is_back(cafe: Cafe, windows: list[Page]) -> None:
    cafe.hub.kill9()
    expect(windows[0].locator("p")).to_have_text("Reconnecting", timeout=PATIENCE_MS)
    for name in ("Tea", "Coffee"):
        windows[0].get_by_role("button", name=name).click()
    wait_until(lambda: httpx.get(f"{cafe.url}/snapshot").json()["seq"] == 2, "both votes are counted")

    cafe.start_hub()

    for page in windows:
        expect(page.locator("p")).to_have_text("Live", timeout=PATIENCE_MS)
        expect(page.get_by_role("button")).to_have_text(["Tea: 1", "Coffee: 1"], timeout=PATIENCE_MS)
