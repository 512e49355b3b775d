"""Read `site.toml`: each value typed, with an error that names the key, the value and what would be right."""

import datetime
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from sitebuilder.errors import wrong
from sitebuilder.known_settings import check_output, checked
from sitebuilder.registered import is_in_project

if TYPE_CHECKING:
    from sitebuilder.languages import Language

NAME = "site.toml"
T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """A site's folder and what its `site.toml` says."""

    folder: Path
    name: str
    url: str  # https://example.org, without a slash at the end
    language: str  # the default one, where there are several
    output: Path
    state: Path  # what the builder remembers between builds
    addresses: str  # "folder" for /about/, "flat" for /about.html
    raw: dict[str, Any] = field(repr=False)
    drafts: bool = False
    workers: int = 0  # as many as there are processors
    in_project: bool = False  # whether views of a Django project are part of it

    def table(self, *names: str) -> dict[str, Any]:
        """The table of these names in site.toml, or an empty one."""
        found: Any = self.raw
        for name in names:
            found = found.get(name, {})
            if not isinstance(found, dict):
                raise unusable(".".join(names), found, "a table")
        return dict(found)

    @cached_property
    def languages(self) -> "dict[str, Language]":
        """The languages of `[languages]`, the default one first; none, if the site does not name them."""
        if not self.table("languages"):
            return {}
        from sitebuilder.languages import read_languages  # noqa: PLC0415 - it asks Django

        return read_languages(self.raw)

    @cached_property
    def spoken(self) -> list[str]:
        """The languages that the words of layouts and dates are in, as Django names them.

        They are those of `[languages]`, or that of the site; none, where that is English.
        A project speaks as its own settings say.
        """
        if self.languages:
            return list(self.languages)
        if self.in_project or self.language[:2].lower() == "en":
            return []
        from sitebuilder.languages import spoken_code  # noqa: PLC0415 - it asks Django

        return [code] if (code := spoken_code(self.language)) else []

    @cached_property
    def timezone(self) -> str:
        """The name of the time zone that dates are told in, and are of where they name none."""
        if not self.in_project:
            return value(self.table("site"), "site.timezone", str, "UTC")
        from django.conf import settings  # noqa: PLC0415 - of the project, which tells dates by its own

        return str(settings.TIME_ZONE or "UTC")

    @cached_property
    def zone(self) -> datetime.tzinfo:
        if self.timezone == "UTC":
            return datetime.UTC
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - most sites name none

        return ZoneInfo(self.timezone)

    @cached_property
    def words(self) -> dict[str, dict[str, Any]]:
        """What `site` says in a template, by language: [site] and [params], and a language's own [site]."""
        known = {"name": self.name, "url": self.url, "language": self.language}
        known |= self.table("site") | self.table("params")
        if not self.languages:
            return {self.language: known}
        return {code: known | each.site | {"language": code} for code, each in self.languages.items()}

    def prefix(self, language: str) -> str:
        """What the addresses of a language begin with: `/de`, or nothing."""
        return self.languages[language].prefix if self.languages else ""


def read_site(folder: Path, *, drafts: bool = False, workers: int = 0) -> Site:
    """Read the site in a folder; raises SiteError where there is none, or where it cannot be used."""
    folder = folder.resolve()
    raw = read_toml(folder)
    site, build = table(raw, "site"), table(raw, "build")
    output = folder / value(build, "build.output", str, "out")
    check_output(folder, output)
    return Site(
        folder=folder,
        name=value(site, "site.name", str, folder.name),
        url=address(value(site, "site.url", str, "http://localhost:8003")),
        language=value(site, "site.language", str, default_language(raw)),
        output=output,
        state=folder / ".sitebuilder",
        addresses=one_of(build, "build.addresses", ("folder", "flat")),
        drafts=drafts,
        workers=workers or value(build, "build.workers", int, 0),
        raw=raw,
        in_project=is_in_project(),
    )


def read_toml(folder: Path) -> dict[str, Any]:
    try:
        text = (folder / NAME).read_text(encoding="utf-8-sig")
        return checked(tomllib.loads(text), text, NAME)
    except FileNotFoundError:
        hint = "a site's folder; `python -m sitebuilder new FOLDER` makes one"
        raise wrong(f"there is no {NAME} in {folder}", right=hint) from None
    except (OSError, UnicodeDecodeError) as error:
        raise wrong(f"it cannot be read: {error}", NAME) from None
    except tomllib.TOMLDecodeError as error:
        raise wrong(str(error), NAME, right="TOML, such as name = 'Example'") from None


def default_language(raw: dict[str, Any]) -> str:
    """The first of [languages]; what else is wrong with them is told when they are needed."""
    tables = (code for code, asked in table(raw, "languages").items() if not isinstance(asked, bool))
    return next(tables, "en")


def table(raw: dict[str, Any], name: str) -> dict[str, Any]:
    return value(raw, name, dict, {})


def value(raw: dict[str, Any], name: str, kind: type[T], default: T) -> T:
    """The value at the last part of a dotted name, if it is of this kind."""
    found = raw.get(name.rpartition(".")[2], default)
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        kinds = {str: "a text", int: "a whole number", bool: "true or false", dict: "a table", list: "a list"}
        raise unusable(name, found, kinds[kind])
    return found


def one_of(raw: dict[str, Any], name: str, choices: tuple[str, ...]) -> str:
    found = value(raw, name, str, choices[0])
    if found not in choices:
        raise unusable(name, found, " or ".join(choices))
    return found


def address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise unusable("site.url", url, "an address such as https://example.org")
    return url.rstrip("/")


def unusable(name: str, found: object, right: str) -> Exception:
    return wrong(f"{name} is {found!r}", NAME, right=right)
