"""The pages of a site in their orders: sections, tags and neighbours."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import fields
from functools import cached_property
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Self

from sitebuilder.errors import wrong
from sitebuilder.metadata import slug_of
from sitebuilder.pages import Page
from sitebuilder.settings import Site

if TYPE_CHECKING:
    from sitebuilder.project.addresses import Address

NONE: Mapping[str, str] = MappingProxyType({})
OLDEST = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
ORDERS = {
    "date": lambda page: (page.date or OLDEST, page.url),
    "title": lambda page: (page.title.casefold(), page.url),
    "weight": lambda page: (page.weight, page.title.casefold(), page.url),
}
ALONE = (None, None)  # a page that no section holds


class Tag(NamedTuple):
    name: str
    slug: str
    url: str
    pages: int  # how many have it


class Library:
    """All pages that are published by this build, by every name that a template can ask for."""

    def __init__(
        self, site: Site, pages: Iterable[Page], now: datetime.datetime, known: Mapping[str, str] = NONE
    ) -> None:
        self.site = site
        self.known = known  # digests of pages by source, as far as they were made before
        self.pages, self.waiting = list[Page](), dict[str, Page]()  # by source
        for page in pages:
            if is_published(page, site, now):
                self.pages.append(page)
            else:
                self.waiting[page.source] = page
        self.by_source = {page.source: page for page in self.pages}

    @cached_property
    def lists(self) -> dict[str, list[Page]]:
        """`pages` in the order of addresses, `section NAME` of each folder, `tag SLUG` of each tag.

        A site of several languages has each list once a language, as `tag SLUG@de`, and the `pages` of all.
        """
        found: dict[str, list[Page]] = defaultdict(list)
        for page in self.pages:
            found["pages"].append(page)
            mark = f"@{page.language}" if self.site.languages else ""
            if mark:
                found[f"pages{mark}"].append(page)
            if not page.is_index:
                found[f"section {page.section}{mark}"].append(page)
            for tag in page.tags:
                found[f"tag {slug_of(tag)}{mark}"].append(page)
        for page in self.pages:  # a section has an index, or pages; both make it one
            if page.is_index:
                found.setdefault(self.marked(f"section {page.section}", page.language), [])
        return {name: self.ordered(name, pages) for name, pages in found.items()}

    def marked(self, what: str, language: str) -> str:
        """The name of a list, or of what an output is made of, in a language."""
        return f"{what}@{language}" if self.site.languages else what

    def unmarked(self, what: str) -> tuple[str, str]:
        """What a marked name is of, and its language."""
        if not self.site.languages:
            return what, self.site.language
        name, _, language = what.rpartition("@")
        return name, language

    def ordered(self, name: str, pages: list[Page]) -> list[Page]:
        """Newest first where pages have dates, else by weight and title; `[section.NAME] order` decides."""
        kind, _, of = name.partition("@")[0].partition(" ")
        if kind == "pages":
            return sorted(pages, key=lambda page: page.url)
        asked = self.site.table("section", of).get("order") if kind == "section" and of else None
        order = str(asked or ("-date" if any(page.date for page in pages) else "weight"))
        if order.removeprefix("-") not in ORDERS:
            raise wrong(
                f"section.{of}.order is {order!r}", "site.toml", right="date, title or weight, or -date"
            )
        return sorted(pages, key=ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))

    @cached_property
    def tags(self) -> dict[str, list[Tag]]:
        """The tags of each language that has any; where a site has no languages, all are of its own."""
        names: dict[str, dict[str, str]] = {}
        for page in self.pages:
            known = names.setdefault(page.language if self.site.languages else self.site.language, {})
            for tag in page.tags:
                known.setdefault(slug_of(tag), tag)
        return {
            language: [self.tag(name, slug, language) for slug, name in sorted(known.items())]
            for language, known in names.items()
        }

    def tag(self, name: str, slug: str, language: str) -> Tag:
        pages = len(self.lists[self.marked(f"tag {slug}", language)])
        return Tag(name, slug, tag_url(slug, self.site.prefix(language)), pages)

    @cached_property
    def by_name(self) -> dict[str, list[Page]]:
        """Each page with its translations, in the order of the site's languages."""
        order = list(self.site.languages)
        found: dict[str, list[Page]] = defaultdict(list)
        for page in sorted(self.pages, key=lambda page: order.index(page.language) if order else 0):
            found[page.name].append(page)
        return found

    def translations(self, page: Page) -> list[Page]:
        """A page in every language that it is in, itself among them; none where a site has no languages."""
        return self.by_name[page.name] if self.site.languages else []

    def translated(self, page: Page, language: str) -> Page:
        """A page in a language, or else as it is."""
        return next((each for each in self.translations(page) if each.language == language), page)

    @cached_property
    def neighbours(self) -> dict[str, tuple[Page | None, Page | None]]:
        """The pages before and after each in its section; newer is after."""
        found: dict[str, tuple[Page | None, Page | None]] = {}
        for name, pages in self.lists.items():
            if name.startswith("section "):
                ordered = pages[::-1] if is_newest_first(pages) else pages
                around = zip([None, *ordered], [*ordered[1:], None], strict=False)
                found.update(zip((page.source for page in ordered), around, strict=False))
        return found

    @cached_property
    def views(self) -> "list[Address]":
        """The pages of the views of the project that the site belongs to, in the order of addresses."""
        if not self.site.in_project:
            return []
        from sitebuilder.project.addresses import addresses  # noqa: PLC0415 - other sites need no project

        return addresses(self.site)

    @cached_property
    def views_by_path(self) -> "dict[str, Address]":
        return {view.path: view for view in self.views}

    def previous(self, source: str) -> Page | None:
        return self.neighbours.get(source, ALONE)[0]

    def next(self, source: str) -> Page | None:
        return self.neighbours.get(source, ALONE)[1]

    @cached_property
    def digests(self) -> dict[str, str]:
        return {page.source: self.known.get(page.source) or page.digest() for page in self.pages}

    def retold(self, news: Mapping[str, Page]) -> Self:
        """This library with some pages as they are now; each stays in the lists that it was in."""
        twin = copy(self)
        for name, made in vars(type(self)).items():
            if isinstance(made, cached_property) and name != "tags":
                vars(twin).pop(name, None)
        twin.pages = [news.get(page.source, page) for page in self.pages]
        twin.by_source = {**self.by_source, **news}
        old = {id(self.by_source[source]) for source in news}
        twin.lists = {
            name: pages if old.isdisjoint(map(id, pages)) else self.retold_list(name, pages, news)
            for name, pages in self.lists.items()
        }
        twin.digests = self.digests | {source: page.digest() for source, page in news.items()}
        return twin

    def retold_list(self, name: str, pages: list[Page], news: Mapping[str, Page]) -> list[Page]:
        return self.ordered(name, [news.get(page.source, page) for page in pages])


