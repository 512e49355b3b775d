"""Make a piece of a page once in a build, however many pages show it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sitebuilder.reads import read_again, recorded

if TYPE_CHECKING:
    from sitebuilder.rendering import Renderer


@dataclass(frozen=True)
class Piece:
    """HTML, what it was made from, and the files that it leads to."""

    html: str
    reads: frozenset[str]
    extras: dict[str, Path]


def piece(renderer: "Renderer", key: Hashable, make: Callable[[], str]) -> str:
    """The piece of this key, made if it is not there yet; who shows it has read what it is made from."""
    known = renderer.pieces.get(key)
    if known is None:
        known = renderer.pieces[key] = made(renderer, make)
    read_again(known.reads)
    renderer.extras.update(known.extras)
    return known.html


def made(renderer: "Renderer", make: Callable[[], str]) -> Piece:
    outer, renderer.extras = renderer.extras, {}
    try:
        with recorded() as reads:
            html = make()
        return Piece(html, frozenset(reads), renderer.extras)
    finally:
        renderer.extras = outer
