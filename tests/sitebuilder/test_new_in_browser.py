"""A new site, as people see it: light and dark, on a desk and on a phone, with a keyboard, on paper."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from sitebuilder.building import build
from sitebuilder.commands import new
from sitebuilder.settings import read_site
from tests.browser.test_accessibility import NARROW, WIDE, expect_no_violation
from tests.sitebuilder.test_new_in_languages import HOME, POSTS, site_in_german

pytestmark = pytest.mark.slow
PAGES = ("/", "/posts/", "/posts/writing/", "/posts/pictures/", "/about/", "/tags/", "/tags/basics/",
         "/search/?q=picture", "/gone/")  # fmt: skip


class Handler(SimpleHTTPRequestHandler):
    """Serve the folder, and its 404.html for what it has not."""

    def log_message(self, *_: object) -> None: ...

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        content = Path(self.directory, "404.html").read_bytes()
        self.send_response(HTTPStatus.OK)  # a console that says nothing stays a sign of health
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a new site."""
    folder = tmp_path_factory.mktemp("new") / "site"
    new.make(folder, "Field notes", "https://example.org")
    build(read_site(folder))
    with served(folder / "out") as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that nothing may complain on, and that may reach no other host."""
    said: list[str] = []
    with chromium.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: None if "127.0.0.1" in request.url else said.append(request.url))
        yield page
    assert said == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_new_site_stands_in_nobodys_way(page: Page, site: str, path: str, size: dict[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(site + path)

    expect_no_violation(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"], "nothing is wider than the window"


@pytest.mark.parametrize("path", PAGES)
def test_what_stands_outside_the_text_is_tall_enough_for_a_finger(page: Page, site: str, path: str) -> None:
    """24 CSS pixels: https://www.w3.org/TR/WCAG22/#target-size-minimum."""
    page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    page.goto(site + path)

    low = page.locator("a:not(.prose a), button, input").evaluate_all(
        "all => all.filter((each) => each.getBoundingClientRect().height < 24).map((each) => each.outerHTML)"
    )
    assert low == []


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a new site whose pages are in German too."""
    built = site_in_german(tmp_path_factory.mktemp("german") / "site", HOME | POSTS)
    with served(built.output) as address:
        yield address


GERMAN = ("/de/", "/de/posts/", "/de/posts/writing/", "/de/tags/", "/de/search/?q=text", "/posts/writing/")


@pytest.mark.parametrize("path", GERMAN)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_new_site_of_two_languages_stands_in_nobodys_way(
    page: Page, german: str, path: str, size: dict[str, int], scheme: Literal["light", "dark"]
) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.emulate_media(color_scheme=scheme)
    page.goto(german + path)

    expect_no_violation(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_reader_can_change_to_the_other_language(page: Page, german: str) -> None:
    page.goto(f"{german}/posts/writing/")
    page.get_by_role("navigation", name="Languages").get_by_role("link", name="Deutsch").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Schreiben")
    expect(page.get_by_role("navigation", name="Sprachen").get_by_role("link")).to_have_text("English")


@pytest.mark.parametrize("path", PAGES[:4])
def test_nothing_moves_while_a_page_loads(page: Page, site: str, path: str) -> None:
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries()"
        ".forEach((entry) => { window.moved += entry.value; })).observe({ type: 'layout-shift' });"
    )
    page.goto(site + path, wait_until="networkidle")

    assert page.evaluate("window.moved") == 0


def test_a_search_finds_what_has_all_the_words_as_they_are_typed(page: Page, site: str) -> None:
    page.goto(f"{site}/search/")
    page.get_by_role("searchbox").press_sequentially("PÍCTURES once")

    expect(page.get_by_role("status")).to_have_text("Pages found for “PÍCTURES once”: 1")
    expect(page.locator(".results a")).to_have_attribute("href", "/posts/pictures/")
    assert page.url.endswith("?q=P%C3%8DCTURES%20once")


def test_a_search_that_finds_nothing_says_so(page: Page, site: str) -> None:
    page.goto(f"{site}/search/?q=%3Cb%3Ezebra")

    expect(page.get_by_role("status")).to_have_text("Nothing found for “<b>zebra”.")
    expect(page.locator(".results li")).to_have_count(0)


def test_a_search_speaks_the_language_of_its_page_and_finds_only_its_pages(page: Page, german: str) -> None:
    page.goto(f"{german}/de/search/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Suche")
    search = page.get_by_role("searchbox", name="Wonach suchen Sie?")

    search.fill("text")
    expect(page.get_by_role("status")).to_have_text("Gefundene Seiten zu „text“: 3")
    expect(page.locator(".results a")).to_have_count(3)
    assert all("/de/" in str(link.get_attribute("href")) for link in page.locator(".results a").all())

    search.fill("{count} zebra")
    expect(page.get_by_role("status")).to_have_text("Nichts gefunden zu „{count} zebra“.")


def test_a_search_whose_index_is_away_says_so_and_finds_when_it_is_back(page: Page, german: str) -> None:
    page.route("**/search.json", lambda route: route.fulfill(body="no index"))
    page.goto(f"{german}/de/search/?q=text")
    expect(page.get_by_role("status")).to_contain_text("Das Verzeichnis konnte nicht geladen werden.")

    page.unroute("**/search.json")
    page.get_by_role("searchbox").fill("texte")

    expect(page.get_by_role("status")).to_contain_text("Gefundene Seiten zu „texte“")


def test_the_first_key_offers_to_skip_to_the_text(page: Page, site: str) -> None:
    page.goto(f"{site}/posts/writing/")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_picture_follows_the_scheme_of_the_reader(page: Page, site: str) -> None:
    page.goto(site)
    shots = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        shots.append(page.locator(".hero img").screenshot())

    assert shots[0] != shots[1]


def test_a_page_on_paper_is_the_text_alone(page: Page, site: str) -> None:
    page.goto(f"{site}/posts/writing/")
    page.emulate_media(media="print", color_scheme="dark")

    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator(".prose")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
