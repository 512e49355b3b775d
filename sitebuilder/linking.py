"""Find the address of a page that a template links to by its file."""

from django.template import TemplateSyntaxError

from sitebuilder.library import Library
from sitebuilder.reads import read


def page_address(library: Library, file: str, language: str) -> str:
    """The address of a page, such as `posts/first.md`; of the default language's, that of its translation."""
    source = f"pages/{file}"
    read("page", source)
    found = library.by_source.get(source)
    if found is None:
        raise TemplateSyntaxError(f"there is no page {source} to link to")
    if library.site.languages and found.language == library.site.language != language:
        read("translations", found.name)
        return library.translated(found, language).url
    return found.url
