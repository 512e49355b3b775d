"""Say in plain text what a page of Markdown shows: its title, and its first paragraph as a summary.

Markdown is parsed as for the page, and only as far as what is asked for; no template has run by then.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

import pyromark
from pyromark.event import Event, Range

from sitebuilder.markdown import DIALECT, put_back, set_aside
from sitebuilder.markdown_walk import UNREAD, words_of_html
from sitebuilder.metadata import COMMENT, TEMPLATE_TAG, has_tags

PARAGRAPH, TITLE = "Paragraph", {"Heading": "H1"}
TITLE_LINE = re.compile(r"\n {0,3}(?:#[ \t]|=)")  # from a line's end: a search for ^ takes six times as long
BLOCK_TAG = re.compile(r"{%\s*(\w+).*?%}")
LONG_COMMENT = re.compile(r"{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.DOTALL)
MARK = "\ufdd0"  # stands for a template tag, also for one that is an address; no text should have it
UNSEEN_TAG = re.compile(r"<(?:[!?]|img\b)", re.IGNORECASE)


def title_of(markdown: str) -> str:
    """The first heading of the first level, without its template tags; empty if there is none."""
    return first(markdown, TITLE, without_tags) if TITLE_LINE.search(f"\n{markdown}") else ""


def summary_of(markdown: str) -> str:
    """The first paragraph in which no template tag has a part; empty if there is none."""
    return first(markdown, PARAGRAPH, with_marks)


def first(markdown: str, kind: object, marked: Callable[[str], str]) -> str:
    """The words of the first paragraph or heading that has any and no mark of a tag."""
    if not has_tags(markdown):
        return next((words for words, _ in shown(markdown, kind) if words), "")
    if words := before_tags(markdown, kind):
        return words
    text, codes = set_aside(markdown)
    text = put_back(marked(COMMENT.sub("", LONG_COMMENT.sub("", text))), codes)
    source = text.encode()
    for words, place in shown(text, kind):
        if words and MARK.encode() not in source[place["start"] : place["end"]]:
            return words
    return ""


def before_tags(markdown: str, kind: object) -> str:
    """The first one where it ends before anything looks like a tag: then no code need be told from tags."""
    tag = TEMPLATE_TAG.search(markdown)
    limit = len((markdown[: tag.start()] if tag else markdown).encode())
    for words, place in shown(markdown, kind):
        if words:  # in which [a][b] is a link if a tag gives the address of b
            return words if place["end"] <= limit and "[" not in words else ""
    return ""


def without_tags(text: str) -> str:
    return TEMPLATE_TAG.sub("", text)


def with_marks(text: str) -> str:
    return TEMPLATE_TAG.sub(MARK, without_blocks(text))


def without_blocks(text: str) -> str:
    """The text with one tag for all from `{% if … %}` to its `{% endif %}`, which may not be shown."""
    open_tags: list[tuple[str, int]] = []
    blocks: list[tuple[int, int]] = []
    for found in BLOCK_TAG.finditer(text):
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


def shown(markdown: str, kind: object) -> Iterator[tuple[str, Range]]:
    """The words of each paragraph or heading that no other block holds, and its place in bytes of UTF-8."""
    depth = 0
    inside: list[Event] = []
    for event, place in pyromark.events_with_range(markdown, options=DIALECT):
        if isinstance(event, dict):
            if "Start" in event:
                depth += 1
            elif "End" in event:
                depth -= 1
                if not depth:
                    if event["End"] == kind:
                        yield words_of(inside), place
                    inside = []
        inside.append(event)


def words_of(events: Iterable[Event]) -> str:
    """What is read of inline Markdown: neither the words of a picture nor the mark of a footnote."""
    html: list[str] = []
    pictures = 0  # one may stand in the words of another
    for event in events:
        match event:
            case {"Start": {"Image": _}}:
                pictures += 1
            case {"End": "Image"}:
                pictures -= 1
            case _ if pictures:
                pass
            case str():  # the end of a line
                html.append(" ")
            case {"Text": str(text)} | {"Code": str(text)}:
                html.append(escape(text, quote=False))
            case {"InlineHtml": str(tag)} if not UNSEEN_TAG.match(tag):
                html.append(tag)
    return words_of_html(UNREAD.sub("", "".join(html)))
