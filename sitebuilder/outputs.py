"""Say which files a site becomes, from what is known of its pages alone."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sitebuilder.errors import Problem, SiteError, wrong
from sitebuilder.guesses import meant
from sitebuilder.known_settings import line_in, line_of_table
from sitebuilder.library import Library, page_count
from sitebuilder.metadata import slug_of
from sitebuilder.pages import Page
from sitebuilder.settings import Site

PAGE_ENDINGS = (".md", ".html")


class Output(NamedTuple):
    """A file of the built site, and what it is made of."""

    path: str  # posts/first/index.html
    kind: str  # page, tag, tags, alias, copy, atom, json, sitemap, robots, search or view
    what: str  # the page's file, the tag, the address that an alias leads to, the file that is copied,
    # of a feed its section, of a view its parameters; `red@de` where the site has languages
    number: int = 1  # of the page of a list


def planned(site: Site, library: Library, files: Iterable[str]) -> list[Output]:
    """Every output of the site; raises SiteError where two would be one file, or a section is none."""
    check_feed(site, library)
    check_sections(site, library)
    names = set(files)
    outputs = [
        *copies(names),
        *(output for page in library.pages for output in of_page(library, page)),
        *of_tags(site, library, names),
        *of_machines(site, library, names),
        *(Output(view.path, "view", view.shown) for view in library.views),
    ]
    outputs += entrance(site, outputs)
    check_once(outputs, library)
    return outputs


def check_feed(site: Site, library: Library) -> None:
    """Refuse a feed of a section that no page is in, not even one that waits."""
    name = site.table("feed").get("section", "")
    if not name or is_listed(name, library):
        return
    sections = sections_of(library)
    if name not in sections:
        right = " or ".join([*sorted(sections), "none, for a feed of all pages"])
        line = line_in(settings_of(site), "feed", "section")
        raise wrong(f"feed.section is {name!r}", "site.toml", line, right)


def check_sections(site: Site, library: Library) -> None:
    """Refuse settings of a section that is not there, where another is called alike."""
    unlisted = [name for name in site.table("section") if not is_listed(name, library)]
    known = sections_of(library) | {*folders_below(site.folder / "pages")} if unlisted else set()
    strangers = [(name, right) for name in unlisted if name not in known and (right := meant(name, known))]
    if strangers:
        text = settings_of(site)
        raise SiteError(
            Problem(f"section.{name} is no section", "site.toml", line_of_table(text, "section", name), right)
            for name, right in strangers
        )


def is_listed(section: str, library: Library) -> bool:
    """Whether a page that is published is in a section, in any language."""
    languages = library.site.languages or [library.site.language]
    return any(library.marked(f"section {section}", each) in library.lists for each in languages)


def sections_of(library: Library) -> set[str]:
    """The sections of all pages, also of those that wait."""
    return {page.section for page in (*library.pages, *library.waiting.values())} - {""}


def folders_below(root: Path) -> Iterator[str]:
    """Each folder as the section that its pages would be in."""
    for folder, _, _ in os.walk(root, followlinks=True):
        yield "/".join(slug_of(part) for part in Path(folder).relative_to(root).parts)


def settings_of(site: Site) -> str:
    return (site.folder / "site.toml").read_text(encoding="utf-8-sig")


def copies(names: set[str]) -> Iterator[Output]:
    """Files that are published as they are: static/, its folder `root` at the top, and those beside pages."""
    for name in sorted(names):
        if name.startswith("static/root/"):
            yield Output(name.removeprefix("static/root/"), "copy", name)
        elif name.startswith("static/"):
            yield Output(name, "copy", name)
        elif name.startswith("pages/") and not name.endswith(PAGE_ENDINGS):
            yield Output(name.removeprefix("pages/"), "copy", name)


def of_page(library: Library, page: Page) -> Iterator[Output]:
    yield Output(page.output, "page", page.source)
    if page.is_index:
        section = library.lists.get(library.marked(f"section {page.section}", page.language), ())
        for number in range(2, page_count(len(section), page.paginate) + 1):
            yield Output(numbered(page.output, number), "page", page.source, number)
    for alias in page.aliases:
        path = alias.strip("/")
        yield Output(path if path.endswith(".html") else f"{path}/index.html".lstrip("/"), "alias", page.url)


def of_tags(site: Site, library: Library, names: set[str]) -> Iterator[Output]:
    """The pages of tags, where the site has templates for them."""
    size = int(site.table("tags").get("paginate", 0))
    for language, tags in library.tags.items():
        folder = f"{site.prefix(language)}/tags".lstrip("/")
        if "templates/tags.html" in names and tags:
            yield Output(f"{folder}/index.html", "tags", library.marked("", language))
        for tag in tags if "templates/tag.html" in names else ():
            for number in range(1, page_count(tag.pages, size) + 1):
                path = numbered(f"{folder}/{tag.slug}/index.html", number)
                yield Output(path, "tag", library.marked(tag.slug, language), number)


def of_machines(site: Site, library: Library, names: set[str]) -> Iterator[Output]:
    """What other programs read: feeds, the sitemap, robots.txt and the search index."""
    feed, search = site.table("feed"), site.table("search").get("enabled", False)
    for language in site.languages or [site.language]:
        folder = f"{site.prefix(language)}/".lstrip("/")
        if feed and has_pages(site, library, language):
            section = library.marked(str(feed.get("section", "")), language)
            yield Output(f"{folder}feed.xml", "atom", section)
            yield Output(f"{folder}feed.json", "json", section)
        if search:
            yield Output(f"{folder}search.json", "search", library.marked("", language))
    yield Output("sitemap.xml", "sitemap", "")
    if "static/root/robots.txt" not in names:
        yield Output("robots.txt", "robots", "")


def has_pages(site: Site, library: Library, language: str) -> bool:
    """Whether anything is published in a language; a site of one is as it is before its first page."""
    if not site.languages or library.lists.get(library.marked("pages", language)):
        return True
    return any(view.language == language for view in library.views)


def entrance(site: Site, outputs: list[Output]) -> Iterator[Output]:
    """The top of a site whose default language has a prefix: it leads there."""
    home = f"{site.prefix(site.language)}/"
    paths = {output.path for output in outputs} if home != "/" else {"index.html"}
    if "index.html" not in paths and f"{home}index.html".lstrip("/") in paths:
        yield Output("index.html", "alias", home)


def numbered(path: str, number: int) -> str:
    """The file of the n-th page of a list."""
    if number == 1:
        return path
    folder = path.removesuffix("index.html").removesuffix(".html").rstrip("/")
    return f"{folder}/page/{number}/index.html".lstrip("/")


def check_once(outputs: Iterable[Output], library: Library) -> None:
    seen: dict[str, Output] = {}
    problems = []
    for output in outputs:
        other = seen.setdefault(output.path, output)
        if other is not output:
            what = f"/{output.path} is also made of {named(other, library)}"
            problems.append(clash(output, what, library))
    for output in seen.values():
        for above in folders_of(output.path):
            if above in seen:
                other_name = named(seen[above], library)
                what = f"/{output.path} would lie in /{above}, which is a file ({other_name})"
                problems.append(clash(output, what, library))
    if problems:
        raise SiteError(problems)


def clash(output: Output, what: str, library: Library) -> Problem:
    right = "another address for one of them"
    if file := file_of(output, library):
        return Problem(what, file, 1 if file.endswith(PAGE_ENDINGS) else 0, right)
    return Problem(f"{named(output, library)}: {what}", right=right)


def named(output: Output, library: Library) -> str:
    """An output, so that its writer knows it: by its file, the page of an alias, or what it lists."""
    if output.kind == "alias":
        return f"an alias of {file_of(output, library)}"
    if output.kind == "tag":
        return f"the tag {library.unmarked(output.what)[0]}"
    if output.kind == "tags":
        return "the list of tags"
    return output.what if output.kind in ("page", "copy", "view") else f"the site's {output.kind}"


def file_of(output: Output, library: Library) -> str:
    """The file that says so; none of what is made of many, and of the views of a project."""
    if output.kind == "alias":
        return next((page.source for page in library.pages if page.url == output.what), "site.toml")
    return output.what if output.kind in ("page", "copy") else ""


def folders_of(path: str) -> Iterator[str]:
    """a/b and a of a/b/c.html."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
