"""What templates are given of a site; each answer notes what it was read from."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.safestring import SafeString, mark_safe

from sitebuilder.data import data_names, load_data
from sitebuilder.languages import Language, direction_of
from sitebuilder.library import Library, Tag, tag_url
from sitebuilder.metadata import slug_of
from sitebuilder.page_lists import Pages, Paginator
from sitebuilder.pages import Page
from sitebuilder.reads import read


class Names:
    """What a template shows as the names in it."""

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __reversed__(self) -> Iterator[Any]:
        yield from reversed([*iter(self)])  # [*self] would ask for the length, which takes a loop

    def __contains__(self, name: object) -> bool:
        return str(name) in map(str, self)

    def __str__(self) -> str:
        return ", ".join(map(str, self))


class Data(Names):
    """The files of data/, by their names without an ending; a loop goes over the names."""

    def __init__(self, library: Library) -> None:
        self._folder = library.site.folder

    def __getitem__(self, name: str) -> Any:
        return load_data(self._folder, name)

    def __iter__(self) -> Iterator[str]:
        return iter(data_names(self._folder))


class SiteView:
    """`site` in a template."""

    def __init__(self, library: Library, language: str = "") -> None:
        self._library = library
        self._language = language if library.site.languages else library.site.language
        self.data = Data(library)

    def __getitem__(self, name: str) -> Any:
        """A value of the table [site] of site.toml, or one of [params]; [languages.de.site] has its own."""
        read("settings")
        return self._library.site.words[self._language][name]

    def __str__(self) -> str:
        return str(self["name"])

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._library.site.words[self._language]]

    @property
    def languages(self) -> list[Language]:
        """All languages of the site, the default one first."""
        read("settings")
        return list(self._library.site.languages.values())

    @property
    def direction(self) -> str:
        read("settings")
        return direction(self._library, self._language)

    @property
    def home(self) -> str:
        """The address that the pages of its language stand below: / or /de/."""
        read("settings")
        return f"{self._library.site.prefix(self._language)}/"

    @property
    def pages(self) -> Pages:
        """The pages of the site that are in the language of the one that is rendered."""
        return Pages(self._library, self._library.marked("pages", self._language))

    @property
    def sections(self) -> "Sections":
        return Sections(self._library, self._language)

    @property
    def tags(self) -> list[Tag]:
        read("tags", self._library.marked("", self._language)[1:])
        return self._library.tags.get(self._language, [])

    @property
    def has_tags(self) -> bool:
        """Whether there is any tag; what asks only this stays as it is when other pages get a tag."""
        read("has-tags", self._library.marked("", self._language)[1:])
        return bool(self._library.tags.get(self._language))

    @property
    def has_feed(self) -> bool:
        """Whether the site makes feeds: [feed] is in site.toml."""
        read("settings")
        return bool(self._library.site.table("feed"))

    @property
    def has_search(self) -> bool:
        """Whether the site makes a search index: [search] enabled in site.toml."""
        read("settings")
        return bool(self._library.site.table("search").get("enabled", False))


class Section(Pages):
    """The pages of a folder, shown as its name."""

    def __init__(self, library: Library, listed: str, name: str) -> None:
        super().__init__(library, listed)
        self.name = name  # posts

    def __str__(self) -> str:
        return self.name


class Sections(Names):
    """The sections of a site by their folder: `site.sections.posts`, or `site.sections|get:'a/b'`.

    A loop goes over the sections, in the order of their names; the pages at the top are in none.
    One that is there in another language is empty in this.
    """

    def __init__(self, library: Library, language: str) -> None:
        self._library, self._language = library, language

    def __iter__(self) -> Iterator[Section]:
        read("list", f"{self._library.marked('pages', self._language)} - -")  # any page may begin or end one
        listed = (self._library.unmarked(name) for name in self._library.lists if name.startswith("section "))
        names = (name.removeprefix("section ") for name, language in listed if language == self._language)
        return (self[name] for name in sorted(filter(None, names)))

    def __getitem__(self, name: str) -> Section:
        listed = self._library.marked(f"section {name}", self._language)
        languages = self._library.site.languages or [self._language]
        if not any(
            self._library.marked(f"section {name}", each) in self._library.lists for each in languages
        ):
            read("length", listed)
            raise KeyError(name)
        return Section(self._library, listed, str(name))


class Translation(NamedTuple):
    """A page in one of its languages, for a reader to choose."""

    language: str  # de
    name: str  # Deutsch
    direction: str  # ltr or rtl
    url: str
    title: str
    is_current: bool


class PageView:
    """`page` in a template: what the page says of itself, and what stands around it."""

    def __init__(self, library: Library, page: Page, number: int = 1) -> None:
        self._library, self._page, self._number = library, page, number

    def __getattr__(self, name: str) -> Any:
        if name in ("translations", "direction") and name not in self._page.extra:
            return self._translations() if name == "translations" else self._direction()
        return getattr(self._page, name)

    def __str__(self) -> str:
        return self._page.title

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *dir(self._page), "translations", "direction"]

    def _translations(self) -> list[Translation]:
        """The page in each language that it is in, its own among them."""
        if not self._library.site.languages:
            return []
        read("translations", self._page.name)
        languages = self._library.site.languages
        return [
            Translation(
                page.language,
                languages[page.language].name,
                languages[page.language].direction,
                page.url,
                page.title,
                is_current=page is self._page,
            )
            for page in self._library.translations(self._page)
        ]

    def _direction(self) -> str:
        read("settings")
        return direction(self._library, self._page.language)

    @property
    def tags(self) -> list[Tag]:
        prefix = self._library.site.prefix(self._page.language)
        return [bare_tag(name, prefix) for name in self._page.tags]

    @property
    def permalink(self) -> str:
        read("settings")
        return self._library.site.url + self._page.url

    @property
    def next(self) -> Page | None:
        read("next", self._page.source)
        return self._library.next(self._page.source)

    @property
    def previous(self) -> Page | None:
        read("previous", self._page.source)
        return self._library.previous(self._page.source)

    @property
    def pages(self) -> Pages:
        """The pages of the section whose index this is: those of this page of its pagination."""
        return self.paginator.pages

    @property
    def paginator(self) -> Paginator:
        name = self._library.marked(f"section {self._page.section}", self._page.language)
        return Paginator(self._library, name, self._page.url, self._number, self._page.paginate)


@lru_cache(maxsize=1024)
def bare_tag(name: str, prefix: str) -> Tag:
    """A tag as its own pages name it: how many have it, only the list of all tags tells."""
    slug = slug_of(name)
    return Tag(name, slug, tag_url(slug, prefix), 0)


def direction(library: Library, language: str) -> str:
    languages = library.site.languages
    return languages[language].direction if languages else direction_of(language)


def safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - made by us of the site's own text
