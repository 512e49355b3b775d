"""Know which address leads to which file of the built site."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from sitebuilder.guesses import nearest

NOWHERE = "https://site.invalid"  # stands for a site that has no address yet (RFC 2606)
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)  # RFC 3986, section 3.1
MOST_GUESSES = 200  # each looks at every address; a site with more broken links has one cause for them
INDEX = "index.html"
PAGE_ENDINGS = ("/", ".html")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads: a file's path in the site, or the whole address of something outside."""

    path: str = ""  # below the site's own address, beginning with /
    fragment: str = ""
    outside: str = ""


class Addresses:
    """The files of a built site, as `a/index.html`, and the addresses under which visitors find them."""

    def __init__(self, url: str, files: list[str]) -> None:
        self._url = (url or NOWHERE).rstrip("/")
        parts = urlsplit(self._url)
        self._host, self.below = parts.netloc.lower(), parts.path.rstrip("/")
        self._files = frozenset(files)
        self._places: dict[tuple[str, str], Place | None] = {}
        self._nearest: dict[str, str] = {}
        self._all = sorted({address_of(name) for name in files})
        self._pages = [address for address in self._all if address.endswith(PAGE_ENDINGS)]

    def place(self, target: str, page: str) -> Place | None:
        """Say where `target` leads on `page`; None for `mailto:` and the like.

        Raises ValueError for what no browser reads as an address.
        """
        key = ("" if target.startswith("/") else page, target)
        if key not in self._places:
            self._places[key] = self._place(target.strip(), page)
        return self._places[key]

    def _place(self, target: str, page: str) -> Place | None:
        scheme = SCHEME.match(target)
        if scheme and scheme[1].lower() not in {"http", "https"}:
            return None
        parts = urlsplit(urljoin(self._url + address_of(page), target))
        if parts.netloc.lower() != self._host:
            return Place(outside=parts.geturl())
        path = parts.path or "/"
        if self.below and not f"{path}/".startswith(f"{self.below}/"):
            return Place(outside=parts.geturl())
        return Place(path[len(self.below) :] or "/", unquote(parts.fragment))

    def missed(self, outside: str) -> str:
        """The path of a file of a site below a path, for an address that would be its at the top of the host.

        The top itself may be meant, where another site lies.
        """
        parts = urlsplit(outside)
        is_near = self.below and parts.netloc.lower() == self._host and parts.path != "/"
        return parts.path if is_near and self.file(parts.path) else ""

    def file(self, path: str) -> str | None:
        """Return the file that a server gives for `path`, if it gives one without a redirect."""
        name = unquote(path).removeprefix("/")
        if not name or name.endswith("/"):
            name += INDEX
        return name if name in self._files else None

    def nearest(self, path: str) -> str:
        """Return the address most like `path`, a page's if it can be one's, or nothing."""
        if not path.endswith("/") and self.file(f"{path}/"):
            return f"{path}/"
        bare = path.removesuffix("/").removesuffix(".html")
        for ending in PAGE_ENDINGS:  # of a folder, or of a page that is flat
            if self.file(bare + ending):
                return bare + ending
        if path not in self._nearest and len(self._nearest) >= MOST_GUESSES:
            return ""
        if path not in self._nearest:
            self._nearest[path] = self._alike(unquote(path))
        return self._nearest[path]

    def _alike(self, path: str) -> str:
        is_of_page = path.endswith(PAGE_ENDINGS) or "." not in path
        for addresses in (self._pages, self._all) if is_of_page else (self._all,):
            if alike := nearest(path, addresses):
                return alike[0]
        return ""


def is_absolute(address: str) -> bool:
    """Say whether an address names its scheme, and so means the same wherever it is read."""
    return SCHEME.match(address) is not None


def address_of(name: str) -> str:
    """Return the address of a file: `/a/` of `a/index.html`, `/a.html` of `a.html`."""
    if name == INDEX or name.endswith(f"/{INDEX}"):
        name = name.removesuffix(INDEX)
    return f"/{name}"
