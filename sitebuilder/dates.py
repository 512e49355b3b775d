"""Tell dates as Django does, and remember how: the same few stand in many lists."""

import datetime
from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import DateFormat, re_escaped, re_formatchars
from django.utils.formats import get_format

from sitebuilder.locality import Locality
from sitebuilder.reads import read_again, recorded

MOST = 32768  # two forms of the dates of 16,000 pages


class Dates:
    """How dates were told with the settings and the catalogues of one renderer."""

    def __init__(self) -> None:
        self._spelled = lru_cache(maxsize=MOST)(self._spell)
        self._parts = lru_cache(self._part)
        self._names: dict[frozenset[str], frozenset[str]] = {}  # as most dates read the same, one set of each

    def told(self, moment: datetime.datetime, form: str | None, here: Locality) -> str:
        """A moment in the form of the filter `date`; what is read for it counts each time."""
        text, names = self._spelled(moment, moment.tzinfo, form, here.language, here.zone)
        if names:
            read_again(names)
        return text

    def _spell(
        self,
        moment: datetime.datetime,
        _: datetime.tzinfo | None,  # moments are equal that have others, and without USE_TZ are told in them
        form: str | None,
        language: str,
        zone: datetime.tzinfo,
    ) -> tuple[str, frozenset[str]]:
        is_converted = settings.USE_TZ and timezone.is_aware(moment)
        shown = DateFormat(timezone.localtime(moment, zone) if is_converted else moment)
        with recorded() as names:
            text = "".join(
                str(getattr(shown, text)()) if is_letter else text
                for is_letter, text in self._parts(form, language)
            )
        read = frozenset(names)
        return text, self._names.setdefault(read, read)

    def _part(self, form: str | None, _: str) -> list[tuple[bool, str]]:
        """The letters of a form, such as Y or F, and what stands between them; in a language."""
        pieces = re_formatchars.split(str(get_format(form or "DATE_FORMAT")))
        return [
            (i % 2 == 1, piece if i % 2 else re_escaped.sub(r"\1", piece)) for i, piece in enumerate(pieces)
        ]
