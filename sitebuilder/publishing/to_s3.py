"""Publish to a bucket of an S3-compatible store.

    index.html, about/index.html ...        what visitors get
    .releases/state.json                    what is live, who publishes, every switch
    .releases/20261121T201500Z-3f2a9c.json  the manifest of a release
    .releases/content/SHA-256               the content of all kept releases, each once

S3 cannot switch many objects at once. So what is new is uploaded first; then the objects that differ are
copied to their places within the store, pages last; then the state names the release; and what is no
longer part of it is removed. A publisher that dies among the copies leaves a mixture: the state then says
that nothing is live, and the next publish or rollback makes it whole.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sitebuilder.errors import Problem, SiteError
from sitebuilder.publishing import locking
from sitebuilder.publishing.files import Hashes, compare, hash_file, is_page
from sitebuilder.publishing.releases import Release, Switch
from sitebuilder.publishing.s3_objects import Changed, Missing, Objects
from sitebuilder.publishing.stages import Stage
from sitebuilder.publishing.targets import Step
from sitebuilder.settings import Site

AT_ONCE = 8  # requests
LONGEST_PUBLISH = timedelta(minutes=15)  # after which a publisher on another machine counts as dead
MANIFEST = re.compile(r"/\d{8}T\d{6}Z-[0-9a-f]{6}\.json$")
NEVER_CACHED = {"ContentType": "application/json", "CacheControl": "no-store"}


@dataclass
class State:
    live: str = ""
    torn: bool = False  # what visitors get may not be what `live` says
    held: str = ""  # who publishes now, as `locking.claim` writes it
    releases: list[str] = field(default_factory=list)  # ids, the oldest first
    switches: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, text: bytes) -> Self:
        return cls(**json.loads(text))


class Bucket:
    def __init__(self, site: Site, stage: Stage) -> None:
        stage.allow("bucket", "prefix", "endpoint", "region")
        prefix = stage.text("prefix", default="").strip("/")
        self.prefix = f"{prefix}/" if prefix else ""
        self.own = f"{self.prefix}.releases/"
        self.objects = Objects(stage)
        self.where = f"s3://{self.objects.bucket}/{self.prefix}"
        self.keep = stage.keep
        self.lock = site.state / f"publish-{stage.name}.lock"
        self.etag = ""  # of the state as it was read or written last

    @contextmanager
    def locked(self, by: str) -> Iterator[None]:
        """Hold a lock on this machine, and a claim in the bucket against the others."""
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        with locking.held(self.lock, by=by, where=self.where):
            state = self._state()
            if is_held_elsewhere(state.held, by):
                raise locking.Busy(state.held, self.where)
            state.held = locking.claim(by)
            self._save(state)
            try:
                yield
            finally:
                state = self._state()
                state.held = ""
                self._save(state)

    def sweep(self) -> None:
        """Finish what a publisher left that died after its release was live."""
        state = self._state()
        if state.torn and state.live:
            files = self._manifest(state.live).files
            self._end(state, [path for path in self._visible() if path not in files])

    def releases(self) -> list[Release]:
        return [self._manifest(release) for release in reversed(self._state().releases)]

    def live(self) -> str:
        return self._state().live

    def shown(self) -> Hashes:
        state = self._state()
        if state.torn:
            return {path: self._hash(path) for path in self._visible()}
        return self._manifest(state.live).files if state.live else {}

    def put(self, release: Release, source: Path, shown: Hashes, step: Step) -> None:
        """Upload the contents that no release has yet, and the manifest."""
        if own := [path for path in release.files if path.startswith(".releases/")]:
            raise SiteError([Problem(f"{own[0]} stands where the releases are kept", right="another name")])
        there = set(self.objects.keys(f"{self.own}content/"))
        new = {hashed: path for path, hashed in release.files.items() if self._content(hashed) not in there}
        for path in at_once(lambda item: self._upload(source / item[1], item[0]), new.items()):
            step(f"uploaded {path}")
        self.objects.write(self._manifest_key(release.id), release.line().encode(), **NEVER_CACHED)
        step("manifest written")

    def switch(self, release: Release, switch: Switch, step: Step) -> None:
        files, state = self._manifest(release.id).files, self._state()
        changes = compare(self.shown(), files)
        state.live, state.torn = "", True
        self._save(state)
        step("torn")
        self._show([path for path in changes.added + changes.changed if not is_page(path)], files, step)
        self._show([path for path in changes.added + changes.changed if is_page(path)], files, step)
        state.live = release.id
        state.releases += [] if release.id in state.releases else [release.id]
        state.switches.append(switch.to_json())
        self._save(state)
        step("switched")
        self._end(state, changes.removed)
        step("ended")

    def files_of(self, release: Release) -> Hashes:
        return release.files

    def prune(self, step: Step) -> None:
        """Remove old releases, and every content and manifest that no kept release needs."""
        state = self._state()
        wanted = {state.live, *state.releases[-self.keep :]}
        if not wanted.issuperset(state.releases):
            state.releases = [release for release in state.releases if release in wanted]
            self._save(state)
            step("forgotten")
        kept = self.releases()
        needed = {self._content(hashed) for release in kept for hashed in release.files.values()}
        needed |= {self._manifest_key(release.id) for release in kept} | {f"{self.own}state.json"}
        self.objects.delete([key for key in self.objects.keys(self.own) if key not in needed])
        step("pruned")

    def log(self) -> list[Switch]:
        return [Switch.from_json(found) for found in self._state().switches]

    def _state(self) -> State:
        try:
            text, self.etag = self.objects.read(f"{self.own}state.json")
        except Missing:
            self.etag = ""
            return State()
        return State.read(text)

    def _save(self, state: State) -> None:
        """Write the state, unless another publisher wrote it since we read it."""
        unchanged = {"IfMatch": self.etag} if self.etag else {"IfNoneMatch": "*"}
        text = json.dumps(asdict(state)).encode()
        try:
            self.etag = self.objects.write(f"{self.own}state.json", text, **NEVER_CACHED, **unchanged)
        except Changed:
            raise locking.Busy("", self.where) from None

    def _manifest(self, release: str) -> Release:
        return Release.from_json(json.loads(self.objects.read(self._manifest_key(release))[0]))

    def _manifest_key(self, release: str) -> str:
        return f"{self.own}{release}.json"

    def _content(self, hashed: str) -> str:
        return f"{self.own}content/{hashed}"

    def _visible(self) -> list[str]:
        """List what visitors get of any release; whatever else the bucket holds is none of our business."""
        own = [key for key in self.objects.keys(self.own) if MANIFEST.search(key)]
        manifests = [Release.from_json(json.loads(self.objects.read(key)[0])) for key in own]
        ours = {self.prefix + path for release in manifests for path in release.files}
        return [key.removeprefix(self.prefix) for key in self.objects.keys(self.prefix) if key in ours]

    def _hash(self, path: str) -> str:
        return hashlib.sha256(self.objects.read(self.prefix + path)[0]).hexdigest()

    def _upload(self, file: Path, hashed: str) -> str:
        with file.open("rb") as content:
            self.objects.write(self._content(hashed), content)
        if hash_file(file) != hashed:
            self.objects.delete([self._content(hashed)])
            raise SiteError([Problem("changed while it was being published; publish again", file=str(file))])
        return file.name

    def _show(self, paths: list[str], files: Hashes, step: Step) -> None:
        def copy(path: str) -> str:
            self.objects.copy(self._content(files[path]), self.prefix + path)
            return path

        for path in at_once(copy, paths):
            step(f"shown {path}")

    def _end(self, state: State, removed: Iterable[str]) -> None:
        """Remove what is no longer part of the live release; then all is as the state says."""
        self.objects.delete(self.prefix + path for path in removed)
        state.torn = False
        self._save(state)


def at_once(work: Callable[[Any], str], items: Iterable[Any]) -> Iterator[str]:
    """Yield what `work` returns of each item, AT_ONCE at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(work, items)


def is_held_elsewhere(held: str, by: str) -> bool:
    """Say whether a publisher of another machine, or another person, may still be at work.

    Our own earlier claims are dead: we hold the lock of this machine.
    """
    if not held or (found := json.loads(held))["by"] == by:
        return False
    return bool(datetime.now(UTC) - datetime.fromisoformat(found["since"]) < LONGEST_PUBLISH)
