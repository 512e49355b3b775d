"""Publish to a branch of a git repository, such as one that a host of pages serves.

Only git's plumbing is used, with an index of its own: the work tree and the index of whoever works in the
repository are never touched. Each release is a commit that holds the built files and nothing else. A
rollback is one more commit with the old files, so that nobody who has fetched the branch must force it.

With a `remote` its branch is the truth: it is fetched first, and moved by a push without force.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sitebuilder.errors import Problem, SiteError
from sitebuilder.publishing import locking
from sitebuilder.publishing.files import Changes, Hashes, compare
from sitebuilder.publishing.programs import ProgramFailed, output
from sitebuilder.publishing.releases import Release, Switch, stamp
from sitebuilder.publishing.stages import Stage
from sitebuilder.publishing.targets import Step
from sitebuilder.settings import Site

COMMIT = re.compile(r"(?P<commit>\w+) (?P<tree>\w+) (?P<parent>\w*)\n(?P<message>.*?)\0", re.DOTALL)


@dataclass(frozen=True)
class Told:
    """What a commit of the branch says of itself."""

    commit: str
    tree: str
    parent: str
    facts: dict[str, str]  # the lines at the end of its message, as in `Release: 20261121T201500Z-3f2a9c`

    @property
    def release(self) -> str:
        return self.facts["Release"]

    @property
    def is_rollback(self) -> bool:
        return "Rolled-Back-From" in self.facts


class GitBranch:
    def __init__(self, site: Site, stage: Stage) -> None:
        stage.allow("repository", "branch", "remote")
        self.repository = site.folder / stage.text("repository", default=".")
        self.branch = stage.text("branch", right='a branch, such as "gh-pages"')
        self.remote = stage.text("remote", default="")
        self.where = f"branch {self.branch} of {self.remote or self.repository}"
        self.lock = site.state / f"publish-{stage.name}.lock"
        self.ref = f"refs/heads/{self.branch}"
        self.tip_ref = f"refs/sitebuilder/{self.branch}" if self.remote else self.ref
        self.has_fetched = False
        self.drafts: dict[str, str] = {}  # the tree of each release that is not live yet

    @contextmanager
    def locked(self, by: str) -> Iterator[None]:
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        with locking.held(self.lock, by=by, where=self.where):
            self._check_nobody_works_on_it()
            self.has_fetched = False
            yield

    def sweep(self) -> None:
        """Leave it to git: what a killed publisher wrote is collected by `git gc` in time."""

    def releases(self) -> list[Release]:
        told = [commit for commit in self._told() if not commit.is_rollback]
        return [self._release(commit, len(told) - place) for place, commit in enumerate(told)]

    def live(self) -> str:
        told = self._told(1)
        return told[0].release if told else ""

    def shown(self) -> Hashes:
        return self._hashes(self._tip())

    def put(self, release: Release, source: Path, shown: Hashes, step: Step) -> None:
        """Write the files as objects; nothing refers to them yet."""
        paths = list(release.files)
        given = "".join(f"{source.resolve() / path}\n" for path in paths).encode()
        blobs = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", given=given).split()
        step("files written")
        entries = "".join(f"100644 {blob}\t{path}\0" for blob, path in zip(blobs, paths, strict=True))
        with tempfile.TemporaryDirectory(prefix="sitebuilder-") as folder:
            index = {"GIT_INDEX_FILE": f"{folder}/index"}
            self._git("update-index", "-z", "--index-info", given=entries.encode(), env=index)
            self.drafts[release.id] = self._git("write-tree", env=index)
        step("tree written")
        if changed := compare(release.files, self._hashes(self.drafts[release.id])):
            again = "changed while it was being published; publish again"
            raise SiteError([Problem(again, file=str(source / (changed.changed + changed.removed)[0]))])

    def switch(self, release: Release, switch: Switch, step: Step) -> None:
        """Add a commit with the files of the release, and move the branch on to it."""
        tree = self.drafts.get(release.id) or self._tree_of(release.id)
        tip = self._tip()
        parents = ["-p", tip] if tip else []
        message = told_message(release, switch).encode()
        commit = self._git("commit-tree", tree, *parents, given=message, env=self._identity(switch.by))
        step("commit written")
        if self.remote:
            self._git("push", "--quiet", self.remote, f"{commit}:{self.ref}")
            step("pushed")
        self._git("update-ref", "-m", f"{switch.how} {release.id}", self.tip_ref, commit, tip)
        step("switched")

    def files_of(self, release: Release) -> Hashes:
        return self._blobs(self._tree_of(release.id))

    def prune(self, step: Step) -> None:
        """Keep all: the branch is the history."""

    def log(self) -> list[Switch]:
        told = self._told()
        return [
            Switch(
                was=before.release if before else "",
                now=commit.release,
                by=commit.facts["Published-By"],
                at=datetime.fromisoformat(commit.facts["Published-At"]),
                how="rollback" if commit.is_rollback else "publish",
            )
            for commit, before in reversed(list(zip(told, [*told[1:], None], strict=False)))
        ]

    def _git(self, *words: str, given: bytes = b"", env: dict[str, str] | None = None) -> str:
        asked = output(["git", "-C", str(self.repository), *words], given=given, env=env)
        return asked.decode(errors="replace").strip()

    def _check_nobody_works_on_it(self) -> None:
        """Refuse a branch that is checked out: its work tree would seem to undo the release."""
        if (
            f"branch {self.ref}" in self._git("worktree", "list", "--porcelain").splitlines()
            and not self.remote
        ):
            right = "a branch for the built site alone"
            raise SiteError([Problem(f"{self.branch} is checked out in {self.repository}", right=right)])

    def _fetch(self) -> None:
        """Learn where the remote's branch stands; it may not be there yet."""
        if self._git("ls-remote", self.remote, self.ref):
            self._git("fetch", "--quiet", "--no-tags", self.remote, f"+{self.ref}:{self.tip_ref}")
        self.has_fetched = True

    def _tip(self) -> str:
        if self.remote and not self.has_fetched:
            self._fetch()
        try:
            return self._git("rev-parse", "--verify", "--quiet", f"{self.tip_ref}^{{commit}}")
        except ProgramFailed:
            self._git("rev-parse", "--git-dir")  # says why, if this is no repository
            return ""

    def _told(self, most: int | None = None) -> list[Told]:
        """Return the releases and rollbacks of the branch, the newest first; others' commits are left out."""
        if not (tip := self._tip()):
            return []
        only = ["-n", str(most)] if most else []
        shape = "--format=tformat:%H %T %P%n%B%x00"
        listed = self._git("log", "--first-parent", *only, shape, tip)
        told = [
            Told(found["commit"], found["tree"], found["parent"], facts(found["message"]))
            for found in COMMIT.finditer(listed)
        ]
        return [commit for commit in told if "Release" in commit.facts]

    def _release(self, told: Told, number: int) -> Release:
        changes = self._changes(told)
        built = told.facts.get("Built-From", "").partition(" ")
        return Release(
            id=told.release,
            number=number,
            by=told.facts["Published-By"],
            at=datetime.fromisoformat(told.facts["Published-At"]),
            commit=built[0],
            dirty=bool(built[2]),
            pages=changes.of_pages(),
            others=changes.others(),
        )

    def _changes(self, told: Told) -> Changes:
        before = told.parent or self._git("hash-object", "-t", "tree", "--stdin")  # the empty tree
        named = self._git("diff-tree", "-r", "-z", "--no-renames", "--name-status", before, told.tree)
        words = named.split("\0")
        kinds: dict[str, list[str]] = {"A": [], "M": [], "D": []}
        for kind, path in zip(words[::2], words[1::2], strict=False):
            kinds.setdefault(kind, []).append(path)
        return Changes(tuple(kinds["A"]), tuple(kinds["M"]), tuple(kinds["D"]))

    def _tree_of(self, release: str) -> str:
        return next(commit.tree for commit in self._told() if commit.release == release)

    def _blobs(self, tree: str) -> dict[str, str]:
        listed = [entry for entry in self._git("ls-tree", "-r", "-z", tree).split("\0") if entry]
        return {path: kind.split()[2] for kind, _tab, path in (entry.partition("\t") for entry in listed)}

    def _hashes(self, tree: str) -> dict[str, str]:
        """Hash every file of a tree as the build's are: by its content alone."""
        blobs = self._blobs(tree) if tree else {}
        batch = "".join(f"{blob}\n" for blob in blobs.values()).encode()
        contents = split(output(["git", "-C", str(self.repository), "cat-file", "--batch"], given=batch))
        return {
            path: hashlib.sha256(content).hexdigest() for path, content in zip(blobs, contents, strict=True)
        }

    def _identity(self, by: str) -> dict[str, str]:
        """Name the committer where git has not been told who works here."""
        try:
            self._git("var", "GIT_COMMITTER_IDENT")
        except ProgramFailed:
            return {
                f"GIT_{role}_{kind}": by for role in ("AUTHOR", "COMMITTER") for kind in ("NAME", "EMAIL")
            }
        return {}


