"""The language and the time zone that dates are told in, asked for once an output: Django takes long to say.

Only three tags of a template can change them in between, and these say so.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.template import Context, Template
from django.template.base import Node
from django.templatetags.i18n import LanguageNode
from django.templatetags.tz import LocalTimeNode, TimezoneNode
from django.utils import timezone
from django.utils.translation import get_language


class Locality(NamedTuple):
    language: str
    zone: datetime.tzinfo


_settled: list[Locality | None] = [None]
_use_tz: list[bool | None] = [None]


def locality() -> Locality:
    return _settled[-1] or Locality(get_language(), timezone.get_current_timezone())


def use_tz() -> bool | None:
    """Whether dates are told in the zone, or each in its own, where a template says so."""
    return _use_tz[-1]


@contextmanager
def settled(here: Locality | None) -> Iterator[None]:
    """Let nothing change it inside; None: let it be asked for each time."""
    _settled.append(here)
    try:
        yield
    finally:
        _settled.pop()


class OtherZone(TimezoneNode):
    """`{% timezone %}`."""

    def render(self, context: Context) -> Any:
        with settled(None):
            return super().render(context)


class OtherLanguage(LanguageNode):
    """`{% language %}`."""

    def render(self, context: Context) -> Any:
        with settled(None):
            return super().render(context)


class LocalTime(LocalTimeNode):
    """`{% localtime off %}`."""

    def render(self, context: Context) -> Any:
        _use_tz.append(self.use_tz)
        try:
            return super().render(context)
        finally:
            _use_tz.pop()


CHANGING: dict[type[Node], type[Node]] = {
    TimezoneNode: OtherZone,
    LanguageNode: OtherLanguage,
    LocalTimeNode: LocalTime,
}


def mark_changes(template: Template) -> None:
    """Let the tags of a template say when they change it: a parser makes nodes of Django's classes only."""
    for kind, ours in CHANGING.items():
        for node in template.nodelist.get_nodes_by_type(kind):
            node.__class__ = ours
