"""Remember a build: the files that it saw, what each output read, and what the output was."""

import os
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from sitebuilder.scanning import Stamp, digest, stamp_of
from sitebuilder.settings import Site

NAME = "manifest.json"
MARKER = "building"  # a file that is there while a build writes; after a crash it still is
LIBRARIES = ("Django", "pyromark", "Pygments", "PyYAML", "orjson")


class Made(NamedTuple):
    """An output as the last build left it."""

    spec: tuple[str, str, int]  # kind, what and number of the Output
    reads: frozenset[str]
    digest: str
    extras: tuple[str, ...]  # further files that it asked for


@dataclass
class Manifest:
    """What is known of the last build; empty before the first one, and after one that did not end."""

    code: str = ""  # the version of the builder and of its libraries
    drafts: bool = False
    due: str = ""  # when the next page that waits for its date is to be published
    files: dict[str, Stamp] = field(default_factory=dict)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)  # of every name that an output read
    outputs: dict[str, Made] = field(default_factory=dict)
    written: dict[str, tuple[int, int]] = field(
        default_factory=dict
    )  # time and size of each file in the output


def load(site: Site) -> Manifest:
    """The last build, or an empty one if it was made by other code, did not end or cannot be read."""
    if (site.state / MARKER).exists():
        return Manifest()
    try:
        raw = orjson.loads((site.state / NAME).read_bytes())
        if raw["code"] != code_version() or raw["python"] != sys.version:
            return Manifest()
        return from_record(raw)
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return Manifest()


def from_record(raw: dict[str, Any]) -> Manifest:
    names = raw["names"]
    sets = [frozenset(names[number] for number in group) for group in raw["sets"]]
    return Manifest(
        code=raw["code"],
        drafts=raw["drafts"],
        due=raw["due"],
        files={path: Stamp(*stamp) for path, stamp in raw["files"].items()},
        pages=raw["pages"],
        values=raw["values"],
        outputs={
            path: Made((spec[0], spec[1], spec[2]), sets[reads], made, tuple(extras))
            for path, (spec, reads, made, extras) in raw["outputs"].items()
        },
        written={path: (stamp[0], stamp[1]) for path, stamp in raw["written"].items()},
    )


def save(site: Site, manifest: Manifest) -> None:
    """Write the manifest, all or nothing; equal sets of reads are written once."""
    names = {name: number for number, name in enumerate(sorted(manifest.values))}
    sets: dict[frozenset[str], int] = {}
    outputs = {
        path: (made.spec, sets.setdefault(made.reads, len(sets)), made.digest, made.extras)
        for path, made in manifest.outputs.items()
    }
    record = {
        "code": manifest.code,
        "python": sys.version,
        "drafts": manifest.drafts,
        "due": manifest.due,
        "files": manifest.files,
        "pages": manifest.pages,
        "values": manifest.values,
        "names": list(names),
        "sets": [[names[name] for name in group] for group in sets],
        "outputs": outputs,
        "written": manifest.written,
    }
    draft = site.state / f"{NAME}.part"
    draft.write_bytes(orjson.dumps(record, default=tuple))
    draft.replace(site.state / NAME)


def code_version() -> str:
    """A name for the builder's own code and the libraries whose output ends up in a site."""
    package = Path(__file__).parent
    files = sorted(path for path in package.rglob("*") if path.suffix in (".py", ".html", ".css", ".js"))
    own = [(str(path.relative_to(package)), *stamp_of(os.stat(path))[:2]) for path in files]
    return digest(repr((own, [version(name) for name in LIBRARIES])).encode())


def is_intact(site: Site, written: dict[str, tuple[int, int]]) -> bool:
    """Whether every file of the output is as the last build left it."""
    root = str(site.output)
    try:
        return all(stamp_of(os.stat(f"{root}/{path}"))[:2] == stamp for path, stamp in written.items())
    except OSError:
        return False
