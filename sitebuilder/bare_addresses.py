"""Make links of addresses that stand bare in a text, as GitHub's Markdown does.

https://github.github.com/gfm/#autolinks-extension-
"""

import re

SCHEMES = ("http://", "https://", "ftp://", "www.")
# A set of letters in front is searched fastest.
WEB = r"[hfwHFW](?<![\w/@.+=-].)(?i:ttps?://|tp://|ww\.)(?:[^\s<&]|&amp;)+"
MAIL = r"(?<![\w/@.+=-])[A-Za-z0-9._+-]+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+"
WEB_ADDRESS = re.compile(WEB)
ADDRESS = re.compile(f"{WEB}|{MAIL}")
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")
MARKS = "?!.,:*_~'\""


def may_hold_address(text: str) -> bool:
    """Say, a hundred times faster than the search itself, whether it can find anything."""
    return "://" in text or "@" in text or "www." in text or "WWW." in text


def linked(text: str) -> str:
    """Return escaped HTML `text` with its bare addresses as links."""
    search = ADDRESS if "@" in text else WEB_ADDRESS
    return search.sub(lambda match: _link(match[0]), text)


def _link(address: str) -> str:
    is_web = address[:8].lower().startswith(SCHEMES)
    shown = _without_trailing_marks(address) if is_web else address
    prefix = _prefix_of_web(shown) if is_web else _prefix_of_mail(shown)
    if prefix is None:
        return address
    target = (prefix + shown).replace('"', "%22")
    return f'<a href="{target}">{shown}</a>{address[len(shown) :]}'


def _prefix_of_web(shown: str) -> str | None:
    """Return what must stand before an address to make it whole, or None where the host is none."""
    has_scheme = shown[0] not in "wW"
    host = HOST.match(shown, shown.index("//") + 2 if has_scheme else 0)
    if host is None or any("_" in part for part in host[0].split(".")[-2:]):
        return None
    if has_scheme:
        return ""
    return "http://" if len(host[0]) > len("www.") else None


def _prefix_of_mail(shown: str) -> str | None:
    return None if shown[-1] in "-_" or "@" not in shown else "mailto:"


def _without_trailing_marks(address: str) -> str:
    """Leave a sentence its punctuation: `(see https://example.org/a_(b)).` links to `https://example.org/a_(b)`."""
    while address:
        if address[-1] in MARKS or (address[-1] == ")" and address.count(")") > address.count("(")):
            address = address[:-1]
        else:
            break
    return address
