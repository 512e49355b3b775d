"""The tags and filters that every template of a site has."""

import datetime
import json
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.dateformat import DateFormat, re_escaped, re_formatchars
from django.utils.formats import get_format
from django.utils.safestring import SafeString
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]

from sitebuilder.linking import page_address
from sitebuilder.locality import locality
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
    """Django's own filter, remembered: the same few dates stand in many lists."""
    here = locality()
    if type(value) is datetime.datetime and here.use_tz is None:  # `|utc` returns one of its own class
        return spelled(value, form, here.language, here.zone)
    return date(template_localtime(value, here.use_tz), form)


@lru_cache(maxsize=32768)  # two forms of the dates of 16,000 pages
def spelled(value: datetime.datetime, form: str | None, language: str, zone: datetime.tzinfo) -> str:
    is_converted = settings.USE_TZ and timezone.is_aware(value)
    shown = DateFormat(timezone.localtime(value, zone) if is_converted else value)
    return "".join(
        str(getattr(shown, text)()) if is_letter else text for is_letter, text in parts(form, language)
    )


@lru_cache
def parts(form: str | None, language: str) -> list[tuple[bool, str]]:
    """The letters of a form, such as Y or F, and what stands between them."""
    pieces = re_formatchars.split(str(get_format(form or "DATE_FORMAT")))
    return [(i % 2 == 1, piece if i % 2 else re_escaped.sub(r"\1", piece)) for i, piece in enumerate(pieces)]


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
