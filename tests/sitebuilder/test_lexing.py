"""Code is read into the very tokens that Pygments finds, by the lexers of every module that Pygments has."""

import re
from collections.abc import Iterable, Iterator
from random import Random
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pygments.filters import VisibleWhitespaceFilter
from pygments.lexer import DelegatingLexer, Lexer, RegexLexer, bygroups, combined, default, using, words
from pygments.lexers import JsonLexer, find_lexer_class, find_lexer_class_by_name
from pygments.lexers._mapping import LEXERS
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Other,
    Punctuation,
    String,
    Text,
    Whitespace,
    _TokenType,
)

from bench.sitebuilder.corpus import CODE
from sitebuilder import first_characters as analysis
from sitebuilder.first_characters import ANYWHERE, ASCII, END, LETTERS, first_characters
from sitebuilder.highlighting import SHORT, SPANS, SPANS_REMEMBERED, Highlighter
from sitebuilder.lexing import quick, read

UNFIT = {"MCSchema", "XQuery"}  # Pygments' own never ends at "<!--"; its other remembers the text before
FAMILIES = {module: name for module, name, *_ in LEXERS.values() if name not in UNFIT}  # one of each module
SHARES = 6  # of all families: so many tests, which can run side by side
WRITTEN_OFTEN = (
    "python", "pycon", "pytb", "javascript", "typescript", "html", "css", "scss", "sql", "postgres", "bash",
    "console", "html+django", "django", "json", "yaml", "toml", "ini", "xml", "rust", "go", "java", "cpp",
    "c", "csharp", "ruby", "php", "html+php", "perl", "lua", "markdown", "rst", "diff", "make", "nginx",
)  # fmt: skip
SNIPPETS = [dedent(snippet).strip() for snippet in CODE.values()]
PIECES = [
    *"\"'`\\/<>{}[]()$#@!%^&*-+=|;:,.?~_ \t\n\r\0aZ09éßſKıİµ日\u2028\xa0\x0b\x85😀",
    *(
        '"""',
        "'''",
        "/*",
        "*/",
        "<!--",
        "-->",
        "{{",
        "}}",
        "{%",
        "%}",
        "<?",
        "?>",
        "${",
        "#{",
        "<<E\n",
        "E\n",
    ),
    *("\r\n", "\n\n", "\n ", "\n    ", "0x1F", "1.5e-3", "if", "else", "END", "function", "class", "x"),
    *("<script>", "</script>", "<style>", "</style>", '<a style="color: red" onclick="x()">'),
]


groups: Any = bygroups  # Pygments has no types for these
lexed_by: Any = using


def tokens(read_tokens: Iterable[tuple[int, _TokenType, str]]) -> list[tuple[_TokenType, str]]:
    return [(kind, text) for _, kind, text in read_tokens]


def differences(lexer: type[Lexer], texts: Iterable[str]) -> list[str]:
    """The texts that the quick lexer reads otherwise than `lexer`, as a whole or as a lexer's part."""
    slow, fast = lexer(stripnl=False), quick(lexer)(stripnl=False)
    return [
        text
        for text in texts
        if list(slow.get_tokens(text)) != tokens(read(fast, text))
        or list(slow.get_tokens_unprocessed(text)) != list(fast.get_tokens_unprocessed(text))
    ]


def mutants(random: Random, count: int) -> Iterator[str]:
    """Snippets that were cut, joined, and strewn with pieces of syntax."""
    for _ in range(count):
        text = "\n".join(random.sample(SNIPPETS, random.randint(1, 2)))
        for _ in range(random.randrange(8)):
            start, end = sorted(random.choices(range(len(text)), k=2))
            cut = random.choice(["", "", text[start : start + 5], text[start:end]])
            text = text[:start] + random.choice(PIECES) + text[start + len(cut) :] + "x"
        yield text[: random.randint(1, 900)]


@pytest.mark.parametrize("share", range(SHARES))
def test_a_lexer_of_every_family_reads_what_pygments_reads(share: int) -> None:
    random = Random(share)
    lexers = {name: find_lexer_class(name) for name in sorted(FAMILIES.values())[share::SHARES]}

    wrong = {name: differences(lexer, mutants(random, 2)) for name, lexer in lexers.items() if lexer}

    assert len(lexers) > 35
    assert {name: texts for name, texts in wrong.items() if texts} == {}


@pytest.mark.parametrize("alias", WRITTEN_OFTEN)
def test_a_language_that_is_written_often_reads_however_it_is_broken(alias: str) -> None:
    lexer = find_lexer_class_by_name(alias)

    assert differences(lexer, [*SNIPPETS, "", "\n", *PIECES, *mutants(Random(alias), 40)]) == []


