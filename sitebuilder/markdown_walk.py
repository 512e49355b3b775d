"""Walk once over rendered Markdown: give headings ids, bare addresses links, and footnotes their place.

The HTML is split at its tags, never parsed: what the walk does not know passes through byte for byte.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

from sitebuilder.bare_addresses import linked, may_hold_address
from sitebuilder.footnotes import Footnotes, Note
from sitebuilder.slugs import Slugs

REFERENCE = '<sup class="footnote-reference"><a href="'
NOTE = '<div class="footnote-definition" id="'
REST_OF_TAG = r"""[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>"""
OPAQUE = "pre|script|style|textarea|svg|math|template|iframe|title|select|button|noscript"
MEANT = f"a|h[1-6]|img|code|div|sup|{OPAQUE}"
SPECIAL = (
    r'<sup class="footnote-reference"><a href="[^"]*">\d+</a></sup>'
    r'|<sup class="footnote-definition-label">\d+</sup>\n?'
    r"|<!--[\s\S]*?-->"
)
MEANT_TAG = re.compile(rf"({SPECIAL}|</?(?:{MEANT})(?=[\s/>]){REST_OF_TAG})")
EVERY_TAG = re.compile(rf"({SPECIAL}|</?[a-zA-Z]{REST_OF_TAG})")
UNUSUAL = re.compile(r"""</?[A-Z]|=(?:"[^"<>]*<|'[^'<>]*<)""")  # a tag in capitals, a tag in an attribute
ANY_TAG = re.compile("<[^>]*>")
INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|u|var)"
    rf"(?=[\s/>]){REST_OF_TAG}"
)
NAME = re.compile(r"</?[a-zA-Z][\w:-]*")
ATTRIBUTE = re.compile(r"""([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
NUMBER = re.compile(r">(\d+)<")
UNREAD = re.compile(r"<(script|style|template|svg|math)\b.*?</\1>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with the id that links lead to."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a Markdown source became."""

    html: str
    headings: tuple[Heading, ...]


def walk(html: str, source: str) -> Body:
    """Finish pyromark's `html` of `source`."""
    is_pure = "<" not in source
    pieces = (MEANT_TAG if is_pure or not UNUSUAL.search(html) else EVERY_TAG).split(html)
    tags = [*pieces[1::2], ""]
    walker = _Walker(Slugs(_own_ids(html)), is_pure)
    for text, tag in zip(pieces[::2], tags, strict=True):
        if text:
            walker.read_text(text)
        if tag:
            walker.read_tag(tag)
    return walker.body()


class _Walker:
    def __init__(self, slugs: Slugs, is_pure: bool) -> None:
        self.slugs = slugs
        self.is_pure = is_pure  # no tag of the writer's own: each is written as pyromark writes it
        self.out: list[str] = []  # the page, or the footnote that is being read
        self.page = self.out
        self.words: list[str] = []  # since the last heading began
        self.headings: list[Heading] = []
        self.footnotes = Footnotes()
        self.note: Note | None = None
        self.note_ended = False
        self.heading: tuple[str, int] | None = None  # its tag, and its place in `out`
        self.closing = ""  # the end tag that ends what is passed unread
        self.in_link = False

    def read_text(self, text: str) -> None:
        if self.note_ended:  # the note leaves no empty line where it stood
            text, self.note_ended = text.removeprefix("\n"), False
        if not self.closing:
            self.words.append(text)
            if self.in_link:
                self.in_link = "</p>" not in text  # a link that was never closed ends with its paragraph
            elif may_hold_address(text):
                text = self._with_links(text)
        elif self.closing == "/code":
            self.words.append(text)
        self.out.append(text)

    def read_tag(self, tag: str) -> None:
        name = _name(tag)
        if self.closing:
            self.out.append(tag)
            if name == self.closing:
                self.closing = ""
            return
        read = _READERS.get(name)
        if read is None:
            self.out.append(tag)
            self.words.append(tag)
        else:
            read(self, tag)

    def body(self) -> Body:
        if self.note:
            self._end_note(self.note)
        notes = self.footnotes.write(self.slugs)
        return Body("".join(self.page) + notes, tuple(self.headings))

    def _with_links(self, text: str) -> str:
        pieces = EVERY_TAG.split(text)
        for place in range(0, len(pieces), 2):
            if may_hold_address(pieces[place]):
                pieces[place] = linked(pieces[place])
        return "".join(pieces)

    def open_link(self, tag: str) -> None:
        self.in_link = True
        self.out.append(tag)

    def close_link(self, tag: str) -> None:
        self.in_link = False
        self.out.append(tag)

    def image(self, tag: str) -> None:
        self.words.append(escape(_attributes(tag).get("alt") or "", quote=False))
        self.out.append(tag)

    def unread(self, tag: str) -> None:
        """Read the beginning of what passes as it is, up to its end."""
        self.closing = "/" + _name(tag)
        self.out.append(tag)

    def open_heading(self, tag: str) -> None:
        self.in_link = False
        self.words = []
        self.heading = (tag, len(self.out))
        self.out.append(tag)

    def close_heading(self, tag: str) -> None:
        self.out.append(tag)
        if self.heading is None or _name(self.heading[0]) != _name(tag)[1:]:
            return
        opened, place = self.heading
        self.heading = None
        text = _plain("".join(self.words), self.is_pure)
        own = _attributes(opened).get("id") if len(opened) > 4 else None
        slug = self.slugs.own(own) if own else self.slugs.made_from(text)
        if slug != own:
            self.out[place] = _with_id(opened, slug)
        self.headings.append(Heading(int(opened[2]), slug, text))

    def open_div(self, tag: str) -> None:
        self.in_link = False
        self.words.append(" ")
        if tag.startswith(NOTE) and self.note is None and self.heading is None:
            self.note = Note()
            self.out = self.note.out
            return
        if self.note:
            self.note.depth += 1
        self.out.append(tag)

    def close_div(self, tag: str) -> None:
        self.words.append(" ")
        if self.note:
            self.note.depth -= 1
            if not self.note.depth:
                self._end_note(self.note)
                return
        self.out.append(tag)

    def sup(self, tag: str) -> None:
        """Read a reference to a note, a note's own number, or a writer's <sup>."""
        number = NUMBER.search(tag)
        if number and tag.startswith(REFERENCE):
            self.footnotes.refer(self.out, number[1])
            self.out.append(tag)
        elif number and self.note and not self.note.number:
            self.note.number = number[1]
        else:
            self.out.append(tag)

    def _end_note(self, note: Note) -> None:
        self.footnotes.add(note)
        self.note, self.out, self.note_ended = None, self.page, True


_Reader = Callable[[_Walker, str], None]
_READERS: dict[str, _Reader] = {
    "a": _Walker.open_link,
    "/a": _Walker.close_link,
    "img": _Walker.image,
    "code": _Walker.unread,
    "div": _Walker.open_div,
    "/div": _Walker.close_div,
    "sup": _Walker.sup,
    **{f"h{level}": _Walker.open_heading for level in range(1, 7)},
    **{f"/h{level}": _Walker.close_heading for level in range(1, 7)},
    **dict.fromkeys(OPAQUE.split("|"), _Walker.unread),
}


def words_of_html(html: str) -> str:
    """The words that a reader sees of a body."""
    return _plain(UNREAD.sub(" ", html), is_pure=False)


@lru_cache(maxsize=2048)
def _name(tag: str) -> str:
    """Return `h2` of `<h2 id="x">`, `/h2` of its end, and nothing of a comment."""
    found = NAME.match(tag)
    return found[0][1:].lower() if found else ""


def _plain(html: str, is_pure: bool) -> str:
    """Return the words of a piece of HTML, with a space wherever a block, a cell or a line ends.

    pyromark ends every block with a line, and leaves only cells without a space between.
    """
    if "<" in html:
        html = (
            ANY_TAG.sub("", html.replace("</t", " </t"))
            if is_pure
            else EVERY_TAG.sub(" ", INLINE_TAG.sub("", html))
        )
    return " ".join((unescape(html) if "&" in html else html).split())


def _attributes(tag: str) -> dict[str, str]:
    """Return a tag's attributes; of one given twice the first counts, as in a browser."""
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(tag, len(_name(tag)) + 1):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def _own_ids(html: str) -> set[str]:
    """Return the ids that a writer gave; an id that is made up must not take one of them."""
    if " id=" not in html:
        return set()
    named = (tag for tag in EVERY_TAG.findall(html) if " id=" in tag and not tag.startswith(NOTE))
    return {name for tag in named if (name := _attributes(tag).get("id"))}


def _with_id(tag: str, slug: str) -> str:
    rest = re.sub(r"""\sid\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", "", tag[3:], flags=re.IGNORECASE)
    return f'{tag[:3]} id="{escape(slug)}"{rest}'
