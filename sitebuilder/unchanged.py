"""Find that nothing has changed since the last build, before anything else is loaded.

Python starts in 12 ms, and what a build loads takes 60 more: a plain `build` with nothing to do ends here.
"""

import marshal
import os
import sys
import zlib
from functools import cache
from time import perf_counter

from sitebuilder.walking import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

SEEN = "seen"  # small, and all that it takes to find that nothing has changed
MARKER = "building"  # a file that is there while a build writes; after a crash it still is
PROJECT = "project"  # a file that is there if the site has pages of the views of a Django project
LIBRARIES = (
    "django", "django_compressor", "minify_html", "orjson", "pillow", "polib", "pygments", "pyromark",
    "pyyaml", "rcssmin", "rjsmin",
)  # fmt: skip
SOURCES = (".py", ".html", ".css", ".js", ".po")  # of the builder itself
HEAD_BYTES = 4  # the checksum of what follows


def tell_if_unchanged(words: list[str]) -> bool:
    """Say of a plain `build` that there was nothing to do; False where that is not so, or not sure."""
    start = perf_counter()
    match words:
        case ["build"]:
            folder = "."
        case ["build", "--site", folder] | ["--site", folder, "build"]:
            pass
        case _:
            return False
    total = outputs_if_unchanged(folder)
    if total is None:
        return False
    sys.stdout.write(summary(total, 0, 0, perf_counter() - start))
    return True


def summary(total: int, written: int, removed: int, seconds: float, would: str = "", proven: str = "") -> str:
    return f"{total} files, {written} {would}written, {removed} {would}removed, in {seconds:.2f} s{proven}\n"


def outputs_if_unchanged(folder: str) -> int | None:
    """How many outputs the site has, if sources, output and builder are as the last build left them."""
    state = f"{folder}/.sitebuilder"
    seen = read_seen(f"{state}/{SEEN}")
    if seen is None or any(os.path.exists(f"{state}/{name}") for name in (MARKER, PROJECT)):
        return None
    code, drafts, due, output, total, files, written = seen
    if drafts or due or code != code_in_words():
        return None
    troubles: list[str] = []
    found = walk(folder, lambda *trouble: troubles.extend(trouble))
    stamps = ((path, (about.st_mtime_ns, about.st_size, about.st_ino)) for path, about in found)
    try:
        is_same = is_as_seen(stamps, files) and is_intact(f"{folder}/{output}", written)
    except OSError:
        return None
    return total if is_same and not troubles else None


def is_as_seen(
    stamps: "Iterable[tuple[str, tuple[int, ...]]]", seen: "Mapping[str, tuple[int, int, int, str]]"
) -> bool:
    """Whether a site has the same files, each with the same time, size and inode."""
    count = 0
    for path, stamp in stamps:
        if path not in seen or seen[path][:3] != stamp:
            return False
        count += 1
    return count == len(seen)


def is_intact(output: str, written: dict[str, tuple[int, int]]) -> bool:
    """Whether every file of the output is as the last build left it."""
    root, stat = f"{output}/", os.stat
    try:
        for path, stamp in written.items():
            about = stat(root + path)
            if (about.st_mtime_ns, about.st_size) != stamp:
                return False
    except OSError:
        return False
    return True


def read_seen(path: str) -> "tuple[Any, ...] | None":
    """What `seen_as_bytes` gave, or None where it is not whole."""
    try:
        with open(path, "rb", buffering=0) as file:
            content = file.read()
    except OSError:
        return None
    body = memoryview(content)[HEAD_BYTES:]
    if zlib.crc32(body).to_bytes(HEAD_BYTES, "big") != content[:HEAD_BYTES]:
        return None
    record: tuple[Any, ...] = marshal.loads(body)  # noqa: S302 - our own file, and whole
    return record


def seen_as_bytes(record: "tuple[Any, ...]") -> bytes:
    body = marshal.dumps(record)
    return zlib.crc32(body).to_bytes(HEAD_BYTES, "big") + body


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


def library_versions() -> list[str]:
    """`pyyaml-6.0.3.dist-info` and its like; importlib.metadata takes ten times as long."""
    found = []
    for folder in sys.path:
        if os.path.isdir(folder):
            names = (name.lower() for name in os.listdir(folder) if name.endswith(".dist-info"))
            found += [name for name in names if name.partition("-")[0] in LIBRARIES]
    return sorted(found)
