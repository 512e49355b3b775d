"""Say which addresses the registered views have, each with what tells whether its page is as it was."""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import orjson
from django.conf import settings
from django.conf.urls.i18n import is_language_prefix_patterns_used
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import translation

from sitebuilder.errors import Problem, SiteError, wrong
from sitebuilder.project.naming import right_name, right_parameters
from sitebuilder.registered import Registered, registered
from sitebuilder.scanning import digest
from sitebuilder.settings import Site

KEY_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


@dataclass(frozen=True, slots=True)
class Address:
    """A page of a view of the project."""

    url: str  # /products/red/
    path: str  # of its file: products/red/index.html
    name: str  # of its url: product-detail
    shown: str  # product-detail slug='red'
    language: str  # that it is asked for in
    key: str  # empty: what its view reads cannot be known


def addresses(site: Site) -> list[Address]:
    """Every page of every registered view, in the order of addresses; raises SiteError with all faults."""
    if not site.in_project:
        return []
    found, problems = list[Address](), list[Problem]()
    for entry in registered.values():
        try:
            found += of_view(site, entry)
        except SiteError as error:
            problems += error.problems
    if problems:
        raise SiteError(problems)
    return sorted(found, key=lambda address: (address.url, address.shown))


def of_view(site: Site, entry: Registered) -> Iterator[Address]:
    for item in items_of(entry):
        args, kwargs, beside = apart(entry, item)
        shown = " ".join(
            [entry.name, *map(repr, args), *(f"{name}={what!r}" for name, what in kwargs.items())]
        )
        key = key_of(entry, shown, args, kwargs, beside)
        seen = set()
        for language in languages_of(site):
            with translation.override(language):
                url = url_of(entry, shown, args, kwargs)
            if url not in seen:
                seen.add(url)
                yield Address(url, path_of(entry, shown, url), entry.name, shown, language, key)


def items_of(entry: Registered) -> list[Any]:
    if entry.parameters is None:
        return [()]
    try:
        return list(entry.parameters())
    except Exception as error:  # the project's own code, and its database
        what = f"the parameters of {entry.name} cannot be had: {type(error).__name__}: {error}"
        raise wrong(what, entry.file, entry.line) from error


def apart(entry: Registered, item: Any) -> tuple[tuple[Any, ...], dict[str, Any], object]:
    """The parameters of an address by place and by name, and the key that is given beside them."""
    beside: object = None
    if isinstance(item, Mapping):
        named = dict(item)
        if isinstance(entry.key, str):
            if entry.key not in named:
                what = f"the parameters of {entry.name} have no {entry.key!r}, which is to be the key"
                raise wrong(what, entry.file, entry.line, f"one of {', '.join(map(str, named))}")
            beside = named.pop(entry.key)
        return (), named, beside
    if isinstance(entry.key, str):
        what = f"the key of {entry.name} is named {entry.key!r}, and the parameters have no names"
        raise wrong(what, entry.file, entry.line, "mappings, as Model.objects.values() gives")
    return (tuple(item) if isinstance(item, (tuple, list)) else (item,)), {}, beside


def key_of(entry: Registered, shown: str, args: Iterable[Any], kwargs: dict[str, Any], beside: object) -> str:
    if entry.key is None:
        return ""
    try:
        value = beside if isinstance(entry.key, str) else entry.key(*args, **kwargs)
    except Exception as error:  # the project's own code
        what = f"the key of {shown} cannot be had: {type(error).__name__}: {error}"
        raise wrong(what, entry.file, entry.line) from error
    try:
        return digest(orjson.dumps(value, default=plain, option=KEY_OPTIONS))
    except TypeError as error:
        what, right = f"the key of {shown} is {value!r}", "text, numbers, dates, or lists or dicts of them"
        raise wrong(what, entry.file, entry.line, right) from error


def plain(value: object) -> object:
    """What JSON has no word for and yet always reads the same."""
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, value))
    if isinstance(value, (Decimal, uuid.UUID, datetime.timedelta, bytes)):
        return repr(value)
    raise TypeError(type(value).__name__)


def languages_of(site: Site) -> list[str]:
    """The languages that an address differs in: with i18n_patterns all of the project that the site has."""
    is_used, _ = is_language_prefix_patterns_used(settings.ROOT_URLCONF)
    if not is_used:
        return [settings.LANGUAGE_CODE]
    return [code for code, _ in settings.LANGUAGES if not site.languages or code in site.languages]


def url_of(entry: Registered, shown: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    try:
        return reverse(entry.name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        takes = right_parameters(entry.name)
        if takes:
            raise wrong(f"no url fits {shown}", entry.file, entry.line, f"what it takes: {takes}") from None
        what = f"no url has the name {entry.name!r}"
        raise wrong(what, entry.file, entry.line, right_name(entry.name)) from None


def path_of(entry: Registered, shown: str, url: str) -> str:
    """The file of an address, by its end: a slash, or an extension."""
    path = unquote(url.removeprefix(get_script_prefix().rstrip("/")))
    parts = path[1:].removesuffix("/").split("/")
    if path != "/" and ({"", ".", ".."} & {*parts} or "\0" in path or "\\" in path):
        raise wrong(f"the address of {shown} is {url}", entry.file, entry.line, "one that can be a file's")
    if path.endswith("/"):
        return f"{path[1:]}index.html"
    if not PurePosixPath(path).suffix:
        what = f"the address of {shown} is {url}, which is no file's name"
        raise wrong(what, entry.file, entry.line, f"a slash at its end, or an extension as in {url}.html")
    return path[1:]
