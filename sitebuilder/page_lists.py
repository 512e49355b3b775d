"""Lists of pages in a template, whole or page by page; each answer notes what it was read from."""

from collections.abc import Iterator

from sitebuilder.library import Library, page_count
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

    def __str__(self) -> str:
        return ", ".join(page.title for page in self)

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


class Paginator:
    """One page of a long list, and its way to the others."""

    def __init__(self, library: Library, name: str, url: str, number: int, size: int) -> None:
        self._library, self._name, self._url, self.number, self._size = library, name, url, number, size

    def __str__(self) -> str:
        return f"{self.number} / {self.count}"

    @property
    def count(self) -> int:
        read("length", self._name)
        return page_count(len(self._library.lists.get(self._name, ())), self._size)

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
