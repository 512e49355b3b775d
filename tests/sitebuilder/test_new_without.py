"""What is taken out of a new site leaves no link behind."""

import re
from pathlib import Path

import pytest

from sitebuilder.building import build
from sitebuilder.checking import check_built
from sitebuilder.commands import new
from sitebuilder.commands.build import verify
from sitebuilder.settings import Site, read_site

FEED, SEARCH = r"(?s)\[feed\].*?(?=\[search)", r"(?s)\[search\].*?(?=\[check)"
TAGS = re.compile(r"^tags: .*\n", re.MULTILINE)


@pytest.fixture
def made(tmp_path: Path) -> Site:
    """A new site, built."""
    new.make(tmp_path / "site", "Field notes", "https://example.org")
    site = read_site(tmp_path / "site")
    build(site)
    return site


def without(site: Site, settings: str, others: str = "") -> str:
    """The front page of the site without a part of its settings, a pattern, or with others instead."""
    file = site.folder / "site.toml"
    text, count = re.subn(settings, others, file.read_text())
    assert count == 1
    file.write_text(text)
    return built(site)


def built(site: Site) -> str:
    """The front page of the site as it is now; the site is sound."""
    again = read_site(site.folder)
    build(again)
    assert check_built(again) == []
    verify(again)
    return (site.output / "index.html").read_text()


def write_tags(site: Site, tags: str) -> None:
    """Let every post have these tags."""
    for post in (site.folder / "pages/posts").glob("2*.md"):
        post.write_text(TAGS.sub(tags, post.read_text()))


def test_a_site_without_tags_has_no_link_to_them(made: Site) -> None:
    assert 'href="/tags/"' in (made.output / "index.html").read_text()

    write_tags(made, "")

    assert 'href="/tags/"' not in built(made)
    assert 'href="/tags/"' not in (made.output / "search/index.html").read_text()


def test_the_first_tag_of_a_site_brings_the_link_to_all_tags_to_every_page(made: Site) -> None:
    write_tags(made, "")
    built(made)
    (post,) = (made.folder / "pages/posts").glob("*-writing.md")

    post.write_text(post.read_text().replace("title:", "tags: [first]\ntitle:", 1))

    built(made)
    assert '<a href="/tags/">Tags</a>' in (made.output / "search/index.html").read_text()


def test_a_further_tag_leaves_the_pages_alone_that_show_no_tags(made: Site) -> None:
    (post,) = (made.folder / "pages/posts").glob("*-writing.md")
    post.write_text(TAGS.sub("tags: [further]\n", post.read_text()))

    reasons = build(read_site(made.folder)).reasons

    assert "tags/further/index.html" in reasons
    assert "search/index.html" not in reasons


def test_a_site_without_a_feed_has_no_link_to_one(made: Site) -> None:
    assert (made.output / "index.html").read_text().count('href="/feed.xml"') == 2

    assert "feed." not in without(made, FEED)


@pytest.mark.parametrize("setting", ["", "[search]\nenabled = false\n"])
def test_a_site_without_a_search_has_no_link_to_it(made: Site, setting: str) -> None:
    assert (made.output / "index.html").read_text().count('href="/search/"') == 2

    assert 'href="/search/"' not in without(made, SEARCH, setting)


def test_the_page_of_the_search_can_be_deleted_with_the_search(made: Site) -> None:
    (made.folder / "pages/search.md").unlink()

    assert "search" not in without(made, SEARCH)


def test_a_post_without_a_date_shows_none(made: Site) -> None:
    (made.folder / "pages/posts/undated.md").write_text("---\ntitle: Undated\n---\nText.\n")

    built(made)

    post = (made.output / "posts/undated/index.html").read_text()
    assert "1 minute to read" in post
    assert "<time" not in post
