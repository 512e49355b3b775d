"""Read code by the rules of Pygments' lexers, several times as fast as Pygments and with the same tokens.

Pygments tries every rule of a state in turn; here the next character chooses the few that can match at it.
Only lexers that leave the reading to `RegexLexer` are made quick: all others read as they always did.
"""

from collections.abc import Iterable
from functools import cache
from types import CellType, FunctionType
from typing import Any, cast

from pygments.lexer import DelegatingLexer, Lexer, RegexLexer, RegexLexerMeta, using
from pygments.token import _TokenType
from pygments.util import Future

from sitebuilder.first_characters import END
from sitebuilder.lexer_states import BYGROUPS, Rule, State, States, Token, enclosed

USING = using(Lexer).__code__  # type: ignore[no-untyped-call]


def read(lexer: Lexer, code: str) -> Iterable[Token]:
    """Return the tokens of `lexer.get_tokens(code)`, each behind a place that only other lexers ask for."""
    prepare = getattr(lexer, "_preprocess_lexer_input", None)
    if prepare is None or lexer.filters or type(lexer).get_tokens is not Lexer.get_tokens:
        return ((0, *token) for token in lexer.get_tokens(code))
    return lexer.get_tokens_unprocessed(prepare(code))


@cache
def quick(lexer: Any) -> Any:
    """Return a class that reads faster than the class `lexer`, or `lexer` if that has a way of its own."""
    if _leaves_reading_to_its_rules(lexer):
        return _QuickLexerMeta(lexer.__name__, (_QuickLexer, lexer), {})  # type: ignore[no-untyped-call]
    if isinstance(lexer, type) and issubclass(lexer, DelegatingLexer):
        return type(lexer.__name__, (lexer, _QuickDelegatingLexer), {})
    return lexer


def _leaves_reading_to_its_rules(lexer: Any) -> bool:
    return (
        type(lexer) is RegexLexerMeta
        and cast(Any, lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed
        and not getattr(lexer, "token_variants", False)
    )


class _QuickDelegatingLexer(DelegatingLexer):
    """What a lexer of templates does before it asks its two lexers."""

    def __init__(self, root: Any, language: Any, *needle: _TokenType, **options: Any) -> None:
        super().__init__(quick(root), quick(language), *needle, **options)


class _QuickLexer:
    """How a quick lexer reads, in place of the one that it is made of."""

    _tokens: dict[str, list[Any]]

    def get_tokens_unprocessed(self, text: str, stack: Iterable[str] = ("root",)) -> Iterable[Token]:
        if self._tokens is not type(self)._tokens:
            return RegexLexer.get_tokens_unprocessed(cast(RegexLexer, self), text, stack)
        states = _states(cast(Any, type(self)), is_ascii=text.isascii())
        return iter(_tokens(self, text, [states[name] for name in stack]))


@cache
def _states(lexer: Any, *, is_ascii: bool) -> States:
    return States(lexer._tokens, is_ascii=is_ascii)


def _tokens(lexer: Any, text: str, stack: list[State]) -> list[Token]:
    """Return what `RegexLexer` finds: of the choices at the next character, the first that matches."""
    tokens: list[Token] = []
    position, state = 0, stack[-1]
    while True:
        try:
            char = text[position]
        except IndexError:
            char = END
        for match, kind, emit, move in state[char]:
            if found := match(text, position):
                if kind is not None:
                    tokens.append((position, kind, found[0]))
                elif emit is not None:
                    tokens += emit(lexer, found)
                position = found.end()
                if move is not None:
                    move(stack)
                    state = stack[-1]
                break
        else:
            return tokens


class _QuickLexerMeta(RegexLexerMeta):
    """Make a lexer's rules without compiling them; Pygments compiles all before the first token."""

    def _process_regex(self, regex: "str | Future", flags: int, _state: str) -> Rule:
        return Rule(regex, flags)

    def _process_token(self, action: Any) -> Any:
        return _quick_action(action)


def _quick_action(action: Any) -> Any:
    """Return an action that reads with quick lexers where `action` reads with lexers."""
    code = getattr(action, "__code__", None)
    if code is not BYGROUPS and code is not USING:
        return action
    cells = enclosed(action)
    if code is USING:
        cells["_other"] = quick(cells["_other"])
    else:
        cells["args"] = tuple(map(_quick_action, cells["args"]))
    closure = tuple(map(CellType, cells.values()))
    return FunctionType(code, action.__globals__, action.__name__, action.__defaults__, closure)
