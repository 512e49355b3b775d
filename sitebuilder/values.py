"""Say what a name that an output read is worth now; an output is as it was while its names are."""

from collections.abc import Callable, Mapping

from sitebuilder.library import Library
from sitebuilder.pages import Page
from sitebuilder.scanning import Stamp, digest
from sitebuilder.settings import Site

OF_FILES = ("file", "names", "settings", "unknown")  # kinds of names that no page stands behind
OF_PROJECTS = ("project", "project-settings", "view", "views")  # nor behind these
NONE = "none"


class Values(dict[str, str]):
    """The value of every name of a site in one state; each is worked out when it is first asked for.

    It stays the same for as long as what was read would show the same.
    """

    def __init__(self, site: Site, files: Mapping[str, Stamp], library: Library) -> None:
        self.site, self.files, self.library = site, files, library
        self._of_kind: dict[str, Callable[[str], str]] = {
            "file": self._of_file,
            "names": self._of_names,
            "settings": lambda _: files["site.toml"].digest,
            "unknown": lambda _: "",
            "page": lambda what: library.digests.get(what, NONE),
            "next": lambda what: self._of_page(library.next(what)),
            "previous": lambda what: self._of_page(library.previous(what)),
            "list": self._of_list,
            "length": lambda what: str(len(library.lists.get(what, ()))),
            "tags": lambda what: digest(repr(library.tags.get(what or site.language)).encode()),
            "has-tags": lambda what: str(bool(library.tags.get(what or site.language))),
            "translations": self._of_translations,
            "view": self._of_view,
            "views": self._of_views,
            "project": self._of_project,
            "project-settings": self._of_project_settings,
        }

    def __missing__(self, name: str) -> str:
        kind, _, what = name.partition(" ")
        self[name] = value = self._of_kind[kind](what)
        return value

    def _of_file(self, path: str) -> str:
        return self.files[path].digest if path in self.files else NONE

    def _of_names(self, start: str) -> str:
        return digest(repr([path for path in self.files if path.startswith(start)]).encode())

    def _of_page(self, page: Page | None) -> str:
        return self.library.digests[page.source] if page else NONE

    def _of_list(self, what: str) -> str:
        name, start, stop = what.rsplit(" ", 2)
        digests = self.library.digests
        pages = self.library.lists.get(name, [])[slice_of(start) : slice_of(stop)]
        return digest("".join(digests[page.source] for page in pages).encode())

    def _of_translations(self, name: str) -> str:
        pages = self.library.by_name.get(name, ())
        return digest(repr([(page.language, page.url, page.title) for page in pages]).encode())

    def _of_view(self, path: str) -> str:
        views = self.library.views_by_path  # of a site that is built without its project, none
        return views[path].key if path in views else NONE

    def _of_views(self, _: str) -> str:
        if not self.site.in_project:
            return NONE
        views = self.library.views
        return digest(repr([(view.url, view.shown, view.language) for view in views]).encode())

    def _of_project(self, _: str) -> str:
        if not self.site.in_project:
            return NONE
        from sitebuilder.project.versions import project_digest  # noqa: PLC0415 - other sites need no project

        return project_digest()

    def _of_project_settings(self, _: str) -> str:
        if not self.site.in_project:
            return NONE
        from sitebuilder.project.versions import settings_digest  # noqa: PLC0415 - as above

        return settings_digest()


def slice_of(text: str) -> int | None:
    return None if text == "-" else int(text)
