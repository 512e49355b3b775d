"""Read feeds and sitemaps, and hold them to their standards.

Atom: RFC 4287. JSON Feed: https://www.jsonfeed.org/version/1.1/. Sitemaps: https://www.sitemaps.org/protocol.html.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import turbohtml
from turbohtml import Element, HTMLParseError

from sitebuilder.checking.addresses import is_absolute
from sitebuilder.checking.facts import Facts, Finding, Reference

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP_MOST_ADDRESSES = 50_000
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.IGNORECASE)
DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def read_xml(text: str) -> Facts:
    """Return the facts of an Atom feed or a sitemap; of other XML only whether it is well-formed."""
    try:
        root = turbohtml.parse_xml(text.removeprefix("\ufeff")).root
    except HTMLParseError as error:
        broken = error.error.code.removeprefix("xml-").replace("-", " ")
        return Facts(
            findings=[Finding(f"the XML is broken: {broken}", "well-formed XML", "", error.error.line)]
        )
    if root is None:
        return Facts()
    if root.tag == "feed":
        return _read_atom(root)
    return _read_sitemap(root) if root.tag in {"urlset", "sitemapindex"} else Facts()


def read_json_feed(text: str) -> Facts:
    """Return the facts of a JSON Feed; of other JSON only whether it is well-formed."""
    try:
        feed = json.loads(text)
    except ValueError as error:
        return Facts(findings=[Finding(f"the JSON is broken: {error}", "well-formed JSON")])
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version", "")):
        return Facts()
    listed = feed.get("items")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    facts = Facts(findings=list(_faults_of_json(feed, items)))
    named = [feed.get("home_page_url"), feed.get("feed_url"), *(item.get("url") for item in items)]
    _name_addresses(facts, [str(address) for address in named if address])
    _judge_repeats(facts, [str(item["id"]) for item in items if "id" in item], "id")
    return facts


def _read_atom(feed: Element) -> Facts:
    facts = Facts(
        findings=[*_wrong_namespace(feed, ATOM), *_missing(feed, ("id", "title", "updated"), "feed")]
    )
    entries = _children(feed, "entry")
    authored = bool(_children(feed, "author"))
    facts.findings += _wrong_moments(_moments_of(feed))
    for entry in entries:
        about = next((str(link.attrs.get("href") or "") for link in _alternates(entry)), "")
        facts.findings += _about(about, _faults_of_entry(entry, is_authored=authored))
    for element in (feed, *entries):
        _name_addresses(facts, [str(link.attrs.get("href") or "") for link in _children(element, "link")])
    _judge_repeats(facts, [text for entry in entries if (text := _text(entry, "id"))], "id")
    return facts


def _faults_of_entry(entry: Element, *, is_authored: bool) -> Iterator[Finding]:
    yield from _missing(entry, ("id", "title", "updated"), "entry")
    if not (is_authored or _children(entry, "author")):
        yield Finding(f"{_named(entry)} has no author", "<author> in it or in the feed")
    if not (_children(entry, "content") or _alternates(entry)):  # RFC 4287, section 4.1.2
        yield Finding(f"{_named(entry)} has no content", "<content>, or a <link> to its page")
    yield from _wrong_moments(_moments_of(entry))


def _alternates(entry: Element) -> list[Element]:
    return [link for link in _children(entry, "link") if link.attrs.get("rel") in (None, "alternate")]


def _moments_of(element: Element) -> list[str]:
    return [moment.text.strip() for name in ("updated", "published") for moment in _children(element, name)]


def _about(address: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    return (replace(finding, about=address) for finding in findings)


def _read_sitemap(root: Element) -> Facts:
    facts = Facts(findings=list(_wrong_namespace(root, SITEMAP)))
    parts = _children(root, "url" if root.tag == "urlset" else "sitemap")
    if len(parts) > SITEMAP_MOST_ADDRESSES:
        facts.findings.append(
            Finding(f"the sitemap names {len(parts)} addresses", f"at most {SITEMAP_MOST_ADDRESSES} a file")
        )
    for part in parts:
        facts.findings += _missing(part, ("loc",), "address")
        changed = _text(part, "lastmod")
        if changed and not DAY.fullmatch(changed):
            facts.findings += _wrong_moments([changed])
    addresses = [address for part in parts if (address := _text(part, "loc"))]
    _name_addresses(facts, addresses)
    _judge_repeats(facts, addresses, "address")
    return facts


def _faults_of_json(feed: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[Finding]:
    if not feed.get("title"):
        yield Finding("the feed has no title", "title")
    if not isinstance(feed.get("items"), list):
        yield Finding("the feed has no items", "a list of items")
    for item in items:
        yield from _about(str(item.get("url") or ""), _faults_of_item(item))


def _faults_of_item(item: dict[str, Any]) -> Iterator[Finding]:
    name = f"the item {item.get('id') or item.get('url') or '?'}"
    if not item.get("id"):
        yield Finding(f"{name} has no id", "id")
    if not any(isinstance(item.get(kind), str) for kind in ("content_html", "content_text")):
        yield Finding(f"{name} has no content", "content_html or content_text, which may be empty")
    moments = (item.get("date_published"), item.get("date_modified"))
    yield from _wrong_moments([str(moment) for moment in moments if moment])


def _name_addresses(facts: Facts, addresses: Iterable[str]) -> None:
    """Add what the feed links to; read away from the site, an address must be whole."""
    for address in addresses:
        if is_absolute(address):
            facts.references.append(Reference(address, "link"))
        else:
            facts.findings.append(Finding(f"the address {address!r} is not absolute", "https://…", address))


def _judge_repeats(facts: Facts, names: list[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            facts.findings.append(Finding(f"the {what} {name} stands twice", f"each {what} once", name))
        seen.add(name)


def _missing(element: Element, names: tuple[str, ...], kind: str) -> Iterator[Finding]:
    for name in names:
        if not _text(element, name):
            whose = "the feed" if kind == "feed" else _named(element)
            yield Finding(f"{whose} has no {name}", f"<{name}>")


def _wrong_namespace(root: Element, namespace: str) -> Iterator[Finding]:
    if root.attrs.get("xmlns") != namespace:
        yield Finding(f"<{root.tag}> is in no known namespace", f'xmlns="{namespace}"')


def _wrong_moments(moments: list[str]) -> Iterator[Finding]:
    for moment in moments:
        if not _is_moment(moment):
            yield Finding(f"{moment!r} is no date of RFC 3339", "such as 2026-11-21T20:00:00Z", moment)


def _is_moment(text: str) -> bool:
    if not MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element.children if isinstance(child, Element) and child.tag == name]


def _text(element: Element, name: str) -> str:
    return next((child.text.strip() for child in _children(element, name)), "")


def _named(element: Element) -> str:
    name = next((text for each in ("title", "id", "loc") if (text := _text(element, each))), "?")
    return f"the {element.tag} {name!r}"
