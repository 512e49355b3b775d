"""Find that nothing has changed since the last build, before anything else is loaded.

Python starts in 12 ms, and what a build loads takes 60 more: a plain `build` with nothing to do ends here,
and any other goes on from what was seen here.
"""

import marshal
import os
import sys
from functools import cache
from time import time
from zlib import crc32

from sitebuilder.collecting import without_collecting
from sitebuilder.forking import answer_of, started
from sitebuilder.journal import Journal, apply
from sitebuilder.walking import found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sitebuilder.forking import Child

SEEN = "seen"  # a journal of how builds found a site and left its output
MARKER = "building"  # a file that is there while a build writes; after a crash it still is
PROJECT = "project"  # a file that is there if the site has pages of the views of a Django project
ALONE_BELOW = 5_000  # files and folders of the output: to ask for the times of fewer is done before a fork
LIBRARIES = (
    "django", "django_compressor", "minify_html", "orjson", "pillow", "polib", "pygments", "pyromark",
    "pyyaml", "rcssmin", "rjsmin", "tzdata",
)  # fmt: skip
SOURCES = (".py", ".html", ".css", ".js", ".po")  # of the builder itself


class Seen:
    """How the last build found its sources and left its output; nothing, where there is none to go by."""

    def __init__(self, state: str) -> None:
        """Read what is kept in a folder, unless a build did not end there, or other code made it."""
        self.at = 0.0  # when the build began, in seconds since 1970
        self.drafts = False
        self.in_project = False
        self.due = ""  # when the next page that waits for its date is to be published, in UTC
        self.timezone = ""  # that dates without one are of
        self.output = ""  # its folder, from the site's
        self.total = 0  # outputs
        self.files: dict[str, tuple[int, int, int, str]] = {}  # time, size, inode and digest
        self.written: dict[str, tuple[int, int]] = {}  # time and size of each file in the output
        self.folders: dict[str, tuple[int, int]] = {}  # and of each folder: what others put there is noticed
        self.stamp = is_at_work, _ = stamp_of(state)
        self.journal = Journal() if is_at_work else Journal(f"{state}/{SEEN}", seed())
        for body in self.journal.bodies:
            told, *changes = marshal.loads(body)  # noqa: S302 - our own file, and whole
            vars(self).update(told)
            parts: tuple[dict[str, Any], ...] = self.files, self.written, self.folders
            for change, part in zip(changes, parts, strict=True):
                apply(change, part)


class Look:
    """The files of a site and of its output as they are, beside what the last build saw."""

    @without_collecting()
    def __init__(self, folder: str, state: str) -> None:
        """Raises OSError where there is no site."""
        self.state = state
        self.seen = seen = Seen(state)
        self.troubles: list[tuple[str, str, str]] = []  # what, where, and what would be right
        output, left = f"{folder}/{seen.output}", [*seen.written.items(), *seen.folders.items()]
        is_shared = len(left) >= ALONE_BELOW and hasattr(os, "fork")
        other = left[: (len(left) + len(seen.files)) // 2] if is_shared else []  # half of all there is to ask
        child = self.asked(output, other) if other else None
        try:
            self.files = found(folder, lambda *trouble: self.troubles.append(trouble))
            self.touched = touched(output, left[len(other) :])  # files and folders of the output
        finally:
            answer, code = answer_of(child) if child else (b"", 1)
        self.touched |= touched(output, other) if code else marshal.loads(answer)  # noqa: S302 - our own child

    @staticmethod
    def asked(output: str, left: "list[tuple[str, tuple[int, int]]]") -> "Child | None":
        """A process that looks at these meanwhile; none where the system has no room for one."""
        try:
            return started(lambda pipe: marshal.dump(touched(output, left), pipe))
        except OSError:
            return None

    def is_overtaken(self) -> bool:
        """Whether another build has begun or ended since."""
        return stamp_of(self.state) != self.seen.stamp

    def is_done(self) -> bool:
        """Whether a plain build has nothing to do; False where it takes more than a look to be sure."""
        seen, project = self.seen, f"{self.state}/{PROJECT}"
        is_usual = not (seen.drafts or seen.due or seen.in_project or "SOURCE_DATE_EPOCH" in os.environ)
        return is_usual and time() >= seen.at and self.is_as_left() and not os.path.exists(project)

    def is_as_left(self) -> bool:
        """Whether sources, output and builder are as the last build left them; no file is read for it."""
        if not self.seen.journal.ends or self.troubles or self.touched:
            return False
        files = self.seen.files
        if len(self.files) != len(files):
            return False
        return all(path in files and files[path][:3] == stamp for path, stamp in self.files.items())


def stamp_of(state: str) -> tuple[bool, tuple[int, int, int] | None]:
    """Whether a build is at work, or crashed, and the time, size and inode of what the last one left."""
    try:
        about = os.stat(f"{state}/{SEEN}")
    except OSError:
        times = None
    else:
        times = about.st_mtime_ns, about.st_size, about.st_ino
    return os.path.exists(f"{state}/{MARKER}"), times


def first_look(words: list[str]) -> Look | None:
    """The look at a site that a plain `build` begins with; none for other commands, and where no site is."""
    match words:
        case ["build"]:
            folder = "."
        case ["build", "--site", folder] | ["--site", folder, "build"]:
            pass
        case _:
            return None
    try:
        return Look(folder, f"{folder}/.sitebuilder")
    except OSError:
        return None


def summary(total: int, written: int, removed: int, seconds: float, would: str = "", proven: str = "") -> str:
    return f"{total} files, {written} {would}written, {removed} {would}removed, in {seconds:.2f} s{proven}\n"


def touched(output: str, left: "Iterable[tuple[str, tuple[int, int]]]") -> set[str]:
    """The files and folders of the output, of these, that are not as the last build left them."""
    root, stat, other = f"{output}/", os.stat, set()
    for path, stamp in left:
        try:
            about = stat(root + path)
        except OSError:
            other.add(path)
        else:
            if (about.st_mtime_ns, about.st_size) != stamp:
                other.add(path)
    return other


@cache
def code_in_words() -> str:
    """All that tells the builder's own code, Python, and the libraries whose output ends up in a site."""
    package = os.path.dirname(__file__)
    own = []
    for folder, _, names in os.walk(package):
        for name in names:
            if name.endswith(SOURCES):
                about = os.stat(f"{folder}/{name}")
                own.append((f"{folder}/{name}".removeprefix(package), about.st_mtime_ns, about.st_size))
    return repr((sorted(own), library_versions(), sys.version))


def seed() -> int:
    """What the checksums of journals begin with: those of other code are not taken for whole."""
    return crc32(code_in_words().encode())


def library_versions() -> list[str]:
    """`pyyaml-6.0.3.dist-info` and its like; importlib.metadata takes ten times as long."""
    found = []
    for folder in sys.path:
        if os.path.isdir(folder):
            names = (name.lower() for name in os.listdir(folder) if name.endswith(".dist-info"))
            found += [name for name in names if name.partition("-")[0] in LIBRARIES]
    return sorted(found)
