"""A rule that was shortened by what is known of a text matches there as the whole rule does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexer import words

from sitebuilder.lexer_states import Rule

LETTERS = "abABkKsS-_1 é\u212aſ"
WORDS = st.lists(st.text(st.sampled_from("abABkKsS-_1ſ"), max_size=4), min_size=1, max_size=8)
PREFIXES = st.sampled_from(["", "^", r"\b", r"(?<!\.)", "-", "[ab]?", "(?i)", "(?<=-)"])
SUFFIXES = st.sampled_from(["", r"\b", "(?![-_])", "+", "*", "{2}", "?", "(b)?", "|k", r"\1", r"(\s*)(k)"])
FLAGS = st.sampled_from([0, re.MULTILINE, re.IGNORECASE, re.IGNORECASE | re.ASCII, re.VERBOSE])
TEXTS = st.text(st.sampled_from(LETTERS), max_size=9)

made: Any = words  # Pygments has no types for it


def assert_all_match_alike(rule: Rule, text: str) -> None:
    """See that a rule matches from everywhere in a text, and within each of its ends, what it always does."""
    for place in range(len(text) + 1):
        char = text[place : place + 1]
        found = rule.at(char, is_ascii=text.isascii())(text, place)
        wanted = rule.match(text, place)
        assert (found and found.regs) == (wanted and wanted.regs)
        assert not (wanted and char.isascii()) or char in rule.first


@settings(max_examples=500, deadline=None)
@given(WORDS, PREFIXES, SUFFIXES, FLAGS, TEXTS)
def test_words_by_their_initial_match_what_all_of_them_do(
    of: list[str], prefix: str, suffix: str, flags: int, text: str
) -> None:
    assert_all_match_alike(Rule(made(of, prefix, suffix), flags), text + "".join(of[:2]))


@settings(max_examples=500, deadline=None)
@given(WORDS, PREFIXES, st.sampled_from(["(", "(?:", "(-|"]), SUFFIXES.filter(r"\1".__ne__), FLAGS, TEXTS)
def test_a_pattern_of_words_keeps_their_order(
    of: list[str], prefix: str, group: str, suffix: str, flags: int, text: str
) -> None:
    assert_all_match_alike(Rule(f"{prefix}{group}{'|'.join(of)}){suffix}", flags), text + "".join(of[:2]))


MEMBERS = [
    "é",
    "é-ü",
    "à-",
    "é?",
    "ßé+",
    "é{2}",
    "-é",
    "a",
    "a-é",
    "a-z",
    "^",
    "]",
    "-",
    r"\]",
    r"\w",
    r"\xe9-ü",
    "ſ",
    "\u212a",
    "[",
    "ẞ",
]

FORMS = [
    *("[{}]", "[^{}]", "[^a{}]b?", "{}", "({})?z", r"\[[{}]*", "é|[{}]+", "[^éß{}]", "(?!{})[{}]"),
    *("(?<=éß|aA)[{}]", "[{}](?i:K)", "(?i)[{}]", "(?x)[{}]#é", "(?P<é>[{}])"),
]


def compiles(pattern: str, flags: int) -> bool:
    try:
        re.compile(pattern, flags)
    except (re.error, FutureWarning):
        return False
    return True


@settings(max_examples=800, deadline=None)
@given(
    st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=5).map("".join),
    st.sampled_from(FORMS),
    st.sampled_from([0, re.IGNORECASE, re.VERBOSE]),
    st.text(st.sampled_from("aAbkKsSzZ^]-[\\wé\u212a"), max_size=6),
)
def test_a_class_without_what_is_beyond_ascii_matches_the_same_of_ascii(
    members: str, form: str, flags: int, text: str
) -> None:
    pattern = form.replace("{}", members)
    if compiles(pattern, flags):
        assert_all_match_alike(Rule(pattern, flags), text)
        assert_all_match_alike(Rule(pattern, flags), text.encode("ascii", "ignore").decode())


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (
            Rule(made(("A", "B", "ab")), re.IGNORECASE),
            "ab",
        ),  # of all, A is tried last; of those with A, first
        (Rule(made(("ſa", "sb")), re.IGNORECASE), "sa"),
        (Rule(made(("ab", "ba"), suffix=" +"), re.VERBOSE), "abba"),
        (Rule("(ba|b|a)", 0), "ba"),
        (Rule("ßé?a", 0), "a"),
        (Rule("ßé*a", 0), "a"),
        (Rule("ßé{0}a", 0), "a"),
        (Rule("[ſ]", re.IGNORECASE), "s"),
    ],
)
def test_what_cannot_be_shortened_is_left(rule: Rule, text: str) -> None:
    assert_all_match_alike(rule, text)


@pytest.mark.parametrize(
    ("rule", "char", "pattern"),
    [
        (Rule(made(("ab", "ac", "ba"), suffix=r"\b"), 0), "b", r"(ba)\b"),
        (Rule(made(("AB", "BA")), re.IGNORECASE), "a", "(AB)"),
        (Rule(r"\b(ab|ba)(\s*)", 0), "a", r"\b(ab)(\s*)"),
        (Rule("[é-üßa]ab", 0), "a", "[\x80a]ab"),
        (Rule(made(("ab", "ba"), suffix="+"), 0), "a", "(ab|ba)+"),
    ],
)
def test_only_the_part_is_compiled_that_can_match(rule: Rule, char: str, pattern: str) -> None:
    found: Callable[..., re.Match[str] | None] = rule.at(char, is_ascii=True)

    assert found.__self__.pattern == pattern  # type: ignore[attr-defined]
