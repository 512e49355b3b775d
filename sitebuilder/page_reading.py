"""Read the pages of a site; those whose files are as they were are taken from the last build."""

from collections.abc import Mapping

from sitebuilder.errors import Problem, SiteError, wrong
from sitebuilder.manifest import Manifest
from sitebuilder.metadata import Source, read_source
from sitebuilder.outputs import PAGE_ENDINGS
from sitebuilder.pages import Page, page_of
from sitebuilder.scanning import Stamp, content_of, digest
from sitebuilder.settings import Site


def is_page(path: str) -> bool:
    return path.startswith("pages/") and path.endswith(PAGE_ENDINGS)


def pages_of(
    site: Site, files: Mapping[str, Stamp], before: Manifest
) -> tuple[list[Page], dict[str, list[Problem]]]:
    """All pages that can be read, and of each other file what is wrong in it."""
    site.languages  # noqa: B018 - what is wrong with them is told once, not with each page
    found, broken = list[Page](), dict[str, list[Problem]]()
    kept = kept_digests(site, files, before)
    for path in filter(is_page, files):
        if path in kept:
            found.append(Page.of_record(before.pages[path]))
            continue
        try:
            found.append(read_page(site, path))
        except SiteError as error:
            broken[path] = error.problems
    return found, broken


def known_source(site: Site, path: str) -> tuple[Source, str]:
    """A page whose front matter is known, taken apart, and the digest of its file."""
    try:
        content = content_of(site.folder, path)
    except OSError as error:
        raise wrong(f"it cannot be read ({error.strerror})", path) from None
    return read_source(path, content, is_known=True), digest(content)


def read_page(site: Site, path: str) -> Page:
    """What a page's file says of it; raises SiteError where it says it wrongly."""
    try:
        return page_of(site, read_source(path, content_of(site.folder, path)))
    except OSError as error:
        raise wrong(f"it cannot be read ({error.strerror})", path) from None


def kept_digests(site: Site, files: Mapping[str, Stamp], before: Manifest) -> dict[str, str]:
    """The digests of the pages that are as they were: settings and the page's own bytes decide.

    The time zone of a project's site is one of the project's settings.
    """
    old = before.files
    if "site.toml" not in old or old["site.toml"].digest != files["site.toml"].digest:
        return {}
    if before.timezone != site.timezone:
        return {}
    known = before.digests  # of pages that were published
    return {
        path: known.get(path, "")
        for path in before.pages
        if path in files and path in old and files[path].digest == old[path].digest
    }
