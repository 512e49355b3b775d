"""The views that django-distill calls; posts are read once."""

import datetime
from collections.abc import Iterator
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

import pyromark
import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_distill import distill_path  # type: ignore[import-not-found] # only once Django is set up
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

HERE = Path(__file__).parent
SIZE = 20
SITE = {"name": "Corpus", "author": "The Writers", "url": "https://example.org"}
FORMATTER = HtmlFormatter(cssclass="highlight")


class Post:
    """A post, with the names that templates ask for."""

    def __init__(self, file: Path) -> None:
        _, matter, self.body = file.read_text().split("---\n", 2)
        said = yaml.load(matter, Loader=yaml.CSafeLoader)
        self.title, self.description = said["title"], said["description"]
        self.section, self.slug = file.parent.name, file.stem
        self.url = f"/{self.section}/{self.slug}/"
        self.date = datetime.datetime.combine(said["date"], datetime.time(), datetime.UTC)
        self.tags = [{"name": name, "url": f"/tags/{name}/"} for name in said["tags"]]
        self.previous: Post | None = None
        self.next: Post | None = None

    @property
    def content(self) -> str:
        return MARKDOWN.html(self.body)


@cache
def lexer(language: str) -> Lexer:
    return get_lexer_by_name(language)


def coloured(language: str | None, code: str) -> str:
    return highlight(code, lexer(language or "text"), FORMATTER)


MARKDOWN = pyromark.Markdown(options=pyromark.Options.ENABLE_TABLES, highlight=coloured)


@cache
def lists() -> tuple[dict[str, list[Post]], dict[tuple[str, str], Post]]:
    """All posts, newest first, by section and by tag; `posts` by address."""
    posts = sorted(
        (Post(file) for file in HERE.glob("content/*/*.md")), key=lambda post: post.date, reverse=True
    )
    found = {"all": posts, "posts": [], "notes": []}
    for post in posts:
        found[post.section].append(post)
        for tag in post.tags:
            found.setdefault(f"tags/{tag['name']}", []).append(post)
    for section in ("posts", "notes"):
        for newer, older in pairwise(found[section]):
            newer.previous, older.next = older, newer
    return found, {(post.section, post.slug): post for post in posts}


def post(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    return render(request, "post.html", {"site": SITE, "page": lists()[1][section, slug]})


def listing(request: HttpRequest, name: str, number: int = 1) -> HttpResponse:
    posts = lists()[0][name]
    count = -(-len(posts) // SIZE) or 1
    paginator = {
        "number": number,
        "count": count,
        "newer": page_url(name, number - 1) if number > 1 else "",
        "older": page_url(name, number + 1) if number < count else "",
    }
    entries = posts[(number - 1) * SIZE : number * SIZE]
    return render(
        request,
        "list.html",
        {"site": SITE, "page": {"title": name}, "entries": entries, "paginator": paginator},
    )


def page_url(name: str, number: int) -> str:
    return f"/{name}/" if number == 1 else f"/{name}/page/{number}/"


def tags(request: HttpRequest) -> HttpResponse:
    found = [
        {"name": name[5:], "url": f"/{name}/", "pages": len(posts)}
        for name, posts in sorted(lists()[0].items())
        if name.startswith("tags/")
    ]
    return render(request, "tags.html", {"site": SITE, "tags": found})


def home(request: HttpRequest) -> HttpResponse:
    found = lists()[0]
    return render(
        request, "home.html", {"site": SITE, "posts": found["posts"][:10], "notes": found["notes"][:10]}
    )


def feed(request: HttpRequest) -> HttpResponse:
    return render(
        request, "feed.xml", {"site": SITE, "posts": lists()[0]["all"][:SIZE]}, "application/atom+xml"
    )


def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "sitemap.xml", {"site": SITE, "posts": lists()[0]["all"]}, "application/xml")


def all_posts() -> list[dict[str, object]]:
    return [{"section": section, "slug": slug} for section, slug in lists()[1]]


def first_pages(prefix: str) -> list[dict[str, object]]:
    return [{"name": name.removeprefix(prefix)} for name in names(prefix)]


def further_pages(prefix: str) -> Iterator[dict[str, object]]:
    for name in names(prefix):
        count = -(-len(lists()[0][name]) // SIZE)
        yield from ({"name": name.removeprefix(prefix), "number": number} for number in range(2, count + 1))


def names(prefix: str) -> list[str]:
    """The lists of tags, or those of sections."""
    return [name for name in lists()[0] if name.startswith("tags/") == bool(prefix) and name != "all"]


def tagged(request: HttpRequest, name: str, number: int = 1) -> HttpResponse:
    return listing(request, f"tags/{name}", number)


urlpatterns = [
    distill_path("", home, name="home", distill_file="index.html"),
    distill_path("feed.xml", feed, name="feed", distill_file="feed.xml"),
    distill_path("sitemap.xml", sitemap, name="sitemap", distill_file="sitemap.xml"),
    distill_path("tags/", tags, name="tags", distill_file="tags/index.html"),
    distill_path("tags/<str:name>/", tagged, name="tag", distill_func=partial(first_pages, "tags/")),
    distill_path(
        "tags/<str:name>/page/<int:number>/",
        tagged,
        name="more-of-tag",
        distill_func=partial(further_pages, "tags/"),
    ),
    distill_path(
        "<str:name>/page/<int:number>/", listing, name="more", distill_func=partial(further_pages, "")
    ),
    distill_path("<str:name>/", listing, name="list", distill_func=partial(first_pages, "")),
    distill_path("<str:section>/<slug:slug>/", post, name="post", distill_func=all_posts),
]
