"""What every place that a site can be published to knows how to do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from sitebuilder.guesses import meant
from sitebuilder.publishing.files import Hashes
from sitebuilder.publishing.releases import Release, Switch
from sitebuilder.publishing.stages import Stage, wrong
from sitebuilder.settings import Site

Step = Callable[[str], None]  # told the name of each step that was taken
MODULES = {"folder": "Folder", "git": "GitBranch", "rsync": "Remote", "s3": "Bucket"}


class Target(Protocol):
    where: str  # for people: the folder, the host, the bucket

    def locked(self, by: str) -> AbstractContextManager[None]:
        """Keep every other publisher out, or raise SiteError that says who is in since when."""

    def sweep(self) -> None:
        """Remove what a killed publisher left behind."""

    def releases(self) -> list[Release]:
        """Return all that can be made live, the newest first."""

    def live(self) -> str:
        """Return the id of the live release; empty where there is none."""

    def shown(self) -> Hashes:
        """Return what visitors get now."""

    def put(self, release: Release, source: Path, shown: Hashes, step: Step) -> None:
        """Bring the files of `source` there beside the live release, of `shown`, or leave no trace."""

    def switch(self, release: Release, switch: Switch, step: Step) -> None:
        """Make a release live that is there."""

    def files_of(self, release: Release) -> Hashes:
        """Return what a release holds, by hashes that are compared only with each other."""

    def prune(self, step: Step) -> None:
        """Remove the oldest releases beyond those to keep; never the live one."""

    def log(self) -> list[Switch]:
        """Return every switch that happened, the oldest first."""


def open_target(site: Site, stage: Stage) -> Target:
    """Return the target of this stage; its module, and the library behind it, are loaded only here."""
    if stage.to not in MODULES:
        right = meant(stage.to, MODULES, f"one of {', '.join(MODULES)}")
        raise wrong(stage.name, f"`to` is {stage.to!r}", right)
    module = import_module(f"sitebuilder.publishing.to_{stage.to}")
    return cast("Target", getattr(module, MODULES[stage.to])(site, stage))
