"""Feeds hold what the pages say, and an edit of what a page's tags have read reaches them."""

from pathlib import Path

import orjson
import pytest

from sitebuilder.checking import check_built
from sitebuilder.rendering import Renderer
from sitebuilder.settings import read_site
from tests.sitebuilder.pictures import picture
from tests.sitebuilder.sites import LAYOUT, SITE, built, clean_tree, page, tree, write

FEED = f'{SITE}[feed]\nsection = "posts"\n'
POST = "---\ndate: 2026-01-01\n---\n"


def content_of(folder: Path) -> str:
    """The content of the only post of a feed, which both feeds have alike."""
    (item,) = orjson.loads(page(folder, "feed.json"))["items"]
    content: str = item["content_html"]
    escaped = content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert f'<content type="html">{escaped}</content>' in page(folder, "feed.xml")
    return content


def test_a_feed_holds_a_post_whose_tags_have_run(tmp_path: Path) -> None:
    body = "One {{ site.name }}.\n\n{% if 1 %}Two{% endif %} `{{ code }}` at [more](b.md).\n\nThree.\n"
    files = {"pages/posts/a.md": f"{POST}{body}", "pages/posts/b.md": "B", "templates/page.html": LAYOUT}
    write(tmp_path, {"site.toml": FEED, **files})

    built(tmp_path)

    made = content_of(tmp_path)
    assert made == (
        "<p>One Example.</p>\n"
        '<p>Two <code>{{ code }}</code> at <a href="https://example.org/posts/b/">more</a>.</p>\n<p>Three.</p>\n'
    )
    assert made.replace("https://example.org", "") in page(tmp_path, "posts/a/index.html")


def test_links_and_pictures_of_a_feed_are_found_from_anywhere(tmp_path: Path) -> None:
    html = (
        '<a href="#note">a</a> <a class="b" href="../c/?d=1&amp;e">b</a> <a href="mailto:f@example.org">c</a>'
        ' <img alt="g" src="/h.png" srcset="/h.png 4w, i.png 8w"> <a href="https://example.com/">j</a>'
        ' `href="/k"`'
    )
    write(tmp_path, {"site.toml": FEED, "pages/posts/a.md": f"{POST}{html}", "templates/page.html": LAYOUT})

    built(tmp_path)

    assert content_of(tmp_path) == (
        '<p><a href="https://example.org/posts/a/#note">a</a> '
        '<a class="b" href="https://example.org/posts/c/?d=1&amp;e">b</a> '
        '<a href="mailto:f@example.org">c</a> <img alt="g" src="https://example.org/h.png" '
        'srcset="https://example.org/h.png 4w, https://example.org/posts/a/i.png 8w"> '
        '<a href="https://example.com/">j</a> <code>href="/k"</code></p>\n'
    )


def test_a_feed_follows_what_the_tags_of_a_post_have_read(tmp_path: Path) -> None:
    post = f"{POST}{{{{ site.data.people.0 }}}} {{% link 'posts/b.md' %}}"
    write(tmp_path, {"site.toml": FEED, "data/people.json": '["Ana"]', "pages/posts/a.md": post})
    write(tmp_path, {"pages/posts/b.md": "B"})
    built(tmp_path)
    assert content_of(tmp_path) == "<p>Ana /posts/b/</p>\n"

    write(tmp_path, {"data/people.json": '["Ben"]', "pages/posts/b.md": "---\nslug: c\n---\n"})
    built(tmp_path)

    assert content_of(tmp_path) == "<p>Ben /posts/c/</p>\n"
    assert tree(tmp_path) == clean_tree(tmp_path, tmp_path / "clean")


def test_the_files_that_a_post_asks_for_are_those_of_its_feed_too(tmp_path: Path) -> None:
    settings = f"{FEED}[images]\nwidths = [4, 8]\nformats = ['webp']\n"
    post = f"{POST}{{% image 'a.png' alt='x' %}}"
    write(tmp_path, {"site.toml": settings, "static/a.png": picture(8, 4, kind="PNG")})
    write(tmp_path, {"pages/posts/a.md": post})
    built(tmp_path)
    made = sorted(path for path in tree(tmp_path) if path.endswith(".webp"))
    assert made
    assert all(path in content_of(tmp_path) for path in made)

    (tmp_path / "out/posts/a/index.html").write_text("touched")
    (tmp_path / "out" / made[0]).unlink()
    built(tmp_path)

    assert tree(tmp_path) == clean_tree(tmp_path, tmp_path / "clean")


def test_a_post_in_another_language_is_in_its_language_in_the_feed(tmp_path: Path) -> None:
    settings = f'{FEED}[languages]\nen = "English"\nde = "Deutsch"\n'
    post = POST + "{% load i18n %}{% translate 'Older' %}, {{ page.date|date:'F' }}"
    write(tmp_path, {"site.toml": settings, "pages/posts/a.md": post, "pages/posts/a.de.md": post})

    built(tmp_path)

    (item,) = orjson.loads(page(tmp_path, "de/feed.json"))["items"]
    assert item["content_html"] == "<p>Älter, Januar</p>\n"


def test_the_tags_of_a_post_run_once_for_its_page_and_both_feeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []
    whole = Renderer.with_tags_run

    def counted(self: Renderer, *about: object) -> str:
        ran.append(about)
        return whole(self, *about)  # type: ignore[arg-type]

    monkeypatch.setattr(Renderer, "with_tags_run", counted)
    write(tmp_path, {"site.toml": FEED, "pages/posts/a.md": f"{POST}{{{{ site.name }}}}"})

    built(tmp_path)

    assert content_of(tmp_path) == "<p>Example</p>\n"
    assert len(ran) == 1


def test_the_search_index_holds_all_that_a_page_says_where_it_is_asked_to(tmp_path: Path) -> None:
    settings = f"{SITE}[search]\nenabled = true\nbody = true\n"
    text = "# One\n\nFor *Ana* at {{ site.name }}.<script>let x</script>\n\n|a|b|\n|-|-|\n|c|`{{ d }}`|\n"
    write(tmp_path, {"site.toml": settings, "pages/a.md": text, "pages/b.html": "{{ page.title }}"})

    built(tmp_path)

    bodies = [each["body"] for each in orjson.loads(page(tmp_path, "search.json"))]
    assert bodies == ["One For Ana at Example. a b c {{ d }}", ""]


@pytest.mark.parametrize("body", ["", "{# nothing #}{% if 0 %}x{% endif %}", "{% image 'a.png' alt='x' %}"])
def test_a_post_without_words_has_a_sound_feed(tmp_path: Path, body: str) -> None:
    files: dict[str, str | bytes] = {"static/a.png": picture(8, 4, kind="PNG"), "pages/index.md": "# Home"}
    layout = LAYOUT.replace("{% block", "<meta charset=utf-8>{% block")
    write(
        tmp_path, {"site.toml": FEED, "templates/page.html": layout, "templates/list.html": layout, **files}
    )
    write(tmp_path, {"pages/posts/a.md": f"{POST}{body}"})

    built(tmp_path)

    assert ("<img" in content_of(tmp_path)) == ("image" in body)
    assert check_built(read_site(tmp_path)) == []
