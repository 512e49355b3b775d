"""Turn the links between files, as writers and git hosts know them, into the addresses of the built site.

`[more](../how-to/nginx.md#tls)` and `![](board.png)` name files from the page's own folder; what has a
scheme, begins with `/`, `#` or `?`, or names no file of the site, passes as it is.
"""

import re
from html import escape, unescape
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote, unquote

from sitebuilder.errors import Problem, SiteError
from sitebuilder.guesses import nearest, perhaps
from sitebuilder.library import Library
from sitebuilder.lines import Lines
from sitebuilder.linking import ONE_TO_LINK_TO, page_of, why_it_waits
from sitebuilder.metadata import Source
from sitebuilder.reads import read

NAMED = re.compile(
    r"""(?P<before><(?:a|img)\s(?:[^<>]*?\s)?(?:href|src)=")"""
    r"""(?P<target>(?![a-zA-Z][\w+.-]*:|[/#?"])[^"#?]+)"""
    r"""(?P<end>(?:[#?][^"]*)?")"""
)
PUBLISHED = {"static/root/": "/", "static/": "/static/", "pages/": "/"}  # the first that fits


def may_name_files(html: str) -> bool:
    """Whether the HTML of a page says anything that depends on the files of the site."""
    return "<img" in html or NAMED.search(html) is not None


def with_addresses(html: str, source: Source, library: Library) -> str:
    """Return a page's HTML with its links to files resolved; raises SiteError for a page that is missing."""
    problems: list[Problem] = []
    language = library.by_source[source.path].language

    def resolved(found: re.Match[str]) -> str:
        written = unescape(found["target"])
        path = normpath(join(dirname(source.path), unquote(written)))
        address = address_of(path, library, language)
        if address is None and path.endswith(".md"):
            line = Lines(source.body, source.first_line).of(written)
            problems.append(missing(written, path, line, source, library))
        return found[0] if address is None else found["before"] + escape(address) + found["end"]

    html = NAMED.sub(resolved, html)
    if problems:
        raise SiteError(problems)
    return html


def missing(written: str, path: str, line: int, source: Source, library: Library) -> Problem:
    leads = f"the link {written} leads to {path}, which"
    if waits := why_it_waits(library, path):
        return Problem(f"{leads} {waits}", source.path, line, ONE_TO_LINK_TO)
    return Problem(f"{leads} is no published page", source.path, line, right_for(path, source, library))


def right_for(path: str, source: Source, library: Library) -> str:
    """What to write instead: the page whose path is most like it, if one is."""
    alike = (relpath(each, dirname(source.path)) for each in nearest(path, library.by_source))
    return perhaps(alike) or "the path of a page from this page's folder"


def address_of(path: str, library: Library, language: str) -> str | None:
    """The address that a file of the site is published at; None if there is no such file."""
    if path.startswith("pages/") and path.endswith((".md", ".html")):
        page = page_of(library, path, language)
        return page.url if page else None
    for folder, address in PUBLISHED.items():
        if path.startswith(folder):
            read("file", path)
            is_there = (library.site.folder / path).is_file()
            return address + quote(path.removeprefix(folder)) if is_there else None
    return None
