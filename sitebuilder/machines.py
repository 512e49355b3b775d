"""Write what programs read of a site: feeds, the sitemap, robots.txt, aliases and the search index."""

import datetime
import re
from collections.abc import Callable, Iterable
from html import escape
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from sitebuilder.library import Library
from sitebuilder.markdown import Body
from sitebuilder.markdown_walk import words_of_html
from sitebuilder.page_lists import Pages
from sitebuilder.pages import Page
from sitebuilder.reads import read
from sitebuilder.rendering import current
from sitebuilder.settings import Site

FEED_PAGES = 20
ADDRESS = re.compile(r'(?P<before><[a-z]+\s(?:[^<>]*\s)?(?:href|src|poster)=")(?P<address>[^"]*)"')
SRCSET = re.compile(r'(?P<before><[a-z]+\s(?:[^<>]*\s)?srcset=")(?P<addresses>[^"]*)"')
OLDEST = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def machine_text(kind: str, what: str, library: Library) -> bytes:
    """The bytes of an output that no template makes."""
    makers: dict[str, Callable[[], str]] = {
        "atom": lambda: atom(what, library),
        "json": lambda: json_feed(what, library),
        "sitemap": lambda: sitemap(library),
        "robots": lambda: robots(library.site),
        "search": lambda: search_index(what, library),
        "alias": lambda: alias(what, library.site),
    }
    return makers[kind]().encode()


def feed_pages(what: str, library: Library) -> list[Page]:
    """The newest dated pages of a section, or of all, in one language."""
    read("settings")
    limit = int(library.site.table("feed").get("limit", FEED_PAGES))
    section, language = library.unmarked(what)
    if section:
        return [page for page in Pages(library, f"section {what}")[:limit] if page.date]  # type: ignore[union-attr]
    every = Pages(library, library.marked("pages", language))
    dated = [page for page in every if page.date and not page.is_index]
    return list(islice(sorted(dated, key=lambda page: (page.date or OLDEST, page.url), reverse=True), limit))


def atom(what: str, library: Library) -> str:
    """An Atom feed (RFC 4287)."""
    site, pages, words = library.site, feed_pages(what, library), words_of(what, library)
    home = f"{site.url}{site.prefix(words['language'])}/"
    newest = max((page.updated or page.date or OLDEST for page in pages), default=OLDEST)
    entries = "".join(entry(site, page, content(page, site)) for page in pages)
    author = escape(str(words.get("author", words["name"])))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(words["language"])}">'
        f"<id>{escape(home)}</id><title>{escape(words['name'])}</title><updated>{stamp(newest)}</updated>"
        f'<author><name>{author}</name></author><link href="{escape(home)}"/>'
        f'<link rel="self" type="application/atom+xml" href="{escape(home)}feed.xml"/>'
        f"{entries}</feed>\n"
    )


def words_of(what: str, library: Library) -> dict[str, Any]:
    """What the site says of itself in the language of an output."""
    site, (_, language) = library.site, library.unmarked(what)
    own = site.languages[language].site if site.languages else {}
    return {**site.table("site"), "name": site.name, **own, "language": language}


def entry(site: Site, page: Page, body: str) -> str:
    url = escape(site.url + page.url)
    published = stamp(page.date or OLDEST)
    updated = stamp(page.updated) if page.updated else published
    tags = "".join(f'<category term="{escape(tag)}"/>' for tag in page.tags)
    return (
        f'<entry><id>{url}</id><title>{escape(page.title)}</title><link href="{url}"/>'
        f"<published>{published}</published><updated>{updated}</updated>"
        f"<summary>{escape(page.summary)}</summary>{tags}"
        f'<content type="html">{escape(body)}</content></entry>\n'
    )


def content(page: Page, site: Site) -> str:
    """The body of a page of Markdown, its template tags run; other pages are told of by their summary."""
    return with_hosts(current().said(page).html, site.url + page.url) if page.source.endswith(".md") else ""


def with_hosts(html: str, base: str) -> str:
    """HTML whose links and pictures are found from anywhere: readers of feeds do not start at the page."""
    html = ADDRESS.sub(lambda found: f'{found["before"]}{urljoin(base, found["address"])}"', html)
    return SRCSET.sub(lambda found: f'{found["before"]}{joined(found["addresses"], base)}"', html)


def joined(addresses: str, base: str) -> str:
    """The addresses of a `srcset`, each with its width."""
    return ", ".join(urljoin(base, each.strip()) for each in addresses.split(","))


