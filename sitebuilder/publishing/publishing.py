"""The verbs of this room: publish, roll back, compare.

Whatever goes wrong before the switch, the live release stays as it was; after it, the new one is whole.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sitebuilder.errors import Problem, SiteError
from sitebuilder.publishing.files import Changes, compare, scan
from sitebuilder.publishing.releases import Release, Switch, new_release, whoami
from sitebuilder.publishing.targets import Step, Target
from sitebuilder.settings import Site

Checks = Callable[[Site], list[Problem]]


@dataclass(frozen=True)
class Outcome:
    release: Release  # the one that is live now
    was: str  # the id of the one that was live before; empty where there was none
    changes: Changes
    left: str = ""  # why old releases could not be removed

    @property
    def switched(self) -> bool:
        return self.was != self.release.id


def nothing_to_check(_site: Site) -> list[Problem]:
    return []


def unheard(_step: str) -> None:
    """Let a step go by."""


def publish(
    site: Site, target: Target, *, checks: Checks = nothing_to_check, step: Step = unheard
) -> Outcome:
    """Make what was built live.

    Raises SiteError if the checks find a problem, if another publishes, or if the target fails.
    """
    files = built(site)
    refuse(checks(site))
    with told_plainly(target.where), target.locked(whoami()):
        step("locked")
        target.sweep()
        step("swept")
        shown, was = target.shown(), target.live()
        changes = compare(shown, files)
        releases = target.releases()
        live = next((release for release in releases if release.id == was), None)
        if live is None or changes:
            live = new_release(site, releases[0] if releases else None, changes, files)
            target.put(live, site.output, shown, step)
            target.switch(live, Switch(was, live.id, live.by, live.at, "publish"), step)
        return Outcome(live, was, changes, left=prune(target, step))


def roll_back(target: Target, wanted: str | None = None, *, step: Step = unheard) -> Outcome:
    """Make a release live that was so before: `wanted`, or the one before the live one.

    `wanted` is an id or its beginning or end. Going forward again is the same with a newer release.
    """
    with told_plainly(target.where), target.locked(whoami()):
        was, releases = target.live(), target.releases()
        release = choose(releases, was, wanted)
        live = next((found for found in releases if found.id == was), None)
        changes = compare(target.files_of(live) if live else {}, target.files_of(release))
        if release.id != was:
            at = datetime.now(UTC).replace(microsecond=0)
            target.switch(release, Switch(was, release.id, whoami(), at, "rollback"), step)
        return Outcome(release, was, changes)


def difference(site: Site, target: Target) -> Changes:
    """Say what a publish of what was built would change."""
    with told_plainly(target.where):
        return compare(target.shown(), built(site))


def built(site: Site) -> dict[str, str]:
    files = scan(site.output) if site.output.is_dir() else {}
    if not files:
        right = "a built site: run `python -m sitebuilder build` first"
        raise SiteError([Problem("there is nothing to publish", file=str(site.output), right=right)])
    return files


def refuse(problems: list[Problem]) -> None:
    if problems:
        raise SiteError(problems)


def prune(target: Target, step: Step) -> str:
    """Remove old releases; return why that failed, since the new one is live all the same."""
    try:
        target.prune(step)
    except OSError as error:
        return str(error)
    return ""


def choose(releases: list[Release], live: str, wanted: str | None) -> Release:
    """Find the release to go to; `releases` stand newest first."""
    if wanted is None:
        return before(releases, live)
    found = [release for release in releases if release.id.startswith(wanted) or release.id.endswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not releases:
        right = "`python -m sitebuilder publish` before it"
        raise SiteError([Problem(f"no release called {wanted!r}: nothing was published yet", right=right)])
    said = "no release" if not found else f"{len(found)} releases"
    ids = ", ".join(release.id for release in found or releases)
    raise SiteError([Problem(f"{said} called {wanted!r}", right=f"one of {ids}")])


def before(releases: list[Release], live: str) -> Release:
    ids = [release.id for release in releases]
    older = releases[ids.index(live) + 1 :] if live in ids else releases
    if not older:
        raise SiteError([Problem("there is no release before the live one to go back to")])
    return older[0]


@contextmanager
def told_plainly(where: str) -> Iterator[None]:
    """Say what the system refused, and that nothing has changed."""
    try:
        yield
    except OSError as error:
        file = f" ({error.filename})" if error.filename else ""
        what = f"{error.strerror or error}{file}; what was live stays live"
        raise SiteError([Problem(what, file=where)]) from error
