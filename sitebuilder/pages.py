"""A page as templates and lists see it: its address, its title and what else it says of itself."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from pathlib import PurePosixPath
from sys import intern
from typing import Any, Self
from urllib.parse import unquote

from sitebuilder.errors import Problem, SiteError, wrong
from sitebuilder.known_keys import OURS
from sitebuilder.languages import split_stem
from sitebuilder.metadata import Source, date_of, dated, is_nameless, slug_of, stem_of
from sitebuilder.scanning import digest
from sitebuilder.settings import Site

SUMMARY_CHARACTERS = 240
ALIAS = re.compile(r"/[^?#\\\0-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of a page before anything is rendered; equal pages are listed alike."""

    source: str  # pages/posts/first.md
    url: str  # /posts/first/
    output: str  # posts/first/index.html
    section: str  # posts; empty at the top
    language: str
    title: str
    description: str
    summary: str
    date: datetime.datetime | None
    updated: datetime.datetime | None
    tags: tuple[str, ...]
    draft: bool
    weight: int
    layout: str
    aliases: tuple[str, ...]
    paginate: int  # pages of a list; 0: all on one
    is_index: bool
    name: str  # pages/posts/first: what its translations share; empty in a site of one language
    extra: dict[str, Any] = field(default_factory=dict)

    def record(self) -> tuple[Any, ...]:
        """What is kept between builds: the fields, in their order."""
        record: tuple[Any, ...] = _fields_of(self)
        return record

    @classmethod
    def of_record(cls, record: tuple[Any, ...]) -> Self:
        return cls(*record)

    def digest(self) -> str:
        """A name for all that a list can show of it."""
        return digest(repr(self.record()).encode())

    def __getattr__(self, name: str) -> Any:
        """What a template asks for beyond the fields: a key of the front matter."""
        extra = object.__getattribute__(self, "extra")
        if name in extra:
            return extra[name]
        raise AttributeError(name)

    def __dir__(self) -> list[str]:
        return [*_NAMES, *self.extra]


_NAMES = [each.name for each in fields(Page)]
_fields_of = attrgetter(*_NAMES)


def page_of(site: Site, source: Source) -> Page:
    """Make a page of its file; raises SiteError for what it says wrongly."""
    matter, path = source.matter, PurePosixPath(source.path).relative_to("pages")
    whole, language = spoken(site, source)
    day, stem = dated(whole)
    is_index = stem in ("index", "_index")
    place = [slug_of(part) for part in path.parent.parts]
    parts = place if is_index else [*place, slug_of(asked_slug(source) or stem)]
    url, output = where(site, parts, language, is_index=is_index)
    return Page(
        source=source.path,
        url=url,
        output=output,
        section=intern("/".join(place)),
        language=intern(language),
        title=str(matter.get("title") or heading_of(source) or stem.replace("-", " ").capitalize()),
        description=str(matter.get("description", "")),
        summary=str(matter.get("summary") or matter.get("description") or first_words_of(source)),
        date=date_of(source, "date", site.zone, day),
        updated=date_of(source, "updated", site.zone),
        tags=tuple(intern(checked_tag(source, str(tag))) for tag in matter.get("tags", ())),
        draft=bool(matter.get("draft", False)),
        weight=int(matter.get("weight", 0)),
        layout=str(matter.get("layout", "")),
        aliases=tuple(checked_alias(source, alias) for alias in matter.get("aliases", ())),
        paginate=int(matter.get("paginate", 0)),
        is_index=is_index,
        name=f"pages/{path.with_name('index' if is_index else whole)}" if site.languages else "",
        extra={name: value for name, value in matter.items() if name not in OURS},
    )


def spoken(site: Site, source: Source) -> tuple[str, str]:
    """The name of a page's file without its ending, and the page's language."""
    asked = str(source.matter.get("lang") or "")
    if not site.languages:
        return stem_of(source.path), asked or site.language
    stem, language = split_stem(site.languages, source.path)
    if asked and asked != language:
        right = f"a file named {stem}.{asked}{PurePosixPath(source.path).suffix}, or no lang"
        what = f"lang is {asked!r}, and the file's name says {language!r}"
        raise wrong(what, source.path, source.line_of("lang"), right)
    return stem, language


def where(site: Site, parts: list[str], language: str, *, is_index: bool) -> tuple[str, str]:
    """The address of a page, and its file in the output."""
    prefix = site.prefix(language)
    if parts == ["404"] and not is_index:  # that of the default language is the one that hosts look for
        url = "/404.html" if language == site.language else f"{prefix}/404.html"
        return url, url.lstrip("/")
    path = "/".join([*prefix.split("/")[1:], *parts])
    if is_index or not parts:
        return (f"/{path}/" if path else "/"), (f"{path}/index.html" if path else "index.html")
    if site.addresses == "flat":
        return f"/{path}.html", f"{path}.html"
    return f"/{path}/", f"{path}/index.html"


def asked_slug(source: Source) -> str:
    """The slug that a page asks for, or nothing; folders and dots would lead elsewhere than it says."""
    slug = str(source.matter.get("slug") or "")
    if slug and ("/" in slug or is_nameless(slug)):
        right = "one part of an address with a letter or a digit, such as first-post"
        raise wrong(f"slug is {slug!r}", source.path, source.line_of("slug"), right)
    return slug


def checked_tag(source: Source, tag: str) -> str:
    """A tag that can have an address of its own."""
    if is_nameless(tag):
        what, line = f"the tag {tag!r} leaves nothing for its address", source.line_of("tags", tag)
        raise wrong(what, source.path, line, "a letter or a digit in it")
    return tag


def checked_alias(source: Source, alias: object) -> str:
    """An address that browsers ask for as it is: they resolve dots, also those that are written `%2e`."""
    if isinstance(alias, str) and ALIAS.fullmatch(alias):
        parts = unquote(alias)[1:].removesuffix("/").split("/")
        if alias == "/" or {"", ".", ".."}.isdisjoint(parts):
            return alias
    line = source.line_of("aliases", str(alias))
    raise wrong(f"the alias is {alias!r}", source.path, line, "an address of this site such as /old/")


def heading_of(source: Source) -> str:
    if not source.is_markdown:
        return ""
    from sitebuilder.plain_text import title_of  # noqa: PLC0415 - most pages say their titles themselves

    return title_of(source.body)


def first_words_of(source: Source) -> str:
    if not source.is_markdown:
        return ""
    from sitebuilder.plain_text import summary_of  # noqa: PLC0415 - as above

    return shortened(summary_of(source.body))


def shortened(text: str) -> str:
    if len(text) <= SUMMARY_CHARACTERS:
        return text
    return text[:SUMMARY_CHARACTERS].rsplit(" ", 1)[0].rstrip(",.;:") + " …"


def check_addresses(pages: Iterable[Page]) -> None:
    """Refuse two pages that would be one file, and two that would be one page's translation."""
    seen: dict[str, str] = {}
    names: dict[tuple[str, str], str] = {}
    problems = []
    for page in pages:
        other = seen.setdefault(page.output, page.source)
        twin = names.setdefault((page.name, page.language), page.source) if page.name else page.source
        if other != page.source:
            what = f"its address {page.url} is also that of {other}"
            problems.append(Problem(what, page.source, 1, "another slug, or another name of the file"))
        elif twin != page.source:
            what = f"it says the same in {page.language!r} as {twin}"
            problems.append(Problem(what, page.source, 1, "one page a language, or another name of the file"))
    if problems:
        raise SiteError(problems)
