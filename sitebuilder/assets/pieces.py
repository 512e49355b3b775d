"""Make a piece of a page once in a build, however many pages show it, and the files that it leads to."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import quote

from sitebuilder.reads import read_again, recorded
from sitebuilder.scanning import digest
from sitebuilder.settings import Site

if TYPE_CHECKING:
    from sitebuilder.library import Library

HASH_CHARACTERS = 10
MOST_RECENT = 100  # bodies of pages, of up to about 8 KB; a feed has 20, unless it is told otherwise
Content = TypeVar("Content")


@dataclass(frozen=True)
class Piece(Generic[Content]):
    """HTML, or the body of a page, what it was made from, and the files that it leads to."""

    content: Content
    reads: frozenset[str]
    extras: dict[str, Path]


class Pieces:
    """The bundles, pictures and the like of a site, and the files that the output at work asks for."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.extras: dict[str, Path] = {}  # by their paths in the output: where their bytes are
        self._known: dict[Hashable, Piece[str]] = {}

    def piece(self, key: Hashable, make: Callable[[], str]) -> str:
        """The piece of this key, made if it is not there yet; who shows it has read what it is made from."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self.made(make)
        return self.shown(known)

    def shown(self, known: Piece[Content]) -> Content:
        read_again(known.reads)
        self.extras.update(known.extras)
        return known.content

    def made(self, make: Callable[[], Content]) -> Piece[Content]:
        outer, self.extras = self.extras, {}
        try:
            with recorded() as reads:
                content = make()
            return Piece(content, frozenset(reads), self.extras)
        finally:
            self.extras = outer

    def copy(self, name: str, file: Path) -> str:
        """Ask for a copy of a file under a name that holds its hash; return its address."""
        pure, mark = PurePosixPath(name), digest(file.read_bytes())[:HASH_CHARACTERS]
        return self.beside(str(pure.with_name(f"{pure.stem}.{mark}{pure.suffix}")), file)

    def beside(self, name: str, source: Path) -> str:
        """Ask for a further file in the output; return its address."""
        self.extras[name] = source
        return f"/{quote(name)}"


class Recent(Generic[Content]):
    """The pieces that were made last of what the pages of a library say."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self.library: Library | None = None
        self.known: dict[Hashable, Piece[Content]] = {}

    def piece(self, library: "Library", key: Hashable, make: Callable[[], Content]) -> Content:
        """The piece of this key; made if it is not there, or if nobody can say that it would be the same."""
        if self.library is not library:
            self.library, self.known = library, {}
        known = self.known.pop(key, None) or self.pieces.made(make)
        if not any(name.startswith("unknown ") for name in known.reads):
            self.known[key] = known
        if len(self.known) > MOST_RECENT:
            del self.known[next(iter(self.known))]
        return self.pieces.shown(known)
