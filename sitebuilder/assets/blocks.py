"""Read the elements of a `{% compress %}` block; raise SiteError for what cannot be bundled."""

from html.parser import HTMLParser
from typing import TypedDict
from urllib.parse import unquote, urlsplit

from sitebuilder.errors import wrong

KEPT = {  # the attributes that a bundle keeps, or that say nothing
    "link": {"rel", "href", "media", "type", "charset"},
    "style": {"media", "type"},
    "script": {"src", "type", "async", "defer", "charset"},
}
TYPES = {"link": {"text/css"}, "style": {"text/css"}, "script": {"text/javascript", "application/javascript"}}
ELEMENTS = {"css": ("link", "style"), "js": ("script",)}
RIGHT = {
    "css": '<link rel="stylesheet" href="/static/…"> and <style> only',
    "js": '<script src="/static/…"> and <script> only',
}


class Element(TypedDict):
    """An element of a block, in the shape of django-compressor's own parsers."""

    tag: str
    attributes: dict[str, str]
    text: str


class Block(HTMLParser):
    """The elements of a block, in their order; nothing in a block is passed over in silence."""

    def __init__(self, content: str, kind: str) -> None:
        super().__init__(convert_charrefs=False)
        self.kind = kind
        self.elements: list[Element] = []
        self.is_open = False
        self.feed(content)
        self.close()
        if self.is_open:
            raise wrong(f"<{self.elements[-1]['tag']}> has no end in this block", right=RIGHT[kind])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag not in ELEMENTS[self.kind]:
            raise self.stranger(self.get_starttag_text() or tag)
        check(tag, attributes, self.kind)
        self.elements.append({"tag": tag, "attributes": attributes, "text": ""})
        self.is_open = tag != "link"

    def handle_endtag(self, tag: str) -> None:
        self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.elements[-1]["text"] += data
        elif data.strip():
            raise self.stranger(data.strip())

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def stranger(self, found: str) -> Exception:
        return wrong(f"{found[:80]} cannot be part of a bundle of {self.kind}", right=RIGHT[self.kind])

    # What django-compressor asks a parser for.

    def css_elems(self) -> list[Element]:
        return self.elements

    def js_elems(self) -> list[Element]:
        return self.elements

    def elem_name(self, element: Element) -> str:
        return element["tag"]

    def elem_attribs(self, element: Element) -> dict[str, str]:
        return element["attributes"]

    def elem_content(self, element: Element) -> str:
        return element["text"]

    def elem_str(self, element: Element) -> str:
        return element["text"]


def check(tag: str, attributes: dict[str, str], kind: str) -> None:
    """Refuse an element that would mean something else within a bundle."""
    if attributes.get("type") == "module":
        right = 'a tag of its own: <script type="module" src="{% asset … %}">'
        raise wrong("a module cannot be part of a bundle, whose parts share their names", right=right)
    if attributes.get("type", "").lower() not in TYPES[tag] | {""}:
        raise wrong(f"<{tag} type={attributes['type']!r}> cannot be part of a bundle", right=RIGHT[kind])
    if tag == "link" and attributes.get("rel", "").lower() != "stylesheet":
        raise wrong(f"<link rel={attributes.get('rel', '')!r}> is no style sheet", right=RIGHT[kind])
    if tag == "link" and not attributes.get("href"):
        raise wrong("<link> names no file", right='href="/static/…"')
    if lost := sorted(attributes.keys() - KEPT[tag]):
        right = f"no more than {', '.join(sorted(KEPT[tag]))}"
        raise wrong(f"the {lost[0]} of <{tag}> would be lost in a bundle", right=right)


def static_name(url: str) -> str:
    """The name of a file in static/ by its address."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        raise wrong(f"{url} is on another site", right="a file of this one, or a tag outside {% compress %}")
    if not parts.path.startswith("/static/"):
        raise wrong(f"{url} cannot be bundled", right="an address that begins with /static/")
    return unquote(parts.path.removeprefix("/static/"))
