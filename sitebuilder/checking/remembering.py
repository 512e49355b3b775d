"""Remember what each file said, so that a file that did not change is not read again.

A file is known by the hash of its bytes. Everything is forgotten when this package or its parser changes.
"""

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

import turbohtml

from sitebuilder.checking.facts import Facts, unpacked
from sitebuilder.checking.feeds import read_json_feed, read_xml
from sitebuilder.checking.html_pages import read_page
from sitebuilder.checking.stylesheets import read_stylesheet

READERS = {
    ".html": read_page,
    ".htm": read_page,
    ".css": read_stylesheet,
    ".xml": read_xml,
    ".atom": read_xml,
    ".json": read_json_feed,
}


class Memory:
    """The facts of the last check, in one file of the site's state."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._readers = _digest_of_readers()
        self._before: dict[str, list[Any]] = _read(path, self._readers)
        self._now: dict[str, list[Any]] = {}

    def facts(self, name: str, content: bytes) -> Facts:
        """Return the facts of the file `name`, a path with a suffix that has a reader."""
        suffix = Path(name).suffix.lower()
        key = suffix + blake2b(content, digest_size=16).hexdigest()
        packed = self._before.get(key) or self._now.get(key)
        if packed is not None:
            self._now[key] = packed
            return unpacked(packed)
        facts = READERS[suffix](content.decode("utf-8", errors="replace"))
        self._now[key] = facts.packed()
        return facts

    def save(self) -> None:
        """Keep the facts of the files that were asked for, and of no others."""
        if self._now.keys() == self._before.keys():
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"readers": self._readers, "facts": self._now}, separators=(",", ":"))
        beside = self._path.with_suffix(".new")
        beside.write_text(text)
        beside.replace(self._path)


def is_readable(name: str) -> bool:
    """Say whether the check reads files of this name."""
    return Path(name).suffix.lower() in READERS


def _digest_of_readers() -> str:
    digest = blake2b(turbohtml.__version__.encode(), digest_size=16)
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()


def _read(path: Path, readers: str) -> dict[str, list[Any]]:
    try:
        kept = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    facts = kept.get("facts") if isinstance(kept, dict) and kept.get("readers") == readers else None
    return facts if isinstance(facts, dict) else {}
