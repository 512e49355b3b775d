"""Feeds and sitemaps are held to their standards."""

import json
from pathlib import Path
from typing import Any

import pytest

from sitebuilder.checking import check
from tests.sitebuilder.checked_site import built, found, page

ENTRY = """<entry><id>tag:a</id><title>A</title><updated>2026-11-21T20:00:00+01:00</updated>
<link href="https://example.org/a/"/></entry>"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:f</id><title>F</title><updated>2026-11-21T20:00:00Z</updated>
<author><name>Ana</name></author><link rel="self" href="https://example.org/feed.xml"/>{ENTRY}</feed>"""
SITEMAP = """<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://example.org/</loc><lastmod>2026-11-21</lastmod></url>
<url><loc>https://example.org/a/</loc><lastmod>2026-11-21T20:00:00Z</lastmod></url></urlset>"""
FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "F",
    "home_page_url": "https://example.org/",
    "feed_url": "https://example.org/feed.json",
    "items": [
        {
            "id": "a",
            "url": "https://example.org/a/",
            "content_text": "x",
            "date_published": "2026-11-21T20:00:00Z",
        }
    ],
}
SITE = {
    "out/a/index.html": page(),
    "out/feed.xml": ATOM,
    "out/feed.json": json.dumps(FEED),
    "out/sitemap.xml": SITEMAP,
}


def test_sound_feeds_and_a_sound_sitemap_pass(tmp_path: Path) -> None:
    assert found(tmp_path, {**SITE, "out/other.xml": "<x/>", "out/other.json": "[1]"}) == []


@pytest.mark.parametrize(
    ("name", "part", "broken", "says"),
    [
        ("feed.xml", "</feed>", "", "out/feed.xml:4: the XML is broken: premature eof"),
        ("feed.xml", "<title>F</title>", "", "the feed has no title; expected <title>"),
        ("feed.xml", "<id>tag:f</id>", "<id> </id>", "the feed has no id"),
        ("feed.xml", "<title>A</title>", "", "the entry 'tag:a' has no title"),
        ("feed.xml", "<id>tag:a</id>", "", "the entry 'A' has no id"),
        (
            "feed.xml",
            "<author><name>Ana</name></author>",
            "",
            "the entry 'A' has no author; expected <author> in it",
        ),
        ("feed.xml", "20:00:00Z", "20:00", "'2026-11-21T20:00' is no date of RFC 3339"),
        (
            "feed.xml",
            "2026-11-21T20:00:00+01:00",
            "2026-13-21T20:00:00Z",
            "'2026-13-21T20:00:00Z' is no date",
        ),
        ("feed.xml", "https://example.org/a/", "/a/", "the address '/a/' is not absolute"),
        ("feed.xml", "https://example.org/a/", "https://example.org/b/", "leads nowhere"),
        ("feed.xml", "</feed>", f"{ENTRY}</feed>", "the id tag:a stands twice"),
        ("feed.xml", "http://www.w3.org/2005/Atom", "http://x.org", "<feed> is in no known namespace"),
        ("sitemap.xml", "https://example.org/a/", "https://example.org/b/", "leads nowhere"),
        ("sitemap.xml", "https://example.org/a/", "a/", "the address 'a/' is not absolute"),
        (
            "sitemap.xml",
            "https://example.org/a/",
            "https://example.org/",
            "the address https://example.org/ stands twice",
        ),
        ("sitemap.xml", "<loc>https://example.org/a/</loc>", "", "the url '?' has no loc"),
        ("sitemap.xml", "2026-11-21<", "21.11.2026<", "'21.11.2026' is no date of RFC 3339"),
        ("sitemap.xml", "http://www.sitemaps.org/", "http://x.org/", "<urlset> is in no known namespace"),
        ("feed.json", "{", "", "the JSON is broken: "),
        ("feed.json", '"title": "F"', '"title": ""', "the feed has no title"),
        ("feed.json", '"items"', '"item"', "the feed has no items"),
        ("feed.json", '"id": "a"', '"id": ""', "the item https://example.org/a/ has no id"),
        ("feed.json", '"content_text": "x"', '"summary": "x"', "the item a has no content"),
        ("feed.json", '"content_text": "x"', '"content_text": null', "the item a has no content"),
        (
            "feed.xml",
            '<link href="https://example.org/a/"/>',
            '<link rel="related" href="https://example.org/a/"/>',
            "the entry 'A' has no content; expected <content>, or a <link> to its page",
        ),
        ("feed.json", "20:00:00Z", "20:00", "is no date of RFC 3339"),
        ("feed.json", "https://example.org/a/", "a/", "the address 'a/' is not absolute"),
        ("feed.json", "https://example.org/a/", "https://example.org/b/", "leads nowhere"),
    ],
)
def test_each_fault_of_a_feed_is_found(tmp_path: Path, name: str, part: str, broken: str, says: str) -> None:
    text = SITE[f"out/{name}"]
    assert part in text

    (problem,) = found(tmp_path, {**SITE, f"out/{name}": text.replace(part, broken, 1)})

    assert says in problem
    assert problem.startswith(f"out/{name}:")


def test_a_sitemap_index_is_followed(tmp_path: Path) -> None:
    index = (
        SITEMAP.replace("urlset", "sitemapindex")
        .replace("<url>", "<sitemap>")
        .replace("</url>", "</sitemap>")
    )
    sound = index.replace("https://example.org/a/", "https://example.org/sitemap.xml")

    assert "leads nowhere" in found(tmp_path / "broken", {"out/index.xml": index})[0]
    assert found(tmp_path / "sound", {**SITE, "out/index.xml": sound}) == []


def test_a_sitemap_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitebuilder.checking.feeds.SITEMAP_MOST_ADDRESSES", 1)

    assert found(tmp_path, SITE) == [
        "out/sitemap.xml: the sitemap names 2 addresses; expected at most 1 a file"
    ]


def test_an_item_may_be_empty(tmp_path: Path) -> None:
    empty = SITE["out/feed.json"].replace('"content_text": "x"', '"content_html": ""')

    assert found(tmp_path, {**SITE, "out/feed.json": empty}) == []


@pytest.mark.parametrize(
    ("name", "part", "broken", "says"),
    [
        (
            "feed.json",
            '"content_text": "x"',
            '"summary": "x"',
            "the item a has no content (in out/feed.json)",
        ),
        ("feed.xml", "<title>A</title>", "", "the entry 'tag:a' has no title (in out/feed.xml)"),
    ],
)
def test_what_is_wrong_with_an_item_is_told_of_its_post(
    tmp_path: Path, name: str, part: str, broken: str, says: str
) -> None:
    site = {**SITE, "pages/a.md": "A", f"out/{name}": SITE[f"out/{name}"].replace(part, broken)}

    (problem,) = found(tmp_path, site)

    assert problem.startswith(f"pages/a.md: {says}")


def test_a_feed_of_a_section_is_called_by_its_own_name(tmp_path: Path) -> None:
    broken = SITE["out/feed.json"].replace('"title": "F"', '"title": ""')
    site = built(tmp_path, {**SITE, "out/feed.json": broken, "pages/posts/a.md": "A"})

    (problem,) = check(site, sources={"feed.json": "posts"})

    assert problem.file == "out/feed.json"
