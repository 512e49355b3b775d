"""A new site has its pages, words and links in each language that its settings name."""

import re
from pathlib import Path

import polib
import pytest

from sitebuilder.building import build
from sitebuilder.checking import check_built
from sitebuilder.commands import new
from sitebuilder.commands.build import verify
from sitebuilder.settings import Site, read_site

SITEBUILDER = Path(new.__file__).parents[1]
LANGUAGES = '[languages]\nen = "English"\nde = "Deutsch"\n'
HOME = {"index": "---\ntitle: Kleine Seiten\n---\nEin Ort.\n"}
POST = "---\ntitle: {}\ntags: [{}]\n---\nEin Text.\n\n## Eins\n\n## Zwei\n\n## Drei\n"
POSTS = {
    "posts/index": "---\ntitle: Texte\npaginate: 1\n---\n",
    "posts/2025-11-03-writing": POST.format("Schreiben", "Grundlagen"),
    "posts/2025-11-04-second": POST.format("Zweiter", "Grundlagen"),
    "search": "---\ntitle: Suche\nlayout: search.html\n---\n",
}
TRANSLATED = re.compile(r"""\{% translate (["'])(.*?)\1""")


def site_in_german(folder: Path, pages: dict[str, str], toml: str = LANGUAGES, addresses: str = "") -> Site:
    """A new site with German pages, built."""
    new.make(folder, "Field notes", "https://example.org")
    settings = folder / "site.toml"
    text = settings.read_text()
    settings.write_text((text.replace('"folder" ', '"flat" ', 1) if addresses == "flat" else text) + toml)
    write_german(folder, pages)
    site = read_site(folder)
    build(site)
    return site


def write_german(folder: Path, pages: dict[str, str]) -> None:
    for name, text in pages.items():
        (folder / f"pages/{name}.de.md").write_text(text)


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a new site with a home page and posts in German."""
    return site_in_german(tmp_path_factory.mktemp("new") / "site", HOME | POSTS).output


@pytest.mark.parametrize("pages", [HOME, HOME | POSTS], ids=["home", "posts"])
@pytest.mark.parametrize("toml", [LANGUAGES, LANGUAGES.replace("]\n", "]\nprefix_default = true\n")])
@pytest.mark.parametrize("addresses", ["folder", "flat"])
def test_a_new_site_passes_the_check_in_two_languages(
    tmp_path: Path, pages: dict[str, str], toml: str, addresses: str
) -> None:
    site = site_in_german(tmp_path / "site", pages, toml, addresses)

    assert check_built(site) == []
    assert site.addresses == addresses


def test_a_language_without_posts_has_a_home_page_without_a_list(tmp_path: Path) -> None:
    site = site_in_german(tmp_path / "site", HOME)

    assert '<ol class="posts">' not in (site.output / "de/index.html").read_text()
    assert '<ol class="posts">' in (site.output / "index.html").read_text()


def test_the_first_post_in_a_language_is_on_its_home_page_at_once(tmp_path: Path) -> None:
    site = site_in_german(tmp_path / "site", HOME)
    write_german(site.folder, POSTS)

    build(site)

    assert ">Schreiben</a>" in (site.output / "de/index.html").read_text()
    verify(site)


def test_links_and_feeds_are_in_the_language_of_the_page(german: Path) -> None:
    page = (german / "de/posts/page/2/index.html").read_text()

    addresses = set(re.findall(r'href="(/[^"]*)"', page))
    translated = {"/de/", "/de/posts/", "/de/tags/", "/de/feed.xml", "/de/feed.json", "/de/posts/writing/",
                  "/de/search/"}  # fmt: skip
    elsewhere = {"/favicon.svg", "/about/", "/posts/"}  # not translated, or the other language
    assert {address for address in addresses if not address.startswith("/static/")} == translated | elsewhere


def test_words_and_dates_are_in_the_language_of_the_page(german: Path) -> None:
    listed = (german / "de/posts/page/2/index.html").read_text()
    post = (german / "de/posts/writing/index.html").read_text()
    tag = (german / "de/tags/grundlagen/index.html").read_text()

    assert ">Neuer</a>" in listed
    assert "<span>Seite 2 von 2</span>" in listed
    assert "<title>Texte, Seite 2 · Field notes</title>" in listed
    assert ">3. November 2025</time>" in post
    assert "1 Minute Lesezeit" in post
    assert ">Auf dieser Seite</h2>" in post
    assert ">2 Seiten.</p>" in tag


def test_a_translated_page_leads_readers_and_search_engines_to_its_other_language(german: Path) -> None:
    page = (german / "de/posts/writing/index.html").read_text()

    link = '<link rel="alternate" hreflang="{}" href="https://example.org{}posts/writing/">'
    assert link.format("en", "/") in page
    assert link.format("de", "/de/") in page
    assert '<a href="/posts/writing/" lang="en" hreflang="en">English</a>' in page
    assert '<html lang="de" dir="ltr">' in page


@pytest.mark.parametrize("name", ["about", "de/posts/second", "de/tags", "de/tags/grundlagen"])
def test_a_page_that_is_not_translated_offers_no_other_language(german: Path, name: str) -> None:
    page = (german / f"{name}/index.html").read_text()

    assert "hreflang" not in page
    assert 'class="languages"' not in page


@pytest.mark.parametrize(
    "file", sorted((SITEBUILDER / "locale").rglob("*.po")), ids=lambda file: file.parts[-3]
)
def test_the_words_of_a_new_site_are_in_each_catalogue(file: Path) -> None:
    templates = (SITEBUILDER / "starter/templates").glob("*.html")
    asked = {found[2] for template in templates for found in TRANSLATED.finditer(template.read_text())}
    titles = re.findall(r"title: (\w+)", (SITEBUILDER / "starter/data/navigation.yaml").read_text())

    entries = polib.pofile(str(file))
    assert asked | set(titles) <= {entry.msgid for entry in entries if entry.translated()}
    assert {"Older", "Writing", "j F Y"} <= asked | set(titles)
