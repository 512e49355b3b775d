"""Publish to a folder of releases on this machine, where the link `current` names the live one.

    releases/20261121T201500Z-3f2a9c/       the files; those that did not change are hard links
    releases/20261121T201500Z-3f2a9c.json   its manifest, beside it: nothing of it is ever served
    current -> releases/20261121T201500Z-3f2a9c
    publish.log, publish.lock

The files come to their place by one rename, and become live by another. Only what was live gets its
manifest, and is a release. Names that begin with a dot are drafts and remains, and the next publisher
removes them.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sitebuilder.errors import Problem, SiteError
from sitebuilder.publishing import durably, locking
from sitebuilder.publishing.files import Hashes, scan
from sitebuilder.publishing.releases import Release, Switch, parsed, that_happened
from sitebuilder.publishing.stages import Stage
from sitebuilder.publishing.targets import Step
from sitebuilder.settings import Site

BLOCK = 1 << 20  # bytes


class Folder:
    def __init__(self, site: Site, stage: Stage) -> None:
        stage.allow("path")
        self.root = site.folder / stage.text("path", right='a folder, such as "/srv/www/example"')
        self.where = str(self.root)
        self.keep = stage.keep
        self.folder = self.root / "releases"
        self.link = self.root / "current"

    @contextmanager
    def locked(self, by: str) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._check_link()
        with self._lock(by):
            self._admit(self.live())
            yield

    def sweep(self) -> None:
        for never_live in self.folder.glob(".*.json"):
            self._forget(never_live.stem.removeprefix("."))
        for left in [*self.folder.glob(".*"), *self.root.glob(".current*")]:
            remove(left)
        for manifest in self.folder.glob("*.json"):
            if not manifest.with_suffix("").is_dir():
                manifest.unlink()

    def releases(self) -> list[Release]:
        manifests = [path for path in self.folder.glob("[!.]*.json") if path.with_suffix("").is_dir()]
        manifests += self.folder.glob(f".{self.live()}.json")  # its publisher died just after the switch
        found = [Release.from_json(json.loads(path.read_bytes())) for path in manifests]
        return sorted(found, key=lambda release: release.number, reverse=True)

    def live(self) -> str:
        try:
            return self.link.readlink().name
        except FileNotFoundError:
            return ""

    def shown(self) -> Hashes:
        """Hash the live files themselves: a manifest cannot know what somebody edited in place."""
        return scan(self.link.resolve()) if self.link.exists() else {}

    def put(self, release: Release, source: Path, shown: Hashes, step: Step) -> None:
        draft, final = self.folder / f".{release.id}", self.folder / release.id
        try:
            self._fill(draft, release, source, shown, step)
            durably.write(self._draft_of_manifest(release.id), release.line())
            step("manifest written")
            draft.rename(final)
            durably.settle(self.folder)
            step("files in place")
        except BaseException:
            self._forget(release.id)
            raise

    def switch(self, release: Release, switch: Switch, step: Step) -> None:
        """Announce the switch in the log, then make it by one rename."""
        draft = self.root / ".current"
        try:
            durably.append(self.root / "publish.log", switch.line())
            step("switch logged")
            remove(draft)
            draft.symlink_to(Path("releases", release.id))
            step("link drafted")
            draft.replace(self.link)
        except BaseException:
            remove(draft)
            if switch.how == "publish":
                self._forget(release.id)
            raise
        durably.settle(self.root)
        step("switched")
        with suppress(OSError):  # it is live; the next publisher counts it
            self._admit(release.id)

    def files_of(self, release: Release) -> Hashes:
        return release.files

    def prune(self, step: Step) -> None:
        live = self.live()
        for release in self.releases()[self.keep :]:
            if release.id != live:
                self._forget(release.id)
                step(f"pruned {release.id}")

    def log(self) -> list[Switch]:
        path = self.root / "publish.log"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        switches = [Switch.from_json(found) for line in lines if (found := parsed(line))]
        return that_happened(switches, self.live())

    def _check_link(self) -> None:
        if self.link.exists() and not self.link.is_symlink():
            right = "the link that a publish makes: move this folder away first"
            raise SiteError([Problem("this is no link", file=str(self.link), right=right)])

    def _lock(self, by: str) -> AbstractContextManager[None]:
        return locking.held(self.root / "publish.lock", by=by, where=self.where)

    def _manifest(self, release: str) -> Path:
        return self.folder / f"{release}.json"

    def _draft_of_manifest(self, release: str) -> Path:
        return self.folder / f".{release}.json"

    def _admit(self, live: str) -> None:
        """Count the live release among the releases, also if its publisher died before."""
        draft = self._draft_of_manifest(live)
        if draft.exists():
            draft.replace(self._manifest(live))
            durably.settle(self.folder)

    def _fill(self, draft: Path, release: Release, source: Path, shown: Hashes, step: Step) -> None:
        live = self.link.resolve()
        draft.mkdir()
        written = {draft}
        step("draft made")
        for path, hashed in release.files.items():
            new = draft / path
            if new.parent not in written:
                new.parent.mkdir(parents=True, exist_ok=True)
                written.update(parent for parent in new.parents if parent.is_relative_to(draft))
            if shown.get(path) == hashed:
                link_or_copy(live / path, new, hashed)
            else:
                copy(source / path, new, hashed)
            written.add(new)
            step(f"wrote {path}")
        durably.settle_all(written)
        step("files written")

    def _forget(self, release: str) -> None:
        """Remove a release, or what there is of it; its name goes first, so that it is never half there."""
        final, remains = self.folder / release, self.folder / f".{release}"
        if final.exists():
            final.rename(remains)
        for manifest in (self._manifest(release), self._draft_of_manifest(release)):
            manifest.unlink(missing_ok=True)
        remove(remains)


def link_or_copy(old: Path, new: Path, hashed: str) -> None:
    try:
        os.link(old, new)
    except OSError:  # a file system without links, or a file with as many as it may have
        copy(old, new, hashed)


def copy(source: Path, new: Path, hashed: str) -> None:
    """Write what `source` holds.

    Raises SiteError if that is no longer what was hashed: somebody builds at the same time.
    """
    found = hashlib.sha256()
    with source.open("rb") as old, new.open("wb") as file:
        while block := old.read(BLOCK):
            found.update(block)
            file.write(block)
    if found.hexdigest() != hashed:
        raise SiteError([Problem("changed while it was being published; publish again", file=str(source))])


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