class EveryRule(RegexLexer):
    """One rule of each form that a rule can have."""

    flags = re.MULTILINE | re.IGNORECASE
    tokens = {
        "root": [
            (r"^#.*$", Comment),
            (words(("if", "else", "k-9", "a"), prefix=r"\b", suffix=r"\b"), Keyword),
            (words(("", "k"), suffix=r"=\d"), Keyword.Type),
            (r"(a)(b)?(=)(\d*)", groups(Name, None, Punctuation, Number)),
            (r"(<)([^>]*)(>)", groups(Punctuation, lexed_by(JsonLexer), Punctuation)),
            (r"(?s)(['\"]).*?\1", String),
            (r"\(", Punctuation, "group"),
            (r"\{", Punctuation, ("group", "#push", "deep")),
            (r"(?=\[)", Text, "list"),
            (r"@", Text, combined("list", "deep")),
            (r"k+", lambda lexer, match: [(match.start(), Name.Builtin, match.group().lower())]),
            (r"[a-z]+", Name),
            (r"[ \t]+", Whitespace),
        ],
        "group": [
            (r"\)", Punctuation, "#pop"),
            (r"\}", Punctuation, "#pop:3"),
            (r"\(", Text, "#push"),
            default("deep"),
        ],
        "deep": [
            (r"[^\W\d_]+", Name.Other),
            (r"!", Text, ("#pop", "#pop")),
            (r"(?=[)}])", Text, "#pop"),
            (r"\s", Text),
        ],
        "list": [
            (r"\[|,", Punctuation),
            (r"\]", Punctuation, "#pop"),
            (r"\d++|(?:0x)?\d+?", Number),
            (r"$", Text, "#pop"),
        ],
    }


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("#aAkK\u212aſib=1<>'\"(){}[],!@é \t\n\r\0xélse-9"), max_size=40))
@example("\u212a-9")
def test_each_form_of_a_rule_does_what_it_does_in_pygments(text: str) -> None:
    assert differences(EveryRule, [text]) == []


def test_the_end_of_a_line_that_no_rule_reads_leads_out_of_every_state() -> None:
    class Language(RegexLexer):
        tokens = {
            "root": [("a", Name), (";", Text, "#pop"), (r"\(", Text, "inner")],
            "inner": [("b", Name.Other)],
        }

    assert differences(Language, ["(b\n;ab"]) == []


class OwnReading(RegexLexer):
    tokens = {"root": [(r"\w+", Name)]}

    def get_tokens_unprocessed(self, text: str, stack: Iterable[str] = ("root",)) -> Any:
        return ((place, kind, text * 2) for place, kind, text in super().get_tokens_unprocessed(text, stack))


class OwnTokens(RegexLexer):
    tokens = {"root": [(r"\w+", Name)]}

    def get_tokens(self, text: str, unfiltered: bool = False) -> Iterator[tuple[_TokenType, str]]:
        yield Comment, "first"
        yield from super().get_tokens(text, unfiltered)


class OwnRules(RegexLexer):
    tokens = {"root": [(r"\w+", Name)]}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._tokens = {"root": [(re.compile("b+").match, Keyword, None)]}


@pytest.mark.parametrize("lexer", [OwnReading, OwnTokens, OwnRules])
def test_a_lexer_with_a_way_of_its_own_keeps_it(lexer: type[Lexer]) -> None:
    assert differences(lexer, ["abba b", "", "é\n"]) == []


def test_a_filter_is_heard() -> None:
    lexer = quick(find_lexer_class_by_name("python"))(filters=[VisibleWhitespaceFilter(spaces=True)])

    assert (Whitespace, "·") in tokens(read(lexer, "x = 1"))


def test_of_a_language_only_the_rules_that_are_met_are_compiled() -> None:
    class Language(RegexLexer):
        tokens = {
            "root": [("a", Name, "next"), ("b", Name)],
            "next": [("[é-üc]", Name), (words(("d", "e")), Name)],
        }

    lexer = quick(Language)()

    list(read(lexer, "ac"))

    rules = [rule for state in ("root", "next") for rule, *_ in lexer._tokens[state]]
    assert ["match" in vars(rule) for rule in rules] == [True, False, False, False]
    assert ["_match_in_ascii" in vars(rule) for rule in rules] == [True, False, True, False]


def test_a_block_holds_a_span_for_each_token_that_has_a_class() -> None:
    block = Highlighter()("python", "x = 3  # <é>\n")

    assert block.partition("<code")[2] == (
        ' class="language-python"><span class="n">x</span> <span class="o">=</span> '
        '<span class="mi">3</span>  <span class="c1"># &lt;é&gt;</span>\n</code></pre>\n'
    )