FREE = {"title", "description", "summary", "updated", "weight", "layout", "extra"}
BINDING = [field.name for field in fields(Page) if field.name not in FREE]


def is_listed_alike(old: Page, new: Page) -> bool:
    """Whether a page has stayed in the same lists, at the same address; only its place there may differ."""
    return all(getattr(old, name) == getattr(new, name) for name in BINDING)


def is_newest_first(pages: list[Page]) -> bool:
    return len(pages) > 1 and (pages[0].date or OLDEST) > (pages[-1].date or OLDEST)


def tag_url(slug: str, prefix: str) -> str:
    """The address of a tag's page, below that of its language."""
    return f"{prefix}/tags/{slug}/"


def is_published(page: Page, site: Site, now: datetime.datetime) -> bool:
    """Drafts, and pages dated in the future, wait; a preview shows them."""
    return site.drafts or not (page.draft or (page.date is not None and page.date > now))


def due(pages: Iterable[Page], now: datetime.datetime) -> str:
    """When the next page is to be published that waits for its date, in UTC; empty if none does."""
    waiting = [page.date for page in pages if page.date and page.date > now]
    return min(waiting).astimezone(datetime.UTC).isoformat() if waiting else ""


def page_count(length: int, size: int) -> int:
    """How many pages of `size` a list is shown on; one, perhaps empty, at least. 0: all on one."""
    return max(1, ceil(length / size)) if size else 1
