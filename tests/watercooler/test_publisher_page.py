"""The page of the shopping list shows a whole project: it runs as it stands there, against a real hub."""

from __future__ import annotations

import os
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.services import Process, answers, free_port, wait_until
from watercooler.messages import Control, Keys, parse_events, random_key
from watercooler.tickets import issue_hub_token

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "pages" / "how-to" / "use-the-hub.md"
PATIENCE_MS = 30_000


def blocks(language: str) -> str:
    """Give the page's blocks of one language, as one text."""
    return "\n\n".join(re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL))


class Project:
    """The project of the page, and its hub."""

    def __init__(self, folder: Path) -> None:
        self.port, hub_port = free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self.program = folder / "shopping.py"
        self.program.write_text(blocks("python"))
        (folder / "shopping.html").write_text(blocks("html"))
        self.variables = {
            "WATERCOOLER_KEYS": random_key(),
            "BOARD_PORT": str(self.port),
            "WATERCOOLER_PORT": str(hub_port),
            "BOARD_URL": f"http://127.0.0.1:{self.port}",
            "WATERCOOLER_ORIGINS": self.url,
            "REDIS_URL": "",
        }
        env = {**os.environ, **self.variables, "PYTHONPATH": str(ROOT)}
        self.shop = Process("shop", [sys.executable, "shopping.py"], log=folder / "shop", env=env, cwd=folder)
        self.hub = Process(
            "hub", [sys.executable, "-m", "watercooler"], log=folder / "hub", env=env, cwd=folder
        )
        self.hub_url = f"http://127.0.0.1:{hub_port}"

    def start(self) -> None:
        """Return when both answer."""
        self.shop.start()
        self.hub.start()
        wait_until(lambda: self.shop.check_running() and answers(f"{self.url}/snapshot"), "the shop answers")
        self.wait_for_hub()

    def wait_for_hub(self) -> None:
        """Return when it answers."""
        wait_until(lambda: self.hub.check_running() and answers(f"{self.hub_url}/ready"), "the hub answers")

    def stop(self) -> None:
        """End both."""
        self.hub.terminate()
        self.shop.kill9()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()
    assert "Traceback" not in made.hub.log.read_text()
    assert "Traceback" not in made.shop.log.read_text()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The page's program, not started."""
    project = Project(tmp_path)
    for name, value in project.variables.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(project.program))


def open_list(project: Project, new_context: Callable[..., BrowserContext]) -> Page:
    page = new_context().new_page()
    page.goto(project.url)
    expect(page.locator("p")).to_have_text("Live", timeout=PATIENCE_MS)
    return page


def add(page: Page, name: str) -> None:
    page.get_by_label("Item").fill(name)
    page.get_by_role("button", name="Add").click()


def test_what_one_page_adds_the_other_shows(
    project: Project, new_context: Callable[..., BrowserContext]
) -> None:
    one, two = open_list(project, new_context), open_list(project, new_context)

    add(one, "Milk")

    for page in (one, two):
        expect(page.locator("li")).to_have_text(["Milk"], timeout=PATIENCE_MS)


def test_what_is_added_while_the_hub_is_down_is_shown_once_when_it_is_back(
    project: Project, new_context: Callable[..., BrowserContext]
) -> None:
    one, two = open_list(project, new_context), open_list(project, new_context)
    add(one, "Milk")
    expect(two.locator("li")).to_have_text(["Milk"], timeout=PATIENCE_MS)
    project.hub.kill9()
    expect(two.locator("p")).to_have_text("Reconnecting", timeout=PATIENCE_MS)

    add(one, "Eggs")
    project.hub.start()
    project.wait_for_hub()
    expect(two.locator("p")).to_have_text("Live", timeout=PATIENCE_MS)
    add(one, "Tea")

    for page in (one, two):
        expect(page.locator("li")).to_have_text(["Milk", "Eggs", "Tea"], timeout=PATIENCE_MS)


def test_the_hubs_questions_are_answered_as_the_page_says(project: Project) -> None:
    keys = Keys.parse(project.variables["WATERCOOLER_KEYS"])
    with httpx.Client(headers={"Authorization": f"Bearer {issue_hub_token(keys)}"}) as hub:
        for name in ("Milk", "Eggs", "Tea"):
            hub.post(project.url, content=name)
        log = f"{project.url}/api/boards/7/events?limit=500&after="

        said = hub.get(f"{log}1").json()
        assert [event["seq"] for event in parse_events(said["events"])] == [2, 3]
        assert (said["seq"], said["epoch"]) == (3, said["events"][0]["epoch"])
        assert hub.get(f"{log}4").status_code == 410
        assert hub.get(f"{log}0", headers={"Authorization": "Bearer none"}).status_code == 401
        unknown = hub.get(f"{project.url}/api/boards/8/events?after=0")
        assert (unknown.status_code, unknown.json()) == (404, {"code": "not_found"})


def test_leave_is_ended_for_a_list_for_everything_and_for_everybody(module: dict[str, Any]) -> None:
    posted: list[Control] = []

    class Recorder:
        def publish(self, *, controls: list[Control]) -> None:
            posted.extend(controls)

    module["forbid"](Recorder(), 3)

    assert [(control.do, control.user, control.board) for control in posted] == [
        ("revoke", 3, 7),
        ("revoke", 3, None),
        ("close", None, 7),
    ]
