"""Tell whether two versions of a page differ in their stylesheets only."""

import re
from html.parser import HTMLParser
from itertools import zip_longest

LINK = re.compile(rb"(<link\b[^>]*>)", re.IGNORECASE)


def new_stylesheets(old: bytes, new: bytes) -> list[dict[str, str]] | None:
    """The stylesheets that a page has instead of others, if nothing else about it is new."""
    found = []
    for one, other in zip_longest(LINK.split(old), LINK.split(new), fillvalue=b""):
        if one == other:
            continue
        was, now = stylesheet(one), stylesheet(other)
        if not was or not now or without_place(was) != without_place(now):
            return None
        found.append({"was": was["href"], "href": now["href"], "integrity": now.get("integrity", "")})
    return found


def stylesheet(tag: bytes) -> dict[str, str]:
    """The attributes of a link to a stylesheet; empty for anything else."""
    if not LINK.fullmatch(tag):
        return {}
    reader = LinkReader()
    reader.feed(tag.decode(errors="replace"))
    is_one = "stylesheet" in reader.attributes.get("rel", "").lower().split()
    return reader.attributes if is_one and reader.attributes.get("href") else {}


def without_place(attributes: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if name not in ("href", "integrity")}


class LinkReader(HTMLParser):
    """Read the attributes of one tag."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes = {name: value or "" for name, value in attrs}
