"""What templates are given of a site; each answer notes what it was read from."""

from collections.abc import Iterator
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from sitebuilder.data import load_data
from sitebuilder.library import Library, Tag, paginated
from sitebuilder.metadata import slug_of
from sitebuilder.pages import Page
from sitebuilder.reads import read


class Pages:
    """A list of pages, or a part of it; what is read is the part that was looked at."""

    def __init__(
        self, library: Library, name: str, start: int | None = None, stop: int | None = None
    ) -> None:
        self._library, self._name, self._start, self._stop = library, name, start, stop

    def _part(self) -> list[Page]:
        return self._library.lists.get(self._name, [])[self._start : self._stop]

    def __iter__(self) -> Iterator[Page]:
        start, stop = ("-" if end is None else end for end in (self._start, self._stop))
        read("list", f"{self._name} {start} {stop}")
        return iter(self._part())

    def __len__(self) -> int:
        read("length", self._name)
        return len(self._part())

    def __getitem__(self, item: int | slice) -> "Page | Pages":
        if isinstance(item, slice):
            whole = self._start is None and self._stop is None
            plain = item.step is None and all(end is None or end >= 0 for end in (item.start, item.stop))
            if whole and plain:
                return Pages(self._library, self._name, item.start, item.stop)
        pages = list(self)
        return pages[item]  # type: ignore[return-value]


class Data:
    """The files of data/, by their names without an ending."""

    def __init__(self, library: Library) -> None:
        self._folder = library.site.folder

    def __getitem__(self, name: str) -> Any:
        return load_data(self._folder, name)


class SiteView:
    """`site` in a template."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.data = Data(library)

    def __getitem__(self, name: str) -> Any:
        """A value of the table [site] of site.toml, or one of [params]."""
        read("settings")
        site = self._library.site
        known = {"name": site.name, "url": site.url, "language": site.language}
        return (known | site.table("site") | site.table("params"))[name]

    @property
    def pages(self) -> Pages:
        return Pages(self._library, "pages")

    @property
    def sections(self) -> "Sections":
        return Sections(self._library)

    @property
    def tags(self) -> list[Tag]:
        read("tags")
        return self._library.tags


class Sections:
    """The sections of a site by their folder: `site.sections.posts`, or `site.sections|get:'a/b'`."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __getitem__(self, name: str) -> Pages:
        if f"section {name}" not in self._library.lists:
            raise KeyError(name)
        return Pages(self._library, f"section {name}")


class PageView:
    """`page` in a template: what the page says of itself, and what stands around it."""

    def __init__(self, library: Library, page: Page, number: int = 1) -> None:
        self._library, self._page, self._number = library, page, number

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    @property
    def tags(self) -> list[Tag]:
        return [Tag(tag, slug_of(tag), f"/tags/{slug_of(tag)}/", 0) for tag in self._page.tags]

    @property
    def permalink(self) -> str:
        read("settings")
        return self._library.site.url + self._page.url

    @property
    def next(self) -> Page | None:
        read("next", self._page.source)
        return self._library.neighbour(self._page.source, 1)

    @property
    def previous(self) -> Page | None:
        read("previous", self._page.source)
        return self._library.neighbour(self._page.source, -1)

    @property
    def pages(self) -> Pages:
        """The pages of the section whose index this is: those of this page of its pagination."""
        return self.paginator.pages

    @property
    def paginator(self) -> "Paginator":
        name = f"section {self._page.section}"
        return Paginator(self._library, name, self._page.url, self._number, self._page.paginate)


class Paginator:
    """One page of a long list, and its way to the others."""

    def __init__(self, library: Library, name: str, url: str, number: int, size: int) -> None:
        self._library, self._name, self._url, self.number, self._size = library, name, url, number, size

    @property
    def count(self) -> int:
        read("length", self._name)
        return len(paginated(len(self._library.lists.get(self._name, ())), self._size))

    @property
    def pages(self) -> Pages:
        if not self._size:
            return Pages(self._library, self._name)
        start = (self.number - 1) * self._size
        return Pages(self._library, self._name, start, start + self._size)

    @property
    def newer(self) -> str:
        return page_url(self._url, self.number - 1) if self.number > 1 else ""

    @property
    def older(self) -> str:
        return page_url(self._url, self.number + 1) if self.number < self.count else ""


def page_url(url: str, number: int) -> str:
    """The address of the n-th page of a list."""
    return url if number == 1 else f"{url.removesuffix('.html').rstrip('/')}/page/{number}/"


def safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - made by us of the site's own text
