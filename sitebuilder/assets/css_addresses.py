"""Lead the addresses in a style sheet to files with a hash in their names, wherever the sheet ends up."""

import posixpath
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from compressor.filters import FilterBase

from sitebuilder.errors import SiteError, wrong
from sitebuilder.rendering import current

TOKEN = re.compile(
    r"""
    (?P<passed> /\*.*?\*/ )
    | (?P<imported> @import\b [^;]* )
    | url\( \s* (?: "(?P<double>[^"\n]*)" | '(?P<single>[^'\n]*)' | (?P<bare>[^"'()\s]*) ) \s* \)
    | (?P<string> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


class CssAddresses(FilterBase):  # type: ignore[misc]
    """A filter of django-compressor for each sheet of a bundle."""

    def input(self, basename: str | None = None, **options: Any) -> str:
        self.name = basename or ""  # of the sheet in static/; empty for a <style>
        return TOKEN.sub(self.replaced, self.content)

    def replaced(self, found: "re.Match[str]") -> str:
        if found["passed"] or found["string"]:
            return found[0]
        if found["imported"]:
            right = "a <link> of its own before this one, in the same {% compress %}"
            raise self.wrong(found, f"{found['imported'].strip()} would be lost in a bundle", right)
        address = found["double"] or found["single"] or found["bare"] or ""
        parts = urlsplit(address)
        if not parts.path or parts.scheme or parts.netloc:
            return found[0]
        if parts.path.startswith("/") and not parts.path.startswith("/static/"):
            return found[0]
        after = address[len(address.split("?")[0].split("#")[0]) :]
        return f'url("{self.hashed(found, unquote(parts.path))}{after}")'

    def hashed(self, found: "re.Match[str]", path: str) -> str:
        if path.startswith("/static/"):
            name = path.removeprefix("/static/")
        elif self.name:
            name = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), path))
        else:
            raise self.wrong(found, f"{found[0]} is relative to no file", "an address such as /static/…")
        try:
            return current().asset(name)
        except SiteError as error:
            problem = error.problems[0]
            raise self.wrong(found, f"{found[0]}: {problem.what}", problem.right) from None

    def wrong(self, found: "re.Match[str]", what: str, right: str) -> SiteError:
        if not self.name:
            return wrong(what, right=right)
        return wrong(what, f"static/{self.name}", self.content.count("\n", 0, found.start()) + 1, right)
