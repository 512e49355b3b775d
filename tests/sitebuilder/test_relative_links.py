"""Links between files lead to the addresses of the built site, as they lead to the files on a git host."""

from pathlib import Path

import orjson
import pytest

from sitebuilder.errors import SiteError
from tests.sitebuilder.pictures import picture
from tests.sitebuilder.sites import LAYOUT, SITE, built, page, write

OTHER: dict[str, str | bytes] = {
    "templates/page.html": LAYOUT,
    "pages/how-to/proxy.md": "# Proxy\n\n## With TLS\n",
    "pages/how-to/nginx.conf": "events {}",
    "pages/tutorial/steps.png": picture(kind="PNG"),
    "static/css/site.css": "",
}


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("../how-to/proxy.md", "/how-to/proxy/"),
        ("../how-to/proxy.md#with-tls", "/how-to/proxy/#with-tls"),
        ("first.md", "/tutorial/first/"),
        ("./steps.png", "/tutorial/steps.png"),
        ("../how-to/nginx.conf", "/how-to/nginx.conf"),
        ("../../static/css/site.css", "/static/css/site.css"),
        ("/how-to/proxy.md", "/how-to/proxy.md"),
        ("#below", "#below"),
        ("https://example.org/a.md", "https://example.org/a.md"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_a_link_to_a_file_becomes_its_address(tmp_path: Path, written: str, address: str) -> None:
    write(tmp_path, OTHER | {"pages/tutorial/first.md": f"[one]({written}) and ![two]({written})"})

    built(tmp_path)

    made = page(tmp_path, "tutorial/first/index.html")
    assert f'<a href="{address}">one</a>' in made
    assert f'src="{address}" alt="two"' in made


def test_a_link_in_code_stays_as_it_is_written(tmp_path: Path) -> None:
    write(tmp_path, OTHER | {"pages/a.md": '`<a href="b.md">`\n\n```html\n<a href="c.md">x</a>\n```\n'})

    built(tmp_path)

    assert "b.md" in page(tmp_path, "a/index.html")
    assert "c.md" in page(tmp_path, "a/index.html")


def test_a_link_to_a_page_that_is_not_there_is_told_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, OTHER | {"pages/a/b.md": "---\ntitle: B\n---\nOne\n\n[two](../how-to/prox.md#x)\n"})

    with pytest.raises(SiteError) as caught:
        built(tmp_path)

    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("pages/a/b.md", 6)
    assert "../how-to/prox.md leads to pages/how-to/prox.md" in problem.what
    assert problem.right == "perhaps you meant ../how-to/proxy.md"


@pytest.mark.parametrize("link", ["[two](b.md)", "{% link 'b.md' %}"])
@pytest.mark.parametrize(
    ("matter", "what"),
    [
        ("draft: true", "is a draft"),
        ("date: 2999-01-31", "waits for its day, 2999-01-31 00:00+00:00"),
        ("date: 2999-01-31 08:00:00 +01:00", "waits for its day, 2999-01-31 08:00+01:00"),
    ],
)
def test_a_link_to_a_page_that_is_not_published_yet_says_why(
    tmp_path: Path, link: str, matter: str, what: str
) -> None:
    write(tmp_path, {"pages/a.md": f"One\n\n{link}", "pages/b.md": f"---\n{matter}\n---\n"})

    with pytest.raises(SiteError) as caught:
        built(tmp_path)

    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("pages/a.md", 3)
    assert problem.what.endswith(f"pages/b.md {what}") or problem.what.endswith(f"pages/b.md, which {what}")
    assert problem.right == "a page that is published, or `--drafts`"
    built(tmp_path, drafts=True)


def test_a_link_follows_a_page_that_gets_another_address(tmp_path: Path) -> None:
    write(tmp_path, OTHER | {"pages/a.md": "[one](how-to/proxy.md)"})
    built(tmp_path)

    write(tmp_path, {"pages/how-to/proxy.md": "---\nslug: nginx\n---\n# Proxy\n"})
    built(tmp_path)

    assert '<a href="/how-to/nginx/">' in page(tmp_path, "a/index.html")


def test_a_link_leads_to_the_page_in_the_language_of_the_one_that_links(tmp_path: Path) -> None:
    settings = f'{SITE}[languages]\nen = "English"\nde = "Deutsch"\n'
    link = "[one](a.md) [two](c.md)"
    files = {
        "pages/b.md": link,
        "pages/b.de.md": link,
        "pages/a.md": "A",
        "pages/a.de.md": "A",
        "pages/c.md": "C",
    }
    write(tmp_path, {"site.toml": settings, "templates/page.html": LAYOUT, **files})

    built(tmp_path)

    assert '<a href="/a/">one</a> <a href="/c/">two</a>' in page(tmp_path, "b/index.html")
    assert '<a href="/de/a/">one</a> <a href="/c/">two</a>' in page(tmp_path, "de/b/index.html")


def test_a_picture_that_comes_later_is_found(tmp_path: Path) -> None:
    write(tmp_path, OTHER | {"pages/b/a.md": "![one](new.png)"})
    built(tmp_path)
    assert 'src="new.png"' in page(tmp_path, "b/a/index.html")

    write(tmp_path, {"pages/b/new.png": picture(kind="PNG")})
    built(tmp_path)

    assert 'src="/b/new.png"' in page(tmp_path, "b/a/index.html")


def test_links_in_a_feed_lead_to_addresses_too(tmp_path: Path) -> None:
    post = "---\ndate: 2026-01-01\n---\n[one](../how-to/proxy.md)"
    settings = f'{SITE}[feed]\nsection = "posts"\n'
    write(tmp_path, OTHER | {"site.toml": settings, "pages/posts/a.md": post})

    built(tmp_path)

    (item,) = orjson.loads(page(tmp_path, "feed.json"))["items"]
    assert 'href="https://example.org/how-to/proxy/"' in item["content_html"]


def test_the_search_index_holds_headings_where_it_is_asked_to(tmp_path: Path) -> None:
    write(tmp_path, OTHER | {"site.toml": f"{SITE}[search]\nenabled = true\nheadings = true\n"})

    built(tmp_path)

    (found,) = orjson.loads(page(tmp_path, "search.json"))
    assert found["headings"] == [["with-tls", "With TLS"]]


def test_the_headings_in_the_search_index_are_those_of_the_page_whose_tags_have_run(tmp_path: Path) -> None:
    headings = "[search]\nenabled = true\nheadings = true\n"
    text = "# A\n\n## {{ site.name }} `{{ code }}`\n"
    write(tmp_path, OTHER | {"site.toml": f"{SITE}{headings}", "pages/b/a.md": text})
    built(tmp_path)

    write(tmp_path, {"templates/page.html": "{{ content }} again"})
    built(tmp_path)

    assert "Example <code>{{ code }}</code></h2>" in page(tmp_path, "b/a/index.html")
    assert page(tmp_path, "b/a/index.html").endswith(" again")
    found = {each["url"]: each["headings"] for each in orjson.loads(page(tmp_path, "search.json"))}
    assert found["/b/a/"] == [["example--code-", "Example {{ code }}"]]
