"""Find tags that do not match, in the order of the file.

https://html.spec.whatwg.org/multipage/syntax.html#optional-tags says which end tags may be left out.
"""

from collections import Counter
from collections.abc import Iterator

import turbohtml
from turbohtml import Token, TokenType

from sitebuilder.checking.facts import Finding


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


VOID = _names("area base br col embed hr img input link meta param source track wbr")
MAY_STAY_OPEN = _names("html head body p li dt dd rt rp option optgroup colgroup thead tbody tfoot tr td th")
ENDS_A_PARAGRAPH = _names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul"
)
CELLS, ROWS = _names("td th"), _names("td th tr")
SECTIONS = _names("td th tr thead tbody tfoot colgroup caption")
ENDED_BY = {
    "li": _names("li"),
    "dt": _names("dt dd"),
    "dd": _names("dt dd"),
    "rt": _names("rt rp"),
    "rp": _names("rt rp"),
    "option": _names("option"),
    "optgroup": _names("option optgroup"),
    "td": CELLS,
    "th": CELLS,
    "tr": ROWS,
    **dict.fromkeys(("thead", "tbody", "tfoot"), SECTIONS),
    "body": _names("head"),
}
WALLS = _names("table ul ol dl select template button td th caption object svg math")
ALWAYS_ALLOWED = _names("script template style")
CHILDREN = {
    "ul": _names("li") | ALWAYS_ALLOWED,
    "ol": _names("li") | ALWAYS_ALLOWED,
    "table": _names("caption colgroup col thead tbody tfoot tr") | ALWAYS_ALLOWED,
    **dict.fromkeys(("thead", "tbody", "tfoot"), _names("tr") | ALWAYS_ALLOWED),
    "tr": _names("td th") | ALWAYS_ALLOWED,
}
NEVER_IN_ITSELF = _names("a button form label")
FOREIGN = _names("svg math")
RULED = VOID | ENDS_A_PARAGRAPH | ENDED_BY.keys() | NEVER_IN_ITSELF | FOREIGN


def misplaced_tags(text: str) -> Iterator[Finding]:
    """Yield tags that are never closed, close nothing, or stand where they may not."""
    reader = _Reader()
    has_doctype = False
    for token in turbohtml.tokenize(text, capture_attributes=False):
        if token.type is TokenType.START_TAG:
            reader.start(token)
        elif token.type is TokenType.END_TAG:
            reader.end(token)
        elif token.type is TokenType.DOCTYPE:
            has_doctype = True
    reader.finish()
    if not has_doctype:
        yield Finding("the page names no document type", "<!doctype html> at its beginning", "", 1)
    yield from reader.findings


class _Reader:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.stack: list[tuple[str, int]] = []  # a tag that is open, and its line
        self.foreign = 0  # how many <svg> and <math> are open
        self.reported: Counter[str] = Counter()  # tags whose late end was already told

    def start(self, token: Token) -> None:
        tag = token.tag or ""
        if self.foreign:
            if not token.self_closing:
                self._push(tag, token.line)
            return
        if tag not in RULED and not (self.stack and self.stack[-1][0] in CHILDREN):
            self.stack.append((tag, token.line))  # most tags: <span>, <code>, <em>
            return
        self._end_what_this_ends(tag, token.line)
        self._judge_place(tag, token.line)
        if tag not in VOID and not (tag in FOREIGN and token.self_closing):
            self._push(tag, token.line)

    def end(self, token: Token) -> None:
        tag = token.tag or ""
        if self.stack and self.stack[-1][0] == tag:
            self._pop()
        elif self._is_open(tag):
            self._close_up_to(tag)
            self._pop()
        elif self.reported[tag]:
            self.reported[tag] -= 1
        else:
            right = f"no </{tag}>" if tag in VOID else f"a <{tag}> before it, that nothing else has ended"
            self._report(f"</{tag}> closes nothing", right, f"</{tag}>", token.line)

    def finish(self) -> None:
        """Report what the end of the file left open."""
        self._close_up_to("")

    def _push(self, tag: str, line: int) -> None:
        self.stack.append((tag, line))
        self.foreign += tag in FOREIGN

    def _pop(self) -> None:
        tag, _ = self.stack.pop()
        if tag in FOREIGN:
            self.foreign -= 1

    def _is_open(self, tag: str) -> bool:
        return any(opened == tag for opened, _ in self.stack)

    def _close_up_to(self, tag: str) -> None:
        """Take away what stands open above `tag`, and report it unless its end tag may be left out."""
        while self.stack and self.stack[-1][0] != tag:
            opened, line = self.stack[-1]
            if opened not in MAY_STAY_OPEN:
                before = f" before </{tag}>" if tag else ""
                self._report(f"<{opened}> is not closed{before}", f"</{opened}>{before}", f"<{opened}", line)
                self.reported[opened] += 1
            self._pop()

    def _end_what_this_ends(self, tag: str, line: int) -> None:
        ended = ENDED_BY.get(tag)
        if ended:
            for opened, _ in reversed(self.stack):
                if opened in ended:
                    self._close_up_to(opened)
                    self._pop()
                    self._end_what_this_ends(tag, line)
                    return
                if opened in WALLS:
                    return
        elif tag in ENDS_A_PARAGRAPH:
            self._end_paragraph(tag, line)

    def _end_paragraph(self, tag: str, line: int) -> None:
        if self.stack and self.stack[-1][0] == "p":
            self._pop()
            return
        for opened, _ in reversed(self.stack):
            if opened == "p":
                self._report(f"<{tag}> stands in a paragraph", "the </p> before it", f"<{tag}", line)
            if opened == "p" or opened in WALLS or opened in ENDS_A_PARAGRAPH:
                return

    def _judge_place(self, tag: str, line: int) -> None:
        parent = self.stack[-1][0] if self.stack else ""
        allowed = CHILDREN.get(parent)
        if allowed and tag not in allowed and not (tag in ENDED_BY and parent == "table"):
            right = ", ".join(f"<{name}>" for name in sorted(allowed - ALWAYS_ALLOWED))
            self._report(f"<{tag}> stands in <{parent}>", f"{right} there", f"<{tag}", line)
        if tag in NEVER_IN_ITSELF and self._is_open(tag):
            self._report(f"<{tag}> stands in another <{tag}>", f"</{tag}> before it", f"<{tag}", line)

    def _report(self, what: str, right: str, needle: str, line: int) -> None:
        self.findings.append(Finding(what, right, needle, line))
