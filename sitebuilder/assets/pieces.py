"""Make a piece of a page once in a build, however many pages show it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from sitebuilder.reads import read_again, recorded

if TYPE_CHECKING:
    from sitebuilder.library import Library
    from sitebuilder.rendering import Renderer

MOST_RECENT = 100  # bodies of pages, of up to about 8 KB; a feed has 20, unless it is told otherwise
Content = TypeVar("Content")


@dataclass(frozen=True)
class Piece(Generic[Content]):
    """HTML, or the body of a page, what it was made from, and the files that it leads to."""

    content: Content
    reads: frozenset[str]
    extras: dict[str, Path]


class Recent(Generic[Content]):
    """The pieces that were made last of what the pages of a library say."""

    def __init__(self) -> None:
        self.library: Library | None = None
        self.known: dict[Hashable, Piece[Content]] = {}

    def piece(self, renderer: "Renderer", key: Hashable, make: Callable[[], Content]) -> Content:
        """The piece of this key; made if it is not there, or if nobody can say that it would be the same."""
        if self.library is not renderer.library:
            self.library, self.known = renderer.library, {}
        known = self.known.pop(key, None) or made(renderer, make)
        if not any(name.startswith("unknown ") for name in known.reads):
            self.known[key] = known
        if len(self.known) > MOST_RECENT:
            del self.known[next(iter(self.known))]
        return shown(renderer, known)


def piece(renderer: "Renderer", key: Hashable, make: Callable[[], str]) -> str:
    """The piece of this key, made if it is not there yet; who shows it has read what it is made from."""
    known = renderer.pieces.get(key)
    if known is None:
        known = renderer.pieces[key] = made(renderer, make)
    return shown(renderer, known)


def shown(renderer: "Renderer", known: Piece[Content]) -> Content:
    read_again(known.reads)
    renderer.extras.update(known.extras)
    return known.content


def made(renderer: "Renderer", make: Callable[[], Content]) -> Piece[Content]:
    outer, renderer.extras = renderer.extras, {}
    try:
        with recorded() as reads:
            content = make()
        return Piece(content, frozenset(reads), renderer.extras)
    finally:
        renderer.extras = outer