def test_of_the_spans_only_short_ones_and_so_many_are_remembered() -> None:
    spans = SPANS[Name.Label]
    long = spans["&" * (SHORT + 1)]
    made = [spans[f"{number}<"] for number in range(SPANS_REMEMBERED + 9)]

    assert long == f'<span class="nl">{"&amp;" * (SHORT + 1)}</span>'
    assert made == [f'<span class="nl">{number}&lt;</span>' for number in range(SPANS_REMEMBERED + 9)]
    assert len(spans) == SPANS_REMEMBERED
    assert max(map(len, spans)) <= SHORT


def test_a_lexer_within_a_lexer_is_quick_too() -> None:
    class Inner(RegexLexer):
        tokens = {"root": [(r"\w+", Name)]}

    class Outer(RegexLexer):
        tokens = {
            "root": [
                (r"(<)(\w+)", groups(Punctuation, lexed_by(Inner))),
                (r"\d+", lexed_by(Inner)),
                (".", Other),
            ]
        }

    class Template(DelegatingLexer):
        def __init__(self, **options: Any) -> None:
            super().__init__(Inner, Outer, **options)

    found = tokens(read(quick(Template)(), "1<a b"))

    assert found[:3] == [(Name, "1"), (Punctuation, "<"), (Name, "a")]
    assert found[3:] == [(Error, " "), (Name, "b"), (Whitespace, "\n")]
    assert not any("_tokens" in vars(lexer) for lexer in (Inner, Outer))


EXACT = [
    ("abc", 0, "a"),
    ("[a-c_]x", 0, "abc_"),
    (r"[^\x01-\x7f]", 0, "\0"),
    (r"(?:[^a\W]|\d)", re.ASCII, ANYWHERE - first_characters(r"\W|a", 0) - {END}),
    ("a*b|c", 0, "abc"),
    ("(a|b(c))+d", 0, "ab"),
    ("a?", 0, ANYWHERE),
    ("", 0, ANYWHERE),
    (".", re.DOTALL, ASCII),
    (".", 0, ASCII - {"\n"}),
    ("a", re.IGNORECASE, "aA"),
    ("\u212a", re.IGNORECASE, LETTERS),
    ("[^a]", re.IGNORECASE, ASCII),
    ("[^\u017fb]", re.IGNORECASE, ASCII),
    ("(?i)a", 0, "aA"),
    (r"\b(?<=x)(?!y)a", 0, "a"),
    (r"^(?=[/<])", 0, "/<"),
    (r"(?=a|b)(?=b|c)", 0, "b"),
    ("$", 0, {"\n", END}),
    (r"\Z", 0, {END}),
    (r"(?>a?)b++", 0, "ab"),
    (r"(a)?(?(1)b|c)", 0, ANYWHERE),
    (r"()\1a", 0, ANYWHERE),
    ("(?i:a)", 0, ANYWHERE),
]


@pytest.mark.parametrize(("pattern", "flags", "characters"), EXACT)
def test_a_pattern_tells_where_it_may_begin(pattern: str, flags: int, characters: Iterable[str]) -> None:
    assert first_characters(pattern, flags) == set(characters)


PARTS = [
    *("a", "b", "K", "ſ", "[a-f]", "[é-ü]", "[^ab]", r"[^\W\d]", r"\s", r"\S", r"\d", r"\D", ".", "\\n"),
    *("a?", "b*", "a+?", "(a|b)?", "(?=b)", "(?!a)", "(?<=a)", "(?<!b)", "^", "$", r"\b", r"\B", r"\Z"),
    *("(?i:a)", "(?s:.)", "(?>a*)", "a*+", "(?:|a)", "|", "(?:a|$)", "(?:(?=b)|a)*", "a{0}", "(?:a?){2}"),
]
FLAGS = [0, re.IGNORECASE, re.MULTILINE, re.DOTALL | re.MULTILINE, re.IGNORECASE | re.ASCII]


@settings(max_examples=600, deadline=None)
@given(
    st.lists(st.sampled_from(PARTS), max_size=6).map("".join),
    st.sampled_from(FLAGS),
    st.text(st.sampled_from("abAkKsS01_ \n\0!é"), max_size=4),
)
def test_no_pattern_matches_where_it_was_told_not_to_begin(pattern: str, flags: int, text: str) -> None:
    compiled = re.compile(pattern, flags)
    begins = [text[place : place + 1] for place in range(len(text) + 1) if compiled.match(text, place)]

    assert {char for char in begins if char.isascii()} <= first_characters(pattern, flags)


class OtherPython:
    @staticmethod
    def parse(pattern: str, flags: int) -> None:
        """Return no parts that anybody could read."""


@pytest.mark.parametrize("parser", [None, OtherPython])
def test_a_python_that_parses_otherwise_only_takes_longer(
    monkeypatch: pytest.MonkeyPatch, parser: type | None
) -> None:
    monkeypatch.setattr(analysis, "PARSER", parser)
    first_characters.cache_clear()

    assert first_characters("abc", 0) == ANYWHERE
    first_characters.cache_clear()
