"""Template tags for the browser's modules."""

import json
from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from board.assets import first_modules
from board.assets import import_map as read_import_map

register = template.Library()


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    """Print the import map, admitted by the page's CSP nonce."""
    text = json.dumps(read_import_map()).replace("<", "\\u003c")
    nonce = context["request"].csp_nonce
    script = '<script type="importmap" nonce="{}">{}</script>'
    return format_html(script, nonce, mark_safe(text))  # noqa: S308 - JSON, and no "<" in it


@register.simple_tag
def module_preloads(*entries: str) -> SafeString:
    """Print a preload for all that these modules need at first, so that none waits for who imports it."""
    return _preloads(first_modules(*entries))


@register.simple_tag
def later_preloads(entry: str, *, after: str) -> SafeString:
    """Print a preload for all that this module needs and another has not asked for."""
    known = set(first_modules(after))
    return _preloads(address for address in first_modules(entry) if address not in known)


def _preloads(addresses: Iterable[str]) -> SafeString:
    integrity = read_import_map().get("integrity", {})
    rows = ((address, integrity.get(address, "")) for address in addresses)
    return format_html_join("\n", '<link rel="modulepreload" href="{}" integrity="{}">', rows)
