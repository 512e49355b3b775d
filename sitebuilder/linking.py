"""Find the page that a link to a file leads to, in the language of the page that links."""

from sitebuilder.errors import wrong
from sitebuilder.guesses import meant
from sitebuilder.library import Library
from sitebuilder.pages import Page
from sitebuilder.reads import read

ONE_TO_LINK_TO = "a page that is published, or `--drafts`"


def page_address(library: Library, file: str, language: str) -> str:
    """The address of a page, such as `posts/first.md`; of the default language's, that of its translation."""
    found = page_of(library, f"pages/{file}", language)
    if found is None:
        if waits := why_it_waits(library, f"pages/{file}"):
            raise wrong(f"pages/{file} {waits}", right=ONE_TO_LINK_TO)
        known = (source.removeprefix("pages/") for source in library.by_source)
        right = meant(file, known, "a file of pages/, such as posts/first.md")
        raise wrong(f"there is no page pages/{file} to link to", right=right)
    return found.url


def why_it_waits(library: Library, source: str) -> str:
    """Why a page of the site is not published yet; empty of one that is, or that is not there."""
    page = library.waiting.get(source)
    if page is None:
        return ""
    if page.draft or not page.date:
        return "is a draft"
    return f"waits for its day, {page.date.isoformat(' ', 'minutes')}"


def page_of(library: Library, source: str, language: str) -> Page | None:
    """The page of a file; of the default language's, its translation, if there is one."""
    read("page", source)
    found = library.by_source.get(source)
    if found and library.site.languages and found.language == library.site.language != language:
        read("translations", found.name)
        return library.translated(found, language)
    return found
