"""The words of a site in each of its languages: `locale/de/LC_MESSAGES/django.po` on top of Django's own.

A catalogue is read as it was written; no compiled `.mo` is needed, and one that is there is not looked at.
"""

import gettext
import re
from collections.abc import Iterable
from copy import copy
from functools import cache
from io import BytesIO
from pathlib import Path

import polib
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import to_locale, trans_real

from sitebuilder.errors import SiteError, wrong
from sitebuilder.reads import read
from sitebuilder.settings import Site


class Catalogue(gettext.NullTranslations):
    """The words of a language: the site's, else the builder's, Django's, or the default language's.

    It notes that the site's file was asked, also where there is none yet.
    """

    def __init__(self, language: str, file: str, fallbacks: Iterable[gettext.NullTranslations]) -> None:
        super().__init__()
        self._language, self._file = language, file
        for each in fallbacks:
            self.add_fallback(each)

    def gettext(self, message: str) -> str:
        read("file", self._file)
        return super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        read("file", self._file)
        return super().ngettext(msgid1, msgid2, n)

    def to_language(self) -> str:
        """The code that Django asks the active translation for."""
        return self._language


def install_catalogues(site: Site) -> None:
    """Let Django find the site's words; raises SiteError for a catalogue that is none."""
    if not settings.USE_I18N:
        right = "True, for a site with [languages]"
        raise wrong("USE_I18N is False in the settings of the project", right=right)
    if not apps.ready:
        apps.populate(settings.INSTALLED_APPS)
    installed = vars(trans_real)["_translations"]  # where Django keeps them, and its own autoreload empties
    made: dict[str, Catalogue] = {}
    for code in site.spoken:
        file = file_of(code)
        default = [made[site.spoken[0]]] if made and not code.startswith("en") else []  # as Django does
        own = [*read_catalogue(site.folder, file), *(copy(each) for each in builders(code))]
        made[code] = Catalogue(code, file, [*own, djangos(code), *default])
    installed.update(made)
    translation.deactivate()


def file_of(code: str) -> str:
    return f"locale/{to_locale(code)}/LC_MESSAGES/django.po"


@cache
def builders(code: str) -> list[gettext.GNUTranslations]:
    """What the builder says for usual words of layouts; of a variant, also what its language has."""
    codes = dict.fromkeys((code, code.partition("-")[0]))
    return [each for name in codes for each in read_catalogue(Path(__file__).parent, file_of(name))]


def djangos(language: str) -> gettext.NullTranslations:
    """What Django and the apps of a project say in a language, and nothing that they fall back to."""
    alone = copy(loaded(language))
    vars(alone)["_fallback"] = None
    return alone


@cache
def loaded(language: str) -> trans_real.DjangoTranslation:
    return trans_real.DjangoTranslation(language)


def read_catalogue(folder: Path, file: str) -> list[gettext.GNUTranslations]:
    """What a file says; nothing, if there is no such file."""
    try:
        text = (folder / file).read_bytes().decode()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise wrong(f"it cannot be read: {error}", file, right="a catalogue of gettext, in UTF-8") from None
    try:
        catalogue = polib.pofile(f"{text}\n")
        catalogue.metadata["Content-Type"] = "text/plain; charset=UTF-8"
        return [gettext.GNUTranslations(BytesIO(catalogue.to_binary()))]
    except (OSError, ValueError) as error:  # the plural rule is judged by gettext
        raise unreadable(file, text, error) from None


def unreadable(file: str, text: str, error: Exception) -> SiteError:
    found = re.search(r"\(line (\d+)\):?\s*(.*)", str(error))
    if found:
        what = f"the catalogue is broken: {found[2] or 'what stands here is no part of one'}"
        return wrong(what, file, int(found[1]), 'lines such as msgid "Older" and msgstr "Älter"')
    line = text.count("\n", 0, max(text.find("Plural-Forms"), 0)) + 1
    return wrong(f"the catalogue is broken: {error}", file, line, "nplurals=2; plural=(n != 1);")