def json_feed(what: str, library: Library) -> str:
    """A JSON feed, version 1.1 (jsonfeed.org)."""
    site, words = library.site, words_of(what, library)
    home = f"{site.url}{site.prefix(words['language'])}/"
    items = [
        {
            "id": site.url + page.url,
            "url": site.url + page.url,
            "title": page.title,
            "summary": page.summary,
            "content_html": content(page, site) or escape(page.summary),
            "date_published": stamp(page.date or OLDEST),
            "date_modified": stamp(page.updated or page.date or OLDEST),
            "tags": list(page.tags),
        }
        for page in feed_pages(what, library)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": words["name"],
        "home_page_url": home,
        "feed_url": f"{home}feed.json",
        "language": words["language"],
        "items": items,
    }
    import orjson  # noqa: PLC0415 - an edit of an older post needs none

    return orjson.dumps(feed, option=orjson.OPT_INDENT_2).decode() + "\n"


def sitemap(library: Library) -> str:
    """A sitemap (sitemaps.org), without the pages for addresses that lead nowhere."""
    read("settings")
    urls = "".join(
        f"<url><loc>{escape(library.site.url + page.url)}</loc>"
        f"{last_change(page)}{alternates(page, library)}</url>\n"
        for page in Pages(library, "pages")
        if not is_not_found(page, library.site)
    )
    urls += view_addresses(library)
    xhtml = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"' if "<xhtml:link " in urls else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{xhtml}>\n{urls}</urlset>\n'
    )


def alternates(page: Page, library: Library) -> str:
    """The page in its other languages; who has none of them is given the default one.

    https://developers.google.com/search/docs/specialty/international/localized-versions
    """
    named = [(each.language, each.url) for each in library.translations(page)]
    return alternate_links(named, library) if len(named) > 1 else ""


def alternate_links(named: list[tuple[str, str]], library: Library) -> str:
    named = named + [("x-default", url) for language, url in named if language == library.site.language]
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{escape(library.site.url + url)}"/>'
        for language, url in named
    )


def view_addresses(library: Library) -> str:
    """The pages of the views of a project, where a site belongs to one."""
    if not library.site.in_project:
        return ""
    read("views")
    views = [view for view in library.views if view.path.endswith(".html")]
    same: dict[str, list[tuple[str, str]]] = {}
    for view in views:
        same.setdefault(view.shown, []).append((view.language, view.url))
    return "".join(
        f"<url><loc>{escape(library.site.url + view.url)}</loc>"
        f"{alternate_links(same[view.shown], library) if len(same[view.shown]) > 1 else ''}</url>\n"
        for view in views
    )


def is_not_found(page: Page, site: Site) -> bool:
    return page.url in ("/404.html", f"{site.prefix(page.language)}/404.html")


def last_change(page: Page) -> str:
    date = page.updated or page.date
    return f"<lastmod>{stamp(date)}</lastmod>" if date else ""


def stamp(moment: datetime.datetime) -> str:
    """A moment as RFC 3339 has it: whole minutes from UTC, as local time once was not in."""
    text = moment.isoformat()
    return text if text[-6] in "+-" else moment.astimezone(datetime.UTC).isoformat()


def robots(site: Site) -> str:
    read("settings")
    return f"User-agent: *\nAllow: /\nSitemap: {site.url}/sitemap.xml\n"


def alias(target: str, site: Site) -> str:
    """A page that leads to where another has moved."""
    read("settings")
    url = escape(target)
    return (
        f'<!doctype html><html lang="{escape(site.language)}"><meta charset="utf-8"><title>{url}</title>'
        f'<link rel="canonical" href="{escape(site.url)}{url}"><meta name="robots" content="noindex">'
        f'<meta http-equiv="refresh" content="0; url={url}"><a href="{url}">{url}</a></html>\n'
    )


def search_index(what: str, library: Library) -> str:
    """What a search in the browser looks through: each page of a language, and more of it if asked."""
    read("settings")
    _, language = library.unmarked(what)
    asked = library.site.table("search")
    more = [name for name in OF_BODIES if asked.get(name, False)]
    pages = []
    for page in Pages(library, library.marked("pages", language)):
        if not is_not_found(page, library.site):
            entry = {"url": page.url, "title": page.title, "text": page.summary, "tags": list(page.tags)}
            pages.append(entry | (of_body(page, more) if more else {}))
    import orjson  # noqa: PLC0415

    return orjson.dumps(pages).decode() + "\n"


def of_body(page: Page, asked: Iterable[str]) -> dict[str, Any]:
    """What a search is given of the body of a page of Markdown, with its tags run."""
    is_markdown = page.source.endswith(".md")
    body = current().as_marked_down(page) if is_markdown else Body("", ())
    return {name: OF_BODIES[name](body) for name in asked}


def headings_of(body: Body) -> list[tuple[str, str]]:
    """The id and the words of each heading below the title."""
    return [(heading.id, heading.text) for heading in body.headings[1:]]


OF_BODIES: dict[str, Callable[[Body], Any]] = {
    "headings": headings_of,
    "body": lambda body: words_of_html(body.html),
}
