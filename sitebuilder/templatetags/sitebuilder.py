"""`{% load sitebuilder %}` in the templates of a project: links from its views to the pages of the site."""

import datetime
from functools import lru_cache
from pathlib import Path

from django import template
from django.utils.translation import get_language

from sitebuilder.errors import SiteError
from sitebuilder.library import Library
from sitebuilder.linking import page_address
from sitebuilder.manifest import load
from sitebuilder.pages import Page
from sitebuilder.project.entering import folder_of_settings
from sitebuilder.registered import is_in_project
from sitebuilder.rendering import current
from sitebuilder.settings import read_site
from sitebuilder.unchanged import MARKER, SEEN

register = template.Library()


@register.simple_tag
def link(source: str) -> str:
    """The address of a page by its file, such as `posts/first.md`; a TemplateSyntaxError if there is none."""
    library = current().library if is_in_project() else built_last()
    try:
        return page_address(library, source, get_language() or "")
    except SiteError as error:
        raise template.TemplateSyntaxError(str(error)) from error


def built_last() -> Library:
    """The pages as the last build left them, for a server that runs while one develops."""
    folder = folder_of_settings()
    state = folder / ".sitebuilder"
    seen = state / SEEN
    return built_at(str(folder), seen.stat().st_mtime_ns if seen.exists() else 0, (state / MARKER).exists())


@lru_cache(maxsize=1)
def built_at(folder: str, _time: int, _is_unsure: bool) -> Library:
    site = read_site(Path(folder))
    pages = [Page.of_record(record) for record in load(site).pages.values()]
    return Library(site, pages, datetime.datetime.now(datetime.UTC))
