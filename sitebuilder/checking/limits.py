"""Read the table [check] of site.toml."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from sitebuilder.errors import Problem, SiteError
from sitebuilder.settings import Site

PAGE_KB = 256  # KB of 1,000 bytes, as a file manager counts them
IMAGE_KB = 512


@dataclass(frozen=True, slots=True)
class Limits:
    """How large things may be, and what is not to be checked.

    `ignore` holds patterns, such as `google*.html`, of built files and of addresses that are links.
    """

    page_kb: int = PAGE_KB
    image_kb: int = IMAGE_KB
    ignore: tuple[str, ...] = ()

    def ignores(self, name: str) -> bool:
        """Say whether a file or an address is left alone."""
        return any(fnmatchcase(name, pattern) for pattern in self.ignore)


def read_limits(site: Site) -> Limits:
    """Return the site's limits. Raises SiteError for a value that cannot be one."""
    table = site.raw.get("check", {})
    problems = [*_wrong_keys(table), *_wrong_values(table)]
    if problems:
        raise SiteError(problems)
    return Limits(
        page_kb=table.get("page_kb", PAGE_KB),
        image_kb=table.get("image_kb", IMAGE_KB),
        ignore=tuple(table.get("ignore", ())),
    )


def _wrong_keys(table: dict[str, Any]) -> list[Problem]:
    known = ("page_kb", "image_kb", "ignore")
    return [
        Problem(f"check.{key} is no setting", "site.toml", right=f"one of {', '.join(known)}")
        for key in table
        if key not in known
    ]


def _wrong_values(table: dict[str, Any]) -> list[Problem]:
    problems = []
    for key in ("page_kb", "image_kb"):
        value = table.get(key, 1)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            problems.append(Problem(f"check.{key} is {value!r}", "site.toml", right="a whole number of KB"))
    ignore = table.get("ignore", [])
    if not isinstance(ignore, list) or not all(isinstance(pattern, str) for pattern in ignore):
        problems.append(
            Problem(f"check.ignore is {ignore!r}", "site.toml", right='a list such as ["google*.html"]')
        )
    return problems
