"""Say what a name that an output read is worth now; an output is as it was while its names are."""

from collections.abc import Mapping

from sitebuilder.library import Library
from sitebuilder.scanning import Stamp, digest
from sitebuilder.settings import Site


class Values(dict[str, str]):
    """The value of every name of a site in one state; each is worked out when it is first asked for."""

    def __init__(self, site: Site, files: Mapping[str, Stamp], library: Library) -> None:
        self._site, self._files, self._library = site, files, library

    def __missing__(self, name: str) -> str:
        kind, _, what = name.partition(" ")
        self[name] = value = self._worked_out(kind, what)
        return value

    def _worked_out(self, kind: str, what: str) -> str:
        if kind == "file":
            return self._files[what].digest if what in self._files else "none"
        if kind == "names":
            return digest(repr([path for path in self._files if path.startswith(what)]).encode())
        if kind == "settings":
            return f"{self._files['site.toml'].digest} {self._site.drafts}"
        if kind == "unknown":
            return ""
        return self._library.value(kind, what)
