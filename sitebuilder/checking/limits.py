"""Read the table [check] of site.toml."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from sitebuilder.errors import wrong
from sitebuilder.guesses import meant
from sitebuilder.settings import NAME, Site, unusable, value

PAGE_KB = 256  # KB of 1,000 bytes, as a file manager counts them
IMAGE_KB = 512
SETTINGS = ("page_kb", "image_kb", "ignore")


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
    table = site.table("check")
    for name in table.keys() - set(SETTINGS):
        right = meant(name, SETTINGS, f"one of {', '.join(SETTINGS)}")
        raise wrong(f"check.{name} is no setting", NAME, right=right)
    ignore = value(table, "check.ignore", list, [])
    if not all(isinstance(pattern, str) for pattern in ignore):
        raise unusable("check.ignore", ignore, 'a list of texts, such as ["google*.html"]')
    return Limits(
        _kilobytes(table, "page_kb", PAGE_KB), _kilobytes(table, "image_kb", IMAGE_KB), tuple(ignore)
    )


def _kilobytes(table: dict[str, Any], name: str, default: int) -> int:
    found = value(table, f"check.{name}", int, default)
    if found < 1:
        raise unusable(f"check.{name}", found, "a whole number of KB, at least 1")
    return found
