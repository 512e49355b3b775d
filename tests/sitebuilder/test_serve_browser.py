"""In a real browser: styles without loading, pages anew, mistakes over the page until they are mended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.sitebuilder.served import PATIENCE_SECONDS, Served
from tests.sitebuilder.sites import write
from tests.sitebuilder.test_serve import FILES

pytestmark = pytest.mark.slow
PATIENCE = PATIENCE_SECONDS * 1000  # milliseconds
RED, BLUE = "rgb(255, 0, 0)", "rgb(0, 0, 255)"
SHEET = "sitebuilder-problems [role=alert]"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    site = write(tmp_path / "site", FILES)
    with Served(
        write(site, {"static/site.css": "body{color:red}", "static/plain.css": "body{color:red}"})
    ) as served:
        yield served


def opened(page: Page, url: str) -> Page:
    """The page with our script listening, and a mark that does not survive loading it again."""
    with page.expect_response("**/.sitebuilder/events?*"):
        page.goto(url)
    page.evaluate("window.kept = true")
    return page


def is_kept(page: Page) -> bool:
    return bool(page.evaluate("window.kept === true"))


@pytest.mark.parametrize(("address", "css"), [("/about/", "static/site.css"), ("/", "static/plain.css")])
def test_styles_change_without_loading_the_page_again(
    served: Served, page: Page, address: str, css: str
) -> None:
    """With a hash in their name, which changes the page itself, and without."""
    opened(page, served.url + address)
    expect(page.locator("body")).to_have_css("color", RED)
    served.write(css, "body{color:blue}")

    expect(page.locator("body")).to_have_css("color", BLUE, timeout=PATIENCE)
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1, timeout=PATIENCE)
    assert is_kept(page)


def test_a_stylesheet_that_comes_late_leaves_none_of_those_before_it(served: Served, page: Page) -> None:
    """The second edit is there before the first has come."""
    opened(page, f"{served.url}/about/")
    held: list[Route] = []
    page.route("**/static/*.css*", lambda route: held.append(route) if not held else route.continue_())
    with page.expect_request("**/static/*.css*", timeout=PATIENCE):
        served.write("static/site.css", "body{color:green}")
    served.write("static/site.css", "body{color:blue}")

    expect(page.locator("body")).to_have_css("color", BLUE, timeout=PATIENCE)
    expect(page.locator("link[rel=stylesheet]")).to_have_count(1, timeout=PATIENCE)
    assert is_kept(page)


def test_an_edit_loads_the_page_again(served: Served, page: Page) -> None:
    opened(page, f"{served.url}/about/")
    served.write("pages/about.md", "# Edited")

    expect(page.locator("h1")).to_have_text("Edited", timeout=PATIENCE)
    assert not is_kept(page)


def test_a_picture_loads_the_pages_that_show_it_and_no_others(served: Served, page: Page) -> None:
    served.write("pages/about.md", "# About\n\n![a square](/static/picture.svg)")
    opened(page, f"{served.url}/about/")
    other = opened(page.context.new_page(), f"{served.url}/posts/one/")
    with page.expect_event("load", timeout=PATIENCE):
        served.write("static/picture.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")

    assert not is_kept(page)
    assert is_kept(other)


def test_a_mistake_is_laid_over_the_last_good_page_until_it_is_mended(served: Served, page: Page) -> None:
    opened(page, f"{served.url}/about/")
    served.write("pages/about.md", "fine\n\n{{ nothing }}")

    expect(page.locator(SHEET)).to_contain_text("pages/about.md:3", timeout=PATIENCE)
    expect(page.locator(f"{SHEET} mark")).to_contain_text("{{ nothing }}")
    assert is_kept(page)
    served.write("pages/about.md", "# Mended")
    expect(page.locator("#mended")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(SHEET)).to_have_count(0, timeout=PATIENCE)


def test_escape_hides_a_mistake_until_there_is_news_of_it(served: Served, page: Page) -> None:
    opened(page, f"{served.url}/posts/one/")
    served.write("pages/about.md", "{{ nothing }}")
    expect(page.locator(SHEET)).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(page.locator(SHEET)).to_have_count(0)

    served.write("pages/about.md", "{{ nobody }}")
    expect(page.locator(SHEET)).to_contain_text("nobody", timeout=PATIENCE)


def test_a_page_that_was_broken_from_its_beginning_appears_when_it_is_mended(
    served: Served, page: Page
) -> None:
    served.write("pages/new.md", "{{ nothing }}")
    opened(page, f"{served.url}/new/")
    expect(page.locator("main")).to_contain_text("pages/new.md:1")
    served.write("pages/new.md", "# New")

    expect(page.locator("#new")).to_be_visible(timeout=PATIENCE)


def test_the_page_is_loaded_again_when_the_preview_is_back(served: Served, page: Page) -> None:
    opened(page, f"{served.url}/about/")
    port = served.url.rpartition(":")[2]
    served.end(15)
    write(served.site, {"pages/about.md": "# Meanwhile"})
    with Served(served.site, "--port", port):
        expect(page.locator("h1")).to_have_text("Meanwhile", timeout=PATIENCE)
