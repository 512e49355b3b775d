"""Read what a page says of itself: its front matter, and the words that lists and searches need."""

import datetime
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import yaml

from sitebuilder.errors import SiteError, wrong
from sitebuilder.known_keys import check_keys
from sitebuilder.known_settings import line_of
from sitebuilder.lines import line_of as line_of_address
from sitebuilder.yaml_values import A_DATE, WrongValue, load_yaml

FENCES = {"---": "yaml", "+++": "toml"}
ENDS = {fence: re.compile(rf"^{re.escape(fence)}[ \t]*$\n?", re.MULTILINE) for fence in FENCES}
CONTEXT = re.compile(r"\s*{%\s*block\s+context\s*%}(?P<text>.*?){%\s*endblock(?:\s+context)?\s*%}", re.DOTALL)
CONTROL = re.compile("[\0-\x03]")  # two of them stand for code that is set aside
COMMENT = re.compile(r"{#.*?#}")
TEMPLATE_TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}")  # as in django.template.base
NAMELESS = "page"  # what is there in an address of a file whose name leaves nothing to name it by


@dataclass(frozen=True, slots=True)
class Source:
    """A page's file, taken apart."""

    path: str  # from the site's folder: pages/posts/first.md
    matter: dict[str, Any] = field(repr=False)
    body: str = field(repr=False)
    first_line: int  # of the body, in the file
    said: str = field(default="", repr=False)  # the text of the front matter
    said_from: int = 1  # its first line, in the file

    @property
    def is_markdown(self) -> bool:
        return self.path.endswith(".md")

    def line_of(self, key: str, value: str = "") -> int:
        """The line of the file that gives a key of the front matter, or one of the key's values below it."""
        above = max(line_of(self.said, key), 1) - 1
        below = "\n".join(self.said.split("\n")[above:])
        return self.said_from + above + max(line_of_address(below, value), 1) - 1


