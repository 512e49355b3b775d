"""What a site says at one moment, and how one moment follows from another without reading it all again."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from sitebuilder.building import now
from sitebuilder.errors import Problem, SiteError
from sitebuilder.library import Library, due, is_listed_alike
from sitebuilder.manifest import Manifest
from sitebuilder.outputs import Output, planned
from sitebuilder.page_reading import is_page, kept_digests, pages_of, read_page
from sitebuilder.pages import Page, check_addresses
from sitebuilder.scanning import Stamp, scan, with_digests
from sitebuilder.serving.place import read_again
from sitebuilder.serving.seeing import seen
from sitebuilder.settings import Site


@dataclass(frozen=True)
class State:
    """A site's files, the pages that they hold, and what is to be made of them."""

    site: Site
    files: dict[str, Stamp]
    pages: dict[str, Page]  # by file; of one that is broken, as it was when it was well
    broken: dict[str, list[Problem]]  # by file, why its page cannot be read
    library: Library
    outputs: dict[str, Output]  # by path
    due: str  # when the next page that waits for its day is to be published, in UTC
    touched: set[str] = field(default_factory=set)  # files that differ from the moment before

    def is_due(self, present: datetime.datetime) -> bool:
        """Whether the day of a page has come."""
        return bool(self.due) and self.due <= present.isoformat()


def first_state(site: Site, last: Manifest) -> State:
    """Read a site as it is; raises SiteError where no site can be made of it."""
    present, files = now(), with_digests(site.folder, scan(site.folder), last.files)
    found, broken = pages_of(site, files, last)
    pages = {page.source: page for page in found}
    known = {path: Page.of_record(last.pages[path]) for path in broken if path in last.pages}
    pages |= {path: page for path, page in known.items() if is_spoken(site, page)}
    pages = {path: pages[path] for path in files if path in pages}
    library = Library(site, pages.values(), present, kept_digests(site, files, last))
    outputs, waits = outputs_of(site, pages, library, files), due(pages.values(), present)
    return State(site, files, pages, broken, library, outputs, waits, set(files))


def next_state(old: State, paths: Iterable[str] | None) -> State:
    """The state after changes at these paths, or anywhere; the old one itself where nothing differs.

    Raises SiteError where no site can be made of what there is.
    """
    present = now()
    if paths is None:
        files = with_digests(old.site.folder, scan(old.site.folder), old.files)
        touched = {
            path for path in files.keys() | old.files.keys() if is_other(files.get(path), old.files.get(path))
        }
    else:
        files, touched = seen(old.site.folder, old.files, paths)
    if not touched and not old.is_due(present):
        return old
    site = read_again(old.site) if "site.toml" in touched else old.site
    pages, broken = read_pages(site, files, touched if site is old.site else touched | set(files), old)
    library, is_listed_anew = next_library(old, site, pages, present)
    is_planned_anew = (
        is_listed_anew or files.keys() != old.files.keys() or have_other_views(old.library, library)
    )
    outputs = outputs_of(site, pages, library, files) if is_planned_anew else old.outputs
    waits = old.due if library is old.library else due(pages.values(), present)
    return State(site, files, pages, broken, library, outputs, waits, touched)


def is_other(one: Stamp | None, other: Stamp | None) -> bool:
    return one is None or other is None or one.digest != other.digest


def read_pages(
    site: Site, files: dict[str, Stamp], touched: set[str], old: State
) -> tuple[dict[str, Page], dict[str, list[Problem]]]:
    """The pages after a change; only what was touched is read."""
    pages, broken = dict(old.pages), dict(old.broken)
    for path in filter(is_page, touched):
        broken.pop(path, None)
        if path not in files:
            pages.pop(path, None)
            continue
        try:
            pages[path] = read_page(site, path)
        except SiteError as error:
            broken[path] = error.problems
            if path in pages and not is_spoken(site, pages[path]):
                del pages[path]
    if pages.keys() != old.pages.keys():
        pages = {path: pages[path] for path in files if path in pages}
    return pages, broken


def is_spoken(site: Site, page: Page) -> bool:
    """Whether the site has, perhaps since a moment only, the language of a page."""
    return not site.languages or page.language in site.languages


def next_library(
    old: State, site: Site, pages: dict[str, Page], present: datetime.datetime
) -> tuple[Library, bool]:
    """The library of the pages as they are now, and whether any page has come, gone or changed its lists."""
    changed = {path: page for path, page in pages.items() if is_told_otherwise(page, old.pages.get(path))}
    is_same_site = site is old.site and not old.is_due(present) and pages.keys() == old.pages.keys()
    if is_same_site and all(is_listed_alike(old.pages[path], page) for path, page in changed.items()):
        news = {path: page for path, page in changed.items() if path in old.library.by_source}
        is_told_anew = bool(news) or site.in_project  # rows of a project change without a word to us
        return (old.library.retold(news) if is_told_anew else old.library), False
    digests = {
        page.source: old.library.digests[page.source]
        for page in pages.values()
        if page is old.library.by_source.get(page.source)
    }
    library = Library(site, pages.values(), present, digests)
    return library, True


def is_told_otherwise(page: Page, other: Page | None) -> bool:
    """Whether anything of a page may be shown otherwise: 1 and True are equal, and are not shown alike."""
    return page is not other and (other is None or page.digest() != other.digest())


def have_other_views(old: Library, new: Library) -> bool:
    """Whether views of a project have come or gone, as the rows have that they are made of."""
    return [(view.path, view.shown) for view in old.views] != [(view.path, view.shown) for view in new.views]


def outputs_of(
    site: Site, pages: dict[str, Page], library: Library, files: dict[str, Stamp]
) -> dict[str, Output]:
    check_addresses(pages.values())
    return {output.path: output for output in planned(site, library, files)}
