"""The tags and filters that every template of a site has."""

import datetime
import json
from typing import Any

from django import template
from django.template.defaultfilters import date
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]

from sitebuilder.linking import page_address
from sitebuilder.locality import locality, use_tz
from sitebuilder.metadata import slug_of
from sitebuilder.reads import read
from sitebuilder.rendering import current
from sitebuilder.views import safe

register = template.Library()


@register.filter
def get(mapping: Any, name: Any) -> Any:
    """The value at a name that a template cannot spell: `data.people|get:page.author`."""
    return mapping[name]


@register.filter
def slug(text: str) -> str:
    return slug_of(str(text))


@register.filter(name="date")
def as_date(value: Any, form: str | None = None) -> Any:
    """Django's own filter, remembered."""
    if type(value) is not datetime.datetime or use_tz() is not None:  # `|utc` returns one of its own class
        return date(template_localtime(value, use_tz()), form)
    return current().dates.told(value, form, locality())


@register.filter(name="json")
def as_json(value: Any) -> SafeString:
    """A value as JSON that may stand in a script element."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


@register.simple_tag
def link(source: str) -> str:
    """The address of a page by its file, such as `posts/first.md`; an error if there is none.

    The file of the default language leads to the language of the page that links, if it is in it.
    """
    return page_address(current().library, source, current().language)


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file of static/, with a hash of its content, so that it may be kept for ever."""
    return current().asset(str.__str__(name))  # paths refuse Django's safe strings, which str() leaves safe


@register.simple_tag
def absolute(url: str) -> str:
    """An address of this site with its scheme and host."""
    read("settings")
    return current().site.url + url
