"""Say a paragraph of Markdown without its markup: enough for titles and summaries, and cheap.

A `_` or a `*` inside a word stays, as in `my_file_x` and `2*3*4`, and so does all of an address and of code.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sitebuilder.metadata import has_tags

BLANK_LINE = re.compile(r"\n\s*\n")
NO_TEXT = re.compile(r"\s*([#`~|>!<{]|[-*+]\s|\d+\.\s|---)")  # begins a heading, a list, HTML, …
LINK = re.compile(r"!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])")
FOOTNOTE = re.compile(r"\[\^[^\]]+\]")
MARKUP = re.compile(r"[*_~`<\\{]")
TOKEN = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|<(?P<named>[a-zA-Z][\w+.-]*:[^<>\s]*)>"
    r"|(?P<address>(?:https?://|www\.)[^\s<>]*?)(?=[*_~.,;:!?)'\"]*(?:[\s<>]|$))"
    r"|(?P<gone></?[a-zA-Z!?][^>]*>|{%.*?%}|{{.*?}}|{#.*?#})"
    r"|(?P<mark>\*+|_+|~~)",
    re.DOTALL,
)
KEPT = ("code", "escaped", "named", "address")
TAG = re.compile(r"{%\s*(\w+)")
ASIDE = "\x02{}\x03"  # stands for a piece of code while the tags around it are looked for


@dataclass(slots=True)
class Mark:
    """A run of one sign that may begin or end emphasis (https://spec.commonmark.org/0.31.2/#delimiter-run)."""

    sign: str
    length: int
    can_open: bool
    can_close: bool


def summary_of(markdown: str) -> str:
    """The first paragraph in which no template tag has a part; empty if there is none."""
    if has_tags(markdown):
        return summary_without_tags(markdown)
    return next(map(plain, paragraphs(markdown)), "")


def plain(markdown: str) -> str:
    text = FOOTNOTE.sub("", LINK.sub(r"\1", markdown))
    if MARKUP.search(text):
        text = "".join(unmarked(parts_of(text)))
    return " ".join(html.unescape(text).split())


def paragraphs(markdown: str) -> Iterator[str]:
    for paragraph in BLANK_LINE.split(markdown):
        if paragraph.strip() and not NO_TEXT.match(paragraph):
            yield paragraph


def summary_without_tags(markdown: str) -> str:
    from sitebuilder.markdown import protected  # noqa: PLC0415 - most pages have no tags

    pieces = protected(markdown)
    codes = [piece for is_code, piece in pieces if is_code]
    numbers = iter(range(len(codes)))
    text = "".join(
        ASIDE.format(next(numbers)) + "\n" * piece.count("\n") if is_code else piece
        for is_code, piece in pieces
    )
    for paragraph in paragraphs(without_blocks(text)):
        if not (has_tags(paragraph) or "{#" in paragraph):
            whole = re.sub(r"\x02(\d+)\x03", lambda found: codes[int(found[1])], paragraph)
            if not NO_TEXT.match(whole):  # as a block of code
                return plain(whole)
    return ""


def without_blocks(text: str) -> str:
    """The text with one tag for all from `{% if … %}` to its `{% endif %}`, which may not be shown."""
    open_tags: list[tuple[str, int]] = []
    blocks: list[tuple[int, int]] = []
    for found in TAG.finditer(text):
        begun = found[1].removeprefix("end")
        names = [name for name, _ in open_tags]
        if begun == found[1] or begun not in names:
            open_tags.append((found[1], found.start()))
            continue
        place = len(names) - 1 - names[::-1].index(begun)
        start = open_tags[place][1]
        del open_tags[place:]
        blocks = [block for block in blocks if block[0] < start] + [(start, found.start())]
    for start, end in reversed(blocks):
        text = text[:start] + text[end:]
    return text


def parts_of(text: str) -> Iterator[str | Mark]:
    """What is shown of the text, and between it the marks of emphasis."""
    end = 0
    for found in TOKEN.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        if found.lastgroup == "mark":
            yield mark_of(found[0], text[found.start() - 1 : found.start()], text[end : end + 1])
        else:
            yield next((found[name] for name in KEPT if found[name]), "")
    yield text[end:]


def mark_of(run: str, before: str, after: str) -> Mark:
    """What a run can be between two characters; empty ones are the ends of the text."""
    is_inside = is_word(before) and is_word(after)
    can_open = bool(after.strip()) and not is_inside and (is_word(after) or not is_word(before))
    can_close = bool(before.strip()) and not is_inside and (is_word(before) or not is_word(after))
    return Mark(run[0], len(run), can_open, can_close)


def is_word(character: str) -> bool:
    return character.isalnum()


def unmarked(parts: Iterable[str | Mark]) -> list[str]:
    """The parts without the marks that have found their other half."""
    whole = list(parts)
    waiting: list[Mark] = []
    for part in whole:
        if isinstance(part, str):
            continue
        while part.can_close and part.length and (twin := opener(waiting, part.sign)):
            pair = min(part.length, twin.length)
            part.length, twin.length = part.length - pair, twin.length - pair
        if part.can_open and part.length:
            waiting.append(part)
    return [part if isinstance(part, str) else part.sign * part.length for part in whole]


def opener(waiting: list[Mark], sign: str) -> Mark | None:
    """The nearest mark of this sign; what was begun inside of it and not ended stays as it is written."""
    while any(mark.sign == sign and mark.length for mark in waiting):
        if waiting[-1].sign == sign and waiting[-1].length:
            return waiting[-1]
        waiting.pop()
    return None
