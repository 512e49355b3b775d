"""What is remembered of a release: who made it live, when, from which commit, and what changed."""

import getpass
import json
import os
import secrets
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sitebuilder.publishing.files import Changes, Hashes
from sitebuilder.publishing.programs import ProgramFailed, output
from sitebuilder.settings import Site


@dataclass(frozen=True)
class Release:
    id: str  # 20261121T201500Z-3f2a9c
    number: int  # one more than that of the release before; clocks may be set back
    by: str  # user@host
    at: datetime  # UTC
    commit: str = ""  # of the site's folder; empty outside git
    dirty: bool = False  # the folder held changes that were not committed
    pages: Changes = field(default_factory=Changes)
    others: int | None = (
        None  # other files that changed; unknown of releases that were made before it was kept
    )
    files: Hashes = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "release": self.id,
            "number": self.number,
            "by": self.by,
            "at": stamp(self.at),
            "commit": self.commit,
            "dirty": self.dirty,
            "pages": self.pages.to_json(),
            "others": self.others,
            "files": dict(self.files),
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        return cls(
            id=found["release"],
            number=found["number"],
            by=found["by"],
            at=datetime.fromisoformat(found["at"]),
            commit=found["commit"],
            dirty=found["dirty"],
            pages=Changes(**{kind: tuple(paths) for kind, paths in found["pages"].items()}),
            others=found.get("others"),
            files=found["files"],
        )

    def line(self) -> str:
        """Return the manifest: JSON on one line, so that many can be read from one stream."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":")) + "\n"


@dataclass(frozen=True)
class Switch:
    """One change of what is live; `was` is empty before the first release."""

    was: str
    now: str
    by: str
    at: datetime
    how: str  # publish or rollback

    def to_json(self) -> dict[str, str]:
        return {"was": self.was, "now": self.now, "by": self.by, "at": stamp(self.at), "how": self.how}

    @classmethod
    def from_json(cls, found: dict[str, str]) -> Self:
        return cls(found["was"], found["now"], found["by"], datetime.fromisoformat(found["at"]), found["how"])

    def line(self) -> str:
        return json.dumps(self.to_json(), ensure_ascii=False) + "\n"


def parsed(line: str) -> dict[str, str] | None:
    """Return one line of the log; none for one that was cut off when its writer died."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def that_happened(switches: list[Switch], live: str) -> list[Switch]:
    """Leave out what was announced but never done: a switch is logged just before it is made."""
    came_next = [*(switch.was for switch in switches[1:]), live]
    return [switch for switch, after in zip(switches, came_next, strict=False) if switch.now == after]


def new_release(site: Site, last: Release | None, changes: Changes, files: Hashes) -> Release:
    """Describe the release that is about to be made of `files`."""
    at = datetime.now(UTC).replace(microsecond=0)
    commit, dirty = commit_of(site)
    return Release(
        id=f"{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        number=last.number + 1 if last else 1,
        by=whoami(),
        at=at,
        commit=commit,
        dirty=dirty,
        pages=changes.of_pages(),
        others=changes.others(),
        files=files,
    )


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def whoami() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def commit_of(site: Site) -> tuple[str, bool]:
    """Return the commit of the site's folder and whether more than that was built; nothing outside git."""
    head = git_says(site.folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if not head:
        return "", False
    made = [f":(exclude){path}" for folder in (site.output, site.state) if (path := inside(folder, site))]
    return head, bool(git_says(site.folder, "status", "--porcelain", "--", ".", *made))


def inside(folder: Path, site: Site) -> str:
    return str(folder.relative_to(site.folder)) if folder.is_relative_to(site.folder) else ""


def git_says(folder: Path, *words: str) -> str:
    """Return what git prints, or nothing where there is no git or no repository."""
    try:
        return output(["git", "-C", str(folder), *words]).decode(errors="replace").strip()
    except ProgramFailed:
        return ""