def split(batch: bytes) -> Iterator[bytes]:
    """Yield the contents in what `git cat-file --batch` prints: `ID blob SIZE`, the content, a line's end."""
    at = 0
    while at < len(batch):
        start = batch.index(b"\n", at) + 1
        size = int(batch[at:start].split()[2])
        yield batch[start : start + size]
        at = start + size + 1


def told_message(release: Release, switch: Switch) -> str:
    """Write the message of a commit; its last lines are what `releases` reads."""
    pages, going_back = release.pages, switch.how == "rollback"
    counted = f"{len(pages.added)} added, {len(pages.changed)} changed, {len(pages.removed)} removed"
    title = f"Roll back to {release.id}" if going_back else f"Publish {release.id}: pages {counted}"
    lines = [f"Release: {release.id}", f"Published-By: {switch.by}", f"Published-At: {stamp(switch.at)}"]
    if release.commit:
        lines.append(f"Built-From: {release.commit}{' with changes not committed' if release.dirty else ''}")
    if going_back:
        lines.append(f"Rolled-Back-From: {switch.was}")
    return "\n".join([title, "", *lines, ""])


def facts(message: str) -> dict[str, str]:
    last = message.strip().rpartition("\n\n")[2]
    return {key: value for key, found, value in (line.partition(": ") for line in last.splitlines()) if found}
