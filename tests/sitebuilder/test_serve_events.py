"""A browser hears of what changes its page, and of nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sitebuilder.serving.stylesheets import new_stylesheets
from tests.sitebuilder.served import Served
from tests.sitebuilder.sites import write
from tests.sitebuilder.test_serve import FILES

pytestmark = pytest.mark.slow


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(write(tmp_path / "site", FILES)) as served:
        yield served


def test_a_browser_is_told_to_load_its_page_again_and_not_those_of_others(served: Served) -> None:
    with served.browser("/about/") as about, served.browser("/posts/one/") as other:
        served.write("pages/about.md", "# Edited")
        served.write("pages/posts/one.md", "# Edited too")

        assert about.next()[0] == "page"
        assert other.next()[0] == "page"
        served.write("static/plain.css", "b{}")
        assert about.next() == ("files", ["/static/plain.css"])
        assert other.next() == ("files", ["/static/plain.css"])


def test_new_styles_do_not_load_the_page_again(served: Served) -> None:
    with served.browser("/about/") as browser:
        served.write("static/site.css", "b{}")
        told = dict([browser.next(), browser.next()])

    (link,) = told["css"]
    assert link["was"] != link["href"]
    assert "b{}" in served.get(link["href"]).text


def test_an_edit_that_changes_nothing_of_a_page_leaves_it_alone(served: Served) -> None:
    with served.browser("/about/") as browser:
        served.write("pages/about.md", "# About\n\n")
        served.write("static/plain.css", "b{}")

        assert browser.next()[0] == "files"


def test_a_mistake_is_told_with_its_place_and_so_is_its_end(served: Served) -> None:
    with served.browser("/posts/one/") as browser:
        served.write("pages/about.md", "fine\n\n<b>{{ nothing }}</b>")
        event, html = browser.next()
        served.write("pages/about.md", "# About")

        assert event == "problems"
        assert "pages/about.md:3" in html
        assert "nothing is not defined here" in html
        assert "Expected a name that is" in html
        assert "<mark>    3  &lt;b&gt;{{ nothing }}&lt;/b&gt;\n</mark>" in html
        assert browser.next() == ("problems", "")


def test_a_browser_that_comes_while_something_is_broken_is_told_at_once(served: Served) -> None:
    served.write("pages/about.md", "{{ nothing }}")
    with served.browser("/about/") as browser:
        assert "pages/about.md:1" in browser.first[1]


def test_a_page_that_comes_to_be_is_loaded_where_it_was_missed(served: Served) -> None:
    with served.browser("/new/") as missed:
        served.write("pages/new.md", "{{ nothing }}")
        assert missed.next()[0] in ("page", "problems")
        served.write("pages/new.md", "# New")
    with served.browser("/new/") as browser:
        assert browser.first == ("problems", "")


def test_a_page_that_changed_between_loading_and_listening_is_loaded_again(served: Served) -> None:
    page = served.get("/about/").text
    served.write("pages/about.md", "# Edited")
    with served.browser_of("/about/", page) as browser:
        assert browser.first == ("page", {})


def test_a_file_that_changed_while_a_browser_was_away_is_told_later(served: Served) -> None:
    page = served.get("/about/").text
    served.write("static/plain.css", "b{}")
    with served.browser_of("/about/", page) as browser:
        assert browser.first == ("files", ["/static/plain.css"])


def test_a_page_of_an_earlier_start_is_loaded_again(served: Served) -> None:
    page = served.get("/about/").text.replace("reload.js?run=", "reload.js?run=0")
    with served.browser_of("/about/", page) as browser:
        assert browser.first == ("page", {})


def test_without_reloading_pages_are_as_they_are_built(tmp_path: Path) -> None:
    with Served(write(tmp_path / "site", FILES), "--no-reload") as served:
        assert "/.sitebuilder/" not in served.get("/about/").text


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<link rel=stylesheet href=/a.css>x", "<link rel=stylesheet href=/b.css>x", [("/a.css", "/b.css")]),
        ("<link rel=stylesheet href=/a.css>x", "<link rel=stylesheet href=/b.css>y", None),
        ("<link rel=stylesheet href=/a.css>x", "x", None),
        ("x", "<link rel=stylesheet href=/a.css>x", None),
        ("<link rel=icon href=/a.svg>x", "<link rel=icon href=/b.svg>x", None),
        ("<link rel=stylesheet href=/a.css media=print>", "<link rel=stylesheet href=/b.css>", None),
    ],
)
def test_pages_that_differ_in_their_styles_only_are_known(
    old: str, new: str, found: list[tuple[str, str]] | None
) -> None:
    links = new_stylesheets(old.encode(), new.encode())

    assert (None if links is None else [(link["was"], link["href"]) for link in links]) == found
