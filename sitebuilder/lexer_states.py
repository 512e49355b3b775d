"""Hold the rules of a lexer's states by the next character, each compiled when it is first chosen.

Each way to choose is made when it is first needed too: of a language's rules, a page uses a part.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from operator import methodcaller
from typing import Any

from pygments.lexer import Lexer, bygroups, words
from pygments.token import Error, Whitespace, _TokenType
from pygments.util import Future

from sitebuilder.first_characters import ANYWHERE, END, Characters, first_characters

Token = tuple[int, _TokenType, str]  # its place, its kind, its text
Match = Callable[..., "re.Match[str] | None"]
Emit = Callable[[Lexer, "re.Match[str]"], Iterable[Token]]
Move = Callable[[list["State"]], object]
Choice = tuple[Match, _TokenType | None, Emit | None, Move | None]

BYGROUPS = bygroups().__code__  # type: ignore[no-untyped-call]
LONG = 250  # characters of a pattern: to read one takes longer than to try it in vain
LINE_END = re.compile("\n").match
ANY = re.compile(".").match


class States(dict[str, "State"]):
    """The states of a lexer by name, each made when it is first named."""

    def __init__(self, rules: dict[str, list[Any]]) -> None:
        super().__init__()
        self.rules = rules

    def __missing__(self, name: str) -> "State":
        state = self[name] = State(self, self.rules[name])
        return state

    def move(self, new: Any) -> Move | None:
        """Return what a rule does to the stack of states, as `RegexLexer` writes it down."""
        if new is None:
            return None
        if isinstance(new, int):
            return _pop if new == -1 else lambda stack: _pop_many(stack, -new)
        steps = [self._step(name) for name in ((new,) if isinstance(new, str) else new)]
        return steps[0] if len(steps) == 1 else lambda stack: [step(stack) for step in steps]

    def _step(self, name: str) -> Move:
        return STEPS.get(name) or methodcaller("append", self[name])

    def reset(self, stack: list["State"]) -> None:
        stack[:] = [self["root"]]


def _pop(stack: list["State"]) -> None:
    if len(stack) > 1:
        del stack[-1]


def _pop_many(stack: list["State"], count: int) -> None:
    del stack[max(len(stack) - count, 1) :]


def _push_again(stack: list["State"]) -> None:
    stack.append(stack[-1])


STEPS = {"#pop": _pop, "#push": _push_again}


class State(dict[str, tuple[Choice, ...]]):
    """What a state may do, by the next character; END stands for the end of the text."""

    def __init__(self, states: States, rules: list[Any]) -> None:
        super().__init__()
        self.states = states
        self.rules = rules

    def __missing__(self, char: str) -> tuple[Choice, ...]:
        if char > "\x7f":
            return self._beyond_ascii
        chosen = (self._choice(*rule) for rule in self.rules if char in _first(rule[0]))
        choices = self[char] = (*chosen, *self._otherwise(char))
        return choices

    @cached_property
    def _beyond_ascii(self) -> tuple[Choice, ...]:
        """Every rule: of these characters none is known where it may not match."""
        return (*(self._choice(*rule) for rule in self.rules), (ANY, Error, None, None))

    def _choice(self, match: Any, action: Any, new_state: Any) -> Choice:
        compiled = match.match if isinstance(match, Rule) else match
        move = self.states.move(new_state)
        if type(action) is _TokenType:
            return compiled, action, None, move
        return compiled, None, _emit(action), move

    def _otherwise(self, char: str) -> Iterator[Choice]:
        """What happens where no rule matches: a line's end leads back to the root, all else is an error."""
        if char == "\n":
            yield LINE_END, Whitespace, None, self.states.reset
        elif char != END:
            yield ANY, Error, None, None


def _first(match: Any) -> Characters:
    return match.first if isinstance(match, Rule) else ANYWHERE


def _emit(action: Any) -> Any:
    """Return what makes the tokens of a match; groups that have one kind each need no callback for each."""
    if getattr(action, "__code__", None) is not BYGROUPS:
        return action
    kinds = enclosed(action)["args"]
    if not all(kind is None or type(kind) is _TokenType for kind in kinds):
        return action
    groups = [(number, kind) for number, kind in enumerate(kinds, 1) if kind is not None]
    return lambda _lexer, found: [
        (found.start(number), kind, text) for number, kind in groups if (text := found[number])
    ]


def enclosed(action: Any) -> dict[str, Any]:
    """Return what a function took from the one around it, by name and in its own order."""
    values = (cell.cell_contents for cell in action.__closure__)
    return dict(zip(action.__code__.co_freevars, values, strict=True))


class Rule:
    """A regular expression that is compiled when it is first needed; to be called as its `match`."""

    def __init__(self, regex: "str | Future", flags: int) -> None:
        self.regex = regex
        self.flags = flags

    def __call__(self, *text_and_place: Any) -> "re.Match[str] | None":
        return self.match(*text_and_place)

    @cached_property
    def match(self) -> Match:
        return re.compile(_pattern(self.regex), self.flags).match

    @cached_property
    def first(self) -> Characters:
        pattern = _beginning(self.regex)
        return first_characters(pattern, self.flags) if len(pattern) <= LONG else ANYWHERE


def _beginning(regex: "str | Future") -> str:
    """Return a pattern that begins at the same characters; a list of words is long, its first letters few."""
    if not isinstance(regex, words) or not all(regex.words):
        return _pattern(regex)
    initials = re.escape("".join({word[0] for word in regex.words}))
    return f"{regex.prefix}([{initials}]){regex.suffix}"


def _pattern(regex: Any) -> str:
    if isinstance(regex, words):
        return _pattern_of_words(tuple(regex.words), regex.prefix, regex.suffix)
    return regex if isinstance(regex, str) else str(regex.get())


@lru_cache
def _pattern_of_words(of: tuple[str, ...], prefix: str, suffix: str) -> str:
    """Return the pattern of a list of words: it takes milliseconds to make, and states share it."""
    return str(words(of, prefix, suffix).get())  # type: ignore[no-untyped-call]
