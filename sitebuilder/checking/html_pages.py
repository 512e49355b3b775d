"""Read a page once: what it links to, what may be linked to, and what is wrong with its HTML.

turbohtml parses as browsers do and reports what the standard calls errors, in C; it says nothing of tags
that do not match, which `nesting` adds.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import turbohtml
from turbohtml import Document, Link
from turbohtml.conformance import ConformanceMessage
from turbohtml.conformance import check as check_conformance

from sitebuilder.checking.facts import Facts, Finding, Reference
from sitebuilder.checking.nesting import misplaced_tags

UNCHECKED_ATTRIBUTES = frozenset({"action", "formaction", "ping", "cite"})  # answered by servers, or no links
UNCHECKED_RELATIONS = frozenset({"preconnect", "dns-prefetch"})  # a host, not a page
KINDS = {"img": "image", "image": "image", "script": "script", "picture": "image", "source": "file"}
SOCIAL_IMAGES = "meta[property='og:image'],meta[property='og:url'],meta[name='twitter:image']"
ROLES_ELSEWHERE = re.compile(r"""\brole=["']?(?:doc|graphics)-[a-z]""")  # DPUB-ARIA 1.1 and Graphics-ARIA 1.0
LONGEST_NEEDLE = 200  # characters; a longer line was put together, or minified
RIGHT = {
    "img-missing-alt": 'alt="…", or alt="" for a picture that only decorates',
    "duplicate-id": "each id once a page",
    "missing-title": "<title> with words in it",
    "missing-lang": '<html lang="…">',
    "empty-heading": "words in the heading",
    "missing-semicolon-after-character-reference": "a semicolon after it, or &amp; for a plain &",
    "unknown-named-character-reference": "a name that HTML knows, or &amp; for a plain &",
}


def read_page(text: str) -> Facts:
    """Return the facts of an HTML page."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as the standard does before it counts lines
    document = turbohtml.parse(text)
    lines = text.split("\n")
    return Facts(
        ids=_ids(document),
        references=_references(document),
        findings=[*_broken_markup(document, lines), *_faults(document, lines), *_misplaced(text, lines)],
        unsized=list(_unsized(document)),
        is_page=True,
    )


def _ids(document: Document) -> list[str]:
    named = [element.attrs.get("id") for element in document.select("[id]")]
    anchors = [element.attrs.get("name") for element in document.select("a[name]")]
    return list(dict.fromkeys(str(name) for name in (*named, *anchors) if name))


def _references(document: Document) -> list[Reference]:
    """Return each address once a kind, at its first line."""
    base = document.select_one("base[href]")
    found: dict[tuple[str, str], Reference] = {}
    for link in document.links():
        if link.element.tag != "base" and _is_checked(link):
            what = _kind(link)
            found.setdefault((link.url, what), Reference(link.url, what, link.element.source_line or 0))
    for meta in document.select(SOCIAL_IMAGES):
        address = str(meta.attrs.get("content") or "")
        found.setdefault((address, "preview"), Reference(address, "preview", meta.source_line or 0))
    if base is not None:
        found[("", "base")] = Reference(str(base.attrs.get("href") or ""), "base", base.source_line or 0)
    return list(found.values())


def _is_checked(link: Link) -> bool:
    if link.attribute in UNCHECKED_ATTRIBUTES:
        return False
    relations = link.element.attrs.get("rel") if link.element.tag == "link" else None
    return not relations or UNCHECKED_RELATIONS.isdisjoint(_words(relations))


def _kind(link: Link) -> str:
    if link.element.tag != "link":
        return KINDS.get(link.element.tag, "link" if link.element.tag == "a" else "file")
    relations = _words(link.element.attrs.get("rel") or "")
    if "stylesheet" in relations:
        return "stylesheet"
    return "canonical" if "canonical" in relations else "link"


def _words(value: str | list[str]) -> list[str]:
    words = value.split() if isinstance(value, str) else value
    return [word.lower() for word in words]


def _unsized(document: Document) -> Iterator[Reference]:
    for image in document.find_all("img"):
        given = image.attrs
        if not ("width" in given and "height" in given) and "aspect-ratio" not in str(given.get("style")):
            yield Reference(str(image.attrs.get("src") or ""), "image", image.source_line or 0)


def _broken_markup(document: Document, lines: list[str]) -> Iterator[Finding]:
    """Yield what the tokenizer of the standard calls a parse error."""
    for error in document.errors:
        what = f"the HTML is broken: {error.code.replace('-', ' ')}"
        yield Finding(what, RIGHT.get(error.code, ""), _around(lines, error.line, error.col), error.line)


def _faults(document: Document, lines: list[str]) -> Iterator[Finding]:
    """Yield what authors must not do, though browsers can read it."""
    for message in check_conformance(document).messages:
        if message.severity == "error" or message.code == "missing-lang":
            tag = _tag_at(lines, message.line, message.column)
            if message.code == "aria-invalid-role" and ROLES_ELSEWHERE.search(tag):
                continue  # our own footnotes have them
            needle = "" if message.code == "missing-title" else tag
            yield Finding(_said(message, tag), RIGHT.get(message.code, ""), needle, message.line)


def _said(message: ConformanceMessage, tag: str) -> str:
    return f"{tag}: {message.message}" if tag and message.code == "img-missing-alt" else message.message


def _misplaced(text: str, lines: list[str]) -> Iterator[Finding]:
    """Yield the tags that do not match, each to be known by its line, which a source often has as it is."""
    for finding in misplaced_tags(text):
        line = lines[finding.line - 1].strip()
        yield replace(finding, needle=line) if len(line) <= LONGEST_NEEDLE else finding


def _tag_at(lines: list[str], line: int, column: int) -> str:
    """Return the tag that begins at a place, as far as it stands on one line."""
    if not 0 < line <= len(lines) or lines[line - 1][column : column + 1] != "<":
        return ""
    return lines[line - 1][column:].partition(">")[0] + ">"


def _around(lines: list[str], line: int, column: int) -> str:
    """Return the word before a place where the markup broke."""
    if not 0 < line <= len(lines):
        return ""
    before = lines[line - 1][: column + 1].split()
    return before[-1][-40:] if before else ""
