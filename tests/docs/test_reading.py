"""Whoever reads the documentation finds their way by mouse, by keyboard and by ear, in light and dark."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sitebuilder.settings import Site
from tests.docs.pages import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
FIND = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }))"""
WIDE, NARROW = {"width": 1366, "height": 860}, {"width": 390, "height": 844}
PAGES = ("/", "/how-to/", "/tutorial/board/", "/how-to/use-the-hub/", "/reference/sitebuilder/", "/404.html")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base class
        pass


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    """Where the built documentation is served, by a server that knows nothing of it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.output)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_page(address: str, new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Open a page; what its console says fails the test."""
    said: list[str] = []

    def opened(path: str, **options: Any) -> Page:
        page = new_context(base_url=address, **options).new_page()
        page.on("console", lambda message: said.append(message.text))
        page.goto(path)
        expect(page.get_by_role("button", name="Colours: as the system")).to_be_visible()
        return page

    yield opened
    assert said == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_stands_in_the_way_of_anybody(
    open_page: Callable[..., Page], path: str, size: dict[str, int]
) -> None:
    page = open_page(path, viewport=size, bypass_csp=True, reduced_motion="reduce")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert page.evaluate(FIND) == [], scheme


def test_a_heading_is_found_and_opened_by_the_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page("/", viewport=WIDE)

    page.keyboard.press("/")
    page.keyboard.type("nginx tls")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Run behind nginx")
    page.keyboard.press("Enter")

    page.wait_for_url("**/how-to/nginx/#tls")


def test_the_arrows_choose_and_escape_closes(open_page: Callable[..., Page]) -> None:
    page = open_page("/", viewport=WIDE)
    field = page.get_by_role("combobox")
    page.keyboard.press("/")
    page.keyboard.type("publish")
    expect(page.get_by_role("option")).not_to_have_count(0)
    first, second = page.get_by_role("option").nth(0), page.get_by_role("option").nth(1)

    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "found-1")
    page.keyboard.press("ArrowUp")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_be_focused()


def test_words_that_no_page_holds_are_said_to_be_nowhere(open_page: Callable[..., Page]) -> None:
    page = open_page("/", viewport=WIDE)

    page.get_by_role("combobox").fill("zzzz")

    expect(page.get_by_role("option")).to_have_text("Nothing found")
    expect(page.get_by_role("search").get_by_role("status")).to_have_text("0 pages found")


def test_the_menu_of_a_phone_opens_closes_and_marks_the_page(open_page: Callable[..., Page]) -> None:
    page = open_page("/how-to/nginx/", viewport=NARROW)
    here = page.get_by_role("link", name="Run behind nginx")
    expect(here).to_be_hidden()

    page.get_by_role("button", name="Menu").click()
    expect(here).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")

    expect(here).to_be_hidden()


def test_the_colours_that_are_chosen_are_kept(open_page: Callable[..., Page]) -> None:
    page = open_page("/", viewport=WIDE, color_scheme="light")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)

    page.get_by_role("button", name="Colours: as the system").click()
    page.get_by_role("button", name="Colours: light").click()
    expect(page.get_by_role("button", name="Colours: dark")).to_be_visible()
    page.reload()

    expect(page.get_by_role("button", name="Colours: dark")).to_be_visible()
    assert page.evaluate(ground) != light


def test_a_block_of_code_is_copied(open_page: Callable[..., Page]) -> None:
    page = open_page("/tutorial/board/", viewport=WIDE, permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy").first.click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "script/server\n"


def test_without_scripts_the_text_the_menu_and_the_headings_are_there(
    address: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(base_url=address, java_script_enabled=False, viewport=WIDE).new_page()

    page.goto("/tutorial/board/")

    expect(page.get_by_role("heading", name="Your first board")).to_be_visible()
    expect(page.get_by_role("link", name="Run behind nginx")).to_be_visible()
    expect(page.get_by_role("link", name="3. Without a mouse")).to_be_visible()
    expect(page.get_by_role("combobox")).to_be_hidden()
