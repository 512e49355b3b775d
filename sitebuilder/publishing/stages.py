"""Read the stages of site.toml: where a site can be made live, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sitebuilder.errors import Problem, SiteError
from sitebuilder.guesses import meant
from sitebuilder.settings import Site

KEPT_RELEASES = 10
EXAMPLE = '[stage.production] with to = "folder" and path = "/srv/www/example"'


class UnknownStage(SiteError):
    """The words of the command name no stage of this site: a mistake of usage."""


@dataclass(frozen=True)
class Stage:
    name: str
    to: str
    keep: int  # releases
    table: Mapping[str, Any]

    def text(self, key: str, *, default: str | None = None, right: str = "a text") -> str:
        """Return one setting; without a default it must be there."""
        value = self.table.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.wrong(key, value, right)
        return value

    def number(self, key: str, *, default: int) -> int:
        return whole_number(self.name, self.table, key, default)

    def allow(self, *keys: str) -> None:
        """Refuse a setting that nothing reads: most likely it is misspelt."""
        known = sorted({"to", "keep", *keys})
        if unknown := sorted(self.table.keys() - set(known)):
            right = meant(unknown[0], known, f"one of {', '.join(known)}")
            raise wrong(self.name, f"`{unknown[0]}` is no setting of it", right)

    def wrong(self, key: str, value: object, right: str) -> SiteError:
        said = f"has no `{key}`" if value is None else f"`{key}` is {value!r}"
        return wrong(self.name, said, right)


def find_stage(site: Site, name: str | None) -> Stage:
    """Return the stage of that name, or the only one.

    Raises UnknownStage, which names those there are.
    """
    tables = site.raw.get("stage", {})
    if not isinstance(tables, dict) or not tables:
        raise UnknownStage([Problem("no stage to publish to", file="site.toml", right=EXAMPLE)])
    if name is None and len(tables) > 1:
        raise UnknownStage([Problem("a stage must be named", right=f"one of {', '.join(tables)}")])
    name = name or next(iter(tables))
    if name not in tables:
        right = meant(name, tables, f"one of {', '.join(tables)}")
        raise UnknownStage([Problem(f"there is no stage {name!r}", right=right)])
    return read_stage(name, tables[name])


def read_stage(name: str, table: object) -> Stage:
    if not isinstance(table, dict):
        raise wrong(name, f"is {table!r}", f"a table: {EXAMPLE}")
    to = table.get("to")
    if not isinstance(to, str):
        raise wrong(name, "does not say where `to`", "folder, git, rsync or s3")
    keep = whole_number(name, table, "keep", KEPT_RELEASES)
    return Stage(name=name, to=to, keep=keep, table=table)


def whole_number(stage: str, table: Mapping[str, Any], key: str, default: int) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise wrong(stage, f"`{key}` is {value!r}", "a whole number from 1")
    return value


def wrong(stage: str, what: str, right: str) -> SiteError:
    return SiteError([Problem(f"[stage.{stage}] {what}", file="site.toml", right=right)])
