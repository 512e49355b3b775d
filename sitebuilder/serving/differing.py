"""Find which of the names that outputs read are worth something else after a change."""

from collections.abc import Callable, Iterable, Iterator

from sitebuilder.library import Library
from sitebuilder.serving.state import State
from sitebuilder.values import OF_FILES, Values

OF_NEIGHBOURS = ("next", "previous")


def differing_names(values: dict[str, str], old: State, new: State) -> set[str]:
    """Bring `values` up to date with a new state; return the names that differ, or may.

    A file that was touched counts, also with the same bytes: something may have read it in between.
    """
    touched = {name for path in new.touched if (name := f"file {path}") in values}
    is_listing_new = old.files.keys() != new.files.keys()
    candidates = set(of_files(values, is_listing_new=is_listing_new)) | touched
    if "site.toml" in new.touched:
        candidates = set(values)
    elif new.library is not old.library:
        candidates |= set(of_pages(values, old.library, new.library))
    now = Values(new.site, new.files, new.library)
    differing = {name for name in candidates if now[name] != values[name]}
    values |= {name: now[name] for name in differing}
    return differing | touched


def of_files(values: Iterable[str], *, is_listing_new: bool) -> Iterator[str]:
    """The names of lists of files, where files have come or gone."""
    if is_listing_new:
        yield from (name for name in values if name.startswith("names "))


def of_pages(values: Iterable[str], old: Library, new: Library) -> Iterator[str]:
    """The names that pages stand behind; of neighbours only those of changed pages, if no order differs."""
    sources = old.by_source.keys() | new.by_source.keys()
    changed = {source for source in sources if old.by_source.get(source) is not new.by_source.get(source)}
    near = None
    if in_order(old) == in_order(new) and not have_new_dates(old, new, changed):
        near = neighbourhood(new, changed)
    may_differ: dict[str, Callable[[str], bool]] = {
        "page": changed.__contains__,
        "list": lambda what: is_other_list(what.rsplit(" ", 2)[0], old, new),
        **dict.fromkeys(OF_FILES, lambda _: False),
        **dict.fromkeys(OF_NEIGHBOURS, lambda what: near is None or what in near),
    }
    for name in values:
        kind, _, what = name.partition(" ")
        if kind not in may_differ or may_differ[kind](what):
            yield name


def is_other_list(name: str, old: Library, new: Library) -> bool:
    return old.lists.get(name) is not new.lists.get(name)


def in_order(library: Library) -> dict[str, list[str]]:
    """The files of each section's pages, as it lists them."""
    sections = ((name, pages) for name, pages in library.lists.items() if name.startswith("section "))
    return {name: [page.source for page in pages] for name, pages in sections}


def have_new_dates(old: Library, new: Library, changed: set[str]) -> bool:
    """Whether a section may be told in the other direction now."""
    pairs = ((old.by_source.get(source), new.by_source.get(source)) for source in changed)
    return any(one is None or other is None or one.date != other.date for one, other in pairs)


def neighbourhood(library: Library, changed: set[str]) -> set[str]:
    pages = (each(source) for source in changed for each in (library.previous, library.next))
    return changed | {page.source for page in pages if page}