def read_source(path: str, content: bytes, *, is_known: bool = False) -> Source:
    """Take a page apart; raises SiteError where its front matter is no front matter.

    Of a page whose front matter `is_known` only the body is told; YAML takes longer than Markdown.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise wrong(
            "it is not UTF-8 text", path, line, "a page of text; other files belong into static/"
        ) from None
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        what = f"it holds the control character U+{ord(found[0]):04X}"
        raise wrong(what, path, line, "a page of text; other files belong into static/")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    fence, _, rest = text.partition("\n")
    if fence.rstrip() in FENCES:
        return fenced(path, fence.rstrip(), rest, is_known=is_known)
    if not path.endswith(".md") and (found := CONTEXT.match(text) or CONTEXT.search(text)):
        return with_context_block(path, text, found)
    return Source(path, {}, text, 1)


def fenced(path: str, fence: str, rest: str, *, is_known: bool) -> Source:
    end = ENDS[fence].search(rest)
    if not end:
        raise wrong("the front matter has no end", path, 1, f"a line {fence} after it")
    said, first_line = rest[: end.start()], rest.count("\n", 0, end.end()) + 2
    matter = {} if is_known else parsed(path, said, FENCES[fence], 2)
    return Source(path, matter, rest[end.end() :], first_line, said, 2)


def with_context_block(path: str, text: str, found: re.Match[str]) -> Source:
    """Front matter in a `{% block context %}`, JSON or YAML, which leaves the page itself without it."""
    first = text.count("\n", 0, found.start("text")) + 1
    inside = found["text"]
    kind = "json" if inside.lstrip().startswith("{") else "yaml"
    gap = "\n" * found[0].count("\n")  # so that lines keep their numbers
    body = text[: found.start()] + gap + text[found.end() :]
    return Source(path, parsed(path, inside, kind, first), body, 1, inside, first)


def parsed(path: str, text: str, kind: str, first_line: int) -> dict[str, Any]:
    try:
        matter = LOADERS[kind](text)
    except yaml.YAMLError as error:
        line = first_line + (error.problem_mark.line if getattr(error, "problem_mark", None) else 0)  # type: ignore[attr-defined]
        reason = getattr(error, "problem", "") or str(error)
        raise wrong(f"the front matter is no YAML: {reason}", path, line, right_yaml(error, reason)) from None
    except tomllib.TOMLDecodeError as error:
        raise wrong_toml(error, path, text, first_line) from None
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise wrong(f"the front matter is no JSON: {error.msg}", path, line, '{"title": "Hello"}') from None
    except ValueError as error:  # a number of thousands of digits, which TOML and JSON leave to Python
        raise wrong(f"the front matter cannot be read: {error}", path, first_line) from None
    if matter is None:
        return {}
    if not isinstance(matter, dict):
        kind = "list" if isinstance(matter, list) else "single value"
        raise wrong(f"the front matter is a {kind}", path, first_line, "names with values")
    check_keys(path, matter, text, first_line)
    return {str(name): value for name, value in matter.items()}


def has_tags(text: str) -> bool:
    """Whether the template engine may make something else of a text: `## Title {#id}` it leaves alone."""
    return "{%" in text or "{{" in text or ("{#" in text and COMMENT.search(text) is not None)


def right_yaml(error: yaml.YAMLError, reason: str) -> str:
    """What would be right; most often a title with a colon is what YAML takes for a name in a value."""
    if isinstance(error, WrongValue):
        return error.right
    if reason.startswith("mapping values are not allowed"):
        return 'a value with a colon in quotes, such as title: "One: two"'
    return "lines such as title: Hello"


def wrong_toml(error: tomllib.TOMLDecodeError, path: str, text: str, first_line: int) -> SiteError:
    """What is wrong, with its line, which the parser counts from the first of the front matter."""
    what, _, place = str(error).removesuffix(")").partition(" (at ")
    counted = re.match(r"line (\d+)", place)
    before = int(counted[1]) - 1 if counted else 0
    is_of_date = re.search(r"=\s*\d{4}-\d\d-\d\d", text.split("\n")[before])
    right = A_DATE if is_of_date else "title = 'Hello'"
    return wrong(f"the front matter is no TOML: {what}", path, first_line + before, right)


def date_of(source: Source, key: str, zone: datetime.tzinfo, otherwise: str = "") -> datetime.datetime | None:
    """The date and the time at a key, or the midnight that a date begins with; in `zone` where it names none.

    `otherwise` is the date that the file's name says, for pages that say none.
    """
    said = source.matter.get(key)
    value = otherwise if said in (None, "") else said
    if value == "":
        return None
    try:
        moment = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
        if type(moment) is datetime.date:
            moment = datetime.datetime.combine(moment, datetime.time.min)
        if isinstance(moment, datetime.datetime):
            moment = moment if moment.tzinfo else local(moment, zone)
            moment.astimezone(datetime.UTC)  # which the years from 1 to 9999 may end before
            return moment
    except (ValueError, OverflowError):
        pass
    if value is not said:
        raise wrong(f"the date in its name is {value!r}", source.path, right=A_DATE)
    raise wrong(f"{key} is {value!r}", source.path, source.line_of(key), A_DATE)


def local(moment: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    """A moment by the clocks of a zone, with the offset from UTC that they have then.

    Of a time that comes twice as summer time ends, the first is meant; one that is skipped as it begins is as
    much later (PEP 495, `fold=0`).
    """
    there = moment.replace(tzinfo=zone)
    return there if zone is datetime.UTC else there.replace(tzinfo=ahead(there.utcoffset()))


@lru_cache(maxsize=64)  # most zones have two; pages share them, also where they are kept
def ahead(offset: datetime.timedelta | None) -> datetime.tzinfo:
    return datetime.timezone(offset or datetime.timedelta())


@lru_cache(maxsize=1024)  # of tags, above all
def slug_of(name: str) -> str:
    """A name as a part of an address: lower case, words joined by hyphens; C, C++ and C# are three."""
    spelled = re.sub(r"(?<=\w)#", " sharp ", name.lower().replace("+", " plus "))
    return re.sub(r"[^\w.]+", "-", spelled).strip("-.") or NAMELESS


def is_nameless(name: str) -> bool:
    """Whether nothing of a name can stand in an address: !!! has no letter and no digit."""
    return slug_of(name) == NAMELESS and not re.search(r"\w", name)


def dated(stem: str) -> tuple[str, str]:
    """The date and the rest of a name such as 2026-01-31-hello."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[-_ ](.+)", stem)
    return (found[1], found[2]) if found else ("", stem)


def stem_of(path: str) -> str:
    return PurePosixPath(path).stem


LOADERS: dict[str, Callable[[str], Any]] = {
    "yaml": load_yaml,
    "toml": tomllib.loads,
    "json": json.loads,
}
