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
from sitebuilder.narrowing import WordList, for_ascii, pattern_of_words, word_list

Token = tuple[int, _TokenType, str]  # its place, its kind, its text
Match = Callable[..., "re.Match[str] | None"]
Emit = Callable[[Lexer, "re.Match[str]"], Iterable[Token]]
Move = Callable[[list["State"]], object]
Choice = tuple[Match, _TokenType | None, Emit | None, Move | None]

BYGROUPS = bygroups().__code__  # type: ignore[no-untyped-call]
BEYOND = "\x80"  # stands for each character beyond ASCII
LONG = 250  # characters of a pattern: to read one takes longer than to try it in vain
LINE_END = re.compile("\n").match
ANY = re.compile(".").match


class States(dict[str, "State"]):
    """The states of a lexer by name, each made when it is first named; some are for texts of ASCII alone."""

    def __init__(self, rules: dict[str, list[Any]], *, is_ascii: bool) -> None:
        super().__init__()
        self.rules = rules
        self.is_ascii = is_ascii

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
        chosen = (self._choice(char, *rule) for rule in self.rules if char in _first(rule[0]))
        choices = self[char] = (*chosen, *self._otherwise(char))
        return choices

    @cached_property
    def _beyond_ascii(self) -> tuple[Choice, ...]:
        """Every rule: of these characters none is known where it may not match."""
        return (*(self._choice(BEYOND, *rule) for rule in self.rules), (ANY, Error, None, None))

    def _choice(self, char: str, match: Any, action: Any, new_state: Any) -> Choice:
        compiled = match.at(char, is_ascii=self.states.is_ascii) if isinstance(match, Rule) else match
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
        return compiled(_pattern(self.regex), self.flags)

    def at(self, char: str, *, is_ascii: bool) -> Match:
        """Return what matches as `match` does at a character, or beyond ASCII at any, in such a text."""
        if narrowed := self._words and self._words.at(char):
            return compiled(narrowed, self.flags)
        return self._match_in_ascii if is_ascii else self.match

    @cached_property
    def first(self) -> Characters:
        pattern = self._beginning()
        return first_characters(pattern, self.flags) if len(pattern) <= LONG else ANYWHERE

    @cached_property
    def _words(self) -> WordList | None:
        return word_list(self.regex, self.flags)

    @cached_property
    def _match_in_ascii(self) -> Match:
        pattern = _pattern(self.regex)
        shorter = for_ascii(pattern, self.flags)
        return self.match if shorter == pattern else compiled(shorter, self.flags)

    def _beginning(self) -> str:
        """Return a pattern that begins at the same characters of ASCII; long ones take too long to read."""
        if isinstance(self.regex, words) and all(self.regex.words):
            initials = re.escape("".join({word[0] for word in self.regex.words}))
            return f"{self.regex.prefix}([{initials}]){self.regex.suffix}"
        return self._words.beginning() if self._words else for_ascii(_pattern(self.regex), self.flags)


@lru_cache(maxsize=4096)
def compiled(pattern: str, flags: int) -> Match:
    return re.compile(pattern, flags).match


def _pattern(regex: Any) -> str:
    if isinstance(regex, words):
        return pattern_of_words(tuple(regex.words), regex.prefix, regex.suffix)
    return regex if isinstance(regex, str) else str(regex.get())
