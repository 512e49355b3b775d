"""The languages of a site as `[languages]` in site.toml names them, the first being the default."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from sitebuilder.errors import Problem, SiteError
from sitebuilder.guesses import meant, perhaps
from sitebuilder.metadata import slug_of

NAME = "site.toml"
EVERY_PREFIX = "prefix_default"  # the default language too has its addresses below its prefix
KEYS = {
    "name": "a text", "prefix": "a part of an address, such as 'de'", "direction": "ltr or rtl",
    "site": "a table",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Language:
    """A language that a site's pages are written in."""

    code: str  # de, pt-br: as Django names it
    name: str  # in itself: Deutsch
    direction: str  # ltr or rtl
    prefix: str  # of its addresses: /de, or nothing
    site: dict[str, Any] = field(repr=False)  # what it says otherwise of [site] and [params]

    @property
    def home(self) -> str:
        """The address that its pages stand below."""
        return f"{self.prefix}/"


def read_languages(raw: dict[str, Any]) -> dict[str, Language]:
    """The languages by their codes, in their order; raises SiteError with all that is wrong with them."""
    table = dict(raw.get("languages", {}))
    every = table.pop(EVERY_PREFIX, False)
    problems = [] if isinstance(every, bool) else [unusable(EVERY_PREFIX, every, "true or false")]
    found: dict[str, Language] = {}
    for code, asked in table.items():
        options = {"name": asked} if isinstance(asked, str) else asked
        faults = list(faults_of(code, options))
        problems += faults
        if not faults:
            found[code] = language_of(code, options, "" if not (found or every) else code)
    problems += clashes(raw, found)
    if problems:
        raise SiteError(problems)
    return found


def direction_of(code: str) -> str:
    """Which way a language is written, as far as Django knows it."""
    return "rtl" if (known(code) or {}).get("bidi") else "ltr"


def spoken_code(language: str) -> str:
    """The code under which Django has the words of a language: zh-hans for zh-CN; empty if it knows none."""
    asked = language.lower().replace("_", "-")
    code = str((known(asked) or {}).get("code", ""))
    return asked if code and asked.startswith(code) else code  # of de-at, Django knows the formats too


def split_stem(languages: dict[str, Language], path: str) -> tuple[str, str]:
    """The name of a page's file without its ending, and its language: `about.de.md` is `about` in `de`.

    Raises SiteError for a language that Django knows and the site does not have.
    """
    stem = PurePosixPath(path).stem
    name, dot, code = stem.rpartition(".")
    if not (dot and name):
        return stem, next(iter(languages))
    if code in languages:
        return name, code
    if code.islower() and known(code):
        what = f"its name says that it is in {code!r}, which the site does not have"
        right = f"one of {', '.join(languages)}, a table [languages.{code}], or a name without .{code}"
        raise SiteError([Problem(what, path, 0, right)])
    return stem, next(iter(languages))


def known(code: str) -> dict[str, Any] | None:
    """What Django knows of a language, or of the one that it is a variant of."""
    from django.utils.translation import get_language_info  # noqa: PLC0415 - a build may end before Django is needed

    try:
        return dict(get_language_info(code))
    except KeyError:
        return None


def faults_of(code: str, options: Any) -> list[Problem]:
    if code != code.lower() or not known(code):
        return [Problem(f"languages.{code} is no language that Django knows", NAME, 0, right_code(code))]
    if not isinstance(options, dict):
        return [unusable(code, options, 'a name such as "Deutsch", or a table')]
    faults = [
        unusable(f"{code}.{key}", options[key], right)
        for key, right in KEYS.items()
        if key in options and not is_usable(key, options[key])
    ]
    strangers = options.keys() - KEYS.keys()
    return faults + [
        Problem(f"languages.{code}.{key} is no setting", NAME, 0, meant(key, KEYS, ", ".join(KEYS)))
        for key in sorted(strangers)
    ]


def is_usable(key: str, value: object) -> bool:
    if key == "site":
        return isinstance(value, dict)
    if not isinstance(value, str):
        return False
    if key == "direction":
        return value in ("ltr", "rtl")
    return key == "name" or value == "" or slug_of(value) == value


def right_code(code: str) -> str:
    from django.conf.locale import LANG_INFO  # noqa: PLC0415 - only for a message

    usual = code.lower().replace("_", "-")
    if usual in LANG_INFO:
        return perhaps([usual])
    return meant(usual, LANG_INFO, "a code such as de, pt-br or zh-hans", most=3, alike=0.5)


def language_of(code: str, options: dict[str, Any], prefix: str) -> Language:
    about = known(code) or {}
    prefix = options.get("prefix", prefix)
    return Language(
        code=code,
        name=options.get("name") or about.get("name_local", code),
        direction=options.get("direction") or direction_of(code),
        prefix=f"/{prefix}" if prefix else "",
        site=dict(options.get("site", {})),
    )


def clashes(raw: dict[str, Any], found: dict[str, Language]) -> list[Problem]:
    """Two languages below one prefix, and a `site.language` that is not the first."""
    problems = []
    prefixes: dict[str, str] = {}
    for code, language in found.items():
        other = prefixes.setdefault(language.prefix, code)
        if other != code:
            what = f"languages.{code} has its pages at {language.home}, as {other} has"
            problems.append(Problem(what, NAME, 0, "a prefix of its own"))
    asked = raw.get("site", {}).get("language")
    if found and asked is not None and asked != next(iter(found)):
        what = f"site.language is {asked!r}, and the first of [languages] is {next(iter(found))!r}"
        problems.append(Problem(what, NAME, 0, "no site.language, or the first of [languages]"))
    return problems


def unusable(name: str, value: object, right: str) -> Problem:
    return Problem(f"languages.{name} is {value!r}", NAME, 0, right)
