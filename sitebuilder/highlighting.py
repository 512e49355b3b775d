"""Colour fenced code with CSS classes, and remember every block that was coloured.

Lexing is the dearest step of a page (0.06 ms a block, once a language's rules are made in 0.01 s; the rest of
its Markdown takes 0.03 ms), so a block is coloured once: the latest live in memory, and all of them in a
store that outlives the program.
"""

from collections import OrderedDict
from functools import lru_cache
from hashlib import blake2b
from html import escape
from typing import TYPE_CHECKING, Protocol, cast

import pygments

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

BLOCKS_IN_MEMORY = 2000
SHORT = 32  # characters of a text whose span is remembered
SPANS_REMEMBERED = 1000  # of each kind of token


class Store(Protocol):
    """Where blocks are kept: a dict, or what outlives the program."""

    def get(self, key: str, /) -> str | None: ...

    def __setitem__(self, key: str, block: str, /) -> None: ...


class Highlighter:
    """Turn a block of code into HTML, at most once for the same language and text.

    The keys of `store` are made from the version of Pygments too, so that an upgrade colours everything anew.
    """

    def __init__(self, store: Store | None = None, *, size: int = BLOCKS_IN_MEMORY) -> None:
        self._store = store
        self._size = size
        self._latest: OrderedDict[tuple[str, str], str] = OrderedDict()

    def __call__(self, language: str | None, code: str) -> str:
        """Return the block's whole HTML; of a language nobody knows, the plain text."""
        key = (_name(language), code)
        block = self._latest.get(key)
        if block is None:
            block = self._latest[key] = self._stored(*key)
            if len(self._latest) > self._size:
                self._latest.popitem(last=False)
        else:
            self._latest.move_to_end(key)
        return block

    def _stored(self, language: str, code: str) -> str:
        if self._store is None:
            return _block(language, code)
        key = _digest(language, code)
        block = self._store.get(key)
        if block is None:
            block = self._store[key] = _block(language, code)
        return block


def _name(language: str | None) -> str:
    """Return the bare language of a fence: `python` of `Python,linenos` and of `python{1,3}`."""
    return (language or "").partition(",")[0].partition("{")[0].strip().lower()


def _digest(language: str, code: str) -> str:
    made_from = "\0".join((pygments.__version__, language, code))
    return blake2b(made_from.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _block(language: str, code: str) -> str:
    """Return `<pre><code>`; the block can be scrolled by keyboard, so it can be reached by keyboard."""
    lexer = _lexer(language)
    text = escape(code, quote=False) if lexer is None else _coloured(lexer, code)
    named = f' class="language-{escape(language)}"' if language else ""
    return f'<pre class="highlight" tabindex="0"><code{named}>{text}</code></pre>\n'


def _coloured(lexer: "Lexer", code: str) -> str:
    """Return a span for each token that has a class; Pygments' HtmlFormatter takes many times as long."""
    from sitebuilder.lexing import read  # noqa: PLC0415 - most builds colour nothing new

    return "".join([SPANS[kind][text] for _, kind, text in read(lexer, code)])


class _Spans(dict[str, str]):
    """What is written for the texts of one kind of token; short ones, which come again, are remembered."""

    def __init__(self, kind: "_TokenType") -> None:
        super().__init__()
        self.name = _class(kind)

    def __missing__(self, text: str) -> str:
        shown = escape(text, quote=False)
        span = f'<span class="{self.name}">{shown}</span>' if self.name else shown
        if len(text) <= SHORT and len(self) < SPANS_REMEMBERED:
            self[text] = span
        return span


class _SpansByKind(dict["_TokenType", _Spans]):
    def __missing__(self, kind: "_TokenType") -> _Spans:
        spans = self[kind] = _Spans(kind)
        return spans


SPANS = _SpansByKind()


def _class(kind: "_TokenType") -> str:
    """Return the class that Pygments' styles know a token by; spaces need none."""
    from pygments.token import STANDARD_TYPES, Whitespace  # noqa: PLC0415 - most builds colour nothing new

    known = next(each for each in reversed(kind.split()) if each in STANDARD_TYPES)
    return "" if known is Whitespace else STANDARD_TYPES[known]


@lru_cache(maxsize=256)
def _lexer(language: str) -> "Lexer | None":
    if not language:
        return None
    from pygments.lexers import find_lexer_class_by_name  # noqa: PLC0415 - most builds colour nothing new
    from pygments.util import ClassNotFound  # noqa: PLC0415

    from sitebuilder.lexing import quick  # noqa: PLC0415

    try:
        return cast("Lexer", quick(find_lexer_class_by_name(language))(stripnl=False))
    except ClassNotFound:
        return None
