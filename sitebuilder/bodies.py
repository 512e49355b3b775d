"""Keep what Markdown became, by the bytes of its file: a new layout then costs templates only."""

import pickle
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sitebuilder.markdown import Body, Heading
from sitebuilder.relative_links import may_name_files

PATIENCE_SECONDS = 30
MOST_UNSAVED = 1000  # bodies and blocks in memory, of up to about 8 KB


class Kept(NamedTuple):
    """A body, as Markdown made it."""

    body: Body
    may_name_files: bool  # of the site; where not, nothing of it is left to work out


class Bodies:
    """A cache in one file, which several workers read and write; what another version made is thrown away."""

    def __init__(self, state: Path, version: str) -> None:
        self.path = state / f"bodies-{version}.sqlite3"
        self.fresh: dict[str, bytes] = {}
        self.ahead: dict[str, bytes | None] = {}  # what is soon to be asked for; None: it is not kept
        self.connection: sqlite3.Connection | None = None
        self.is_new = False

    def get(self, key: str, make: Callable[[], Body]) -> Body:
        """What became of the file with this digest; made if it is not known, and kept."""
        kept = self.kept(key)
        return kept.body if kept else self.made(key, make())

    def kept(self, key: str) -> Kept | None:
        kept = self.found(key)
        if not kept:
            return None
        html, headings, may_name = pickle.loads(kept)  # noqa: S301 - our own file
        return Kept(Body(html, tuple(Heading(*each) for each in headings)), may_name)

    def made(self, key: str, body: Body) -> Body:
        headings = [(each.level, each.id, each.text) for each in body.headings]
        record = body.html, headings, may_name_files(body.html)
        self.keep(key, pickle.dumps(record, pickle.HIGHEST_PROTOCOL))
        return body

    def keep(self, key: str, content: bytes) -> None:
        self.fresh[key] = content
        if len(self.fresh) >= MOST_UNSAVED:
            self.save()

    def fetch(self, keys: Sequence[str]) -> None:
        """Read ahead what is about to be asked for: all at once, for half of what they take one by one."""
        self.ahead = dict.fromkeys(keys) | self.read(keys)

    def found(self, key: str) -> bytes | None:
        """What was kept by an earlier build, or by this one a moment ago."""
        if key in self.fresh:
            return self.fresh[key]
        return self.ahead.pop(key) if key in self.ahead else self.read([key]).get(key)

    def read(self, keys: Sequence[str]) -> dict[str, bytes]:
        if self.is_new or not keys:
            return {}
        if self.connection is None:
            self.connection = self.opened()
        marks = ",".join("?" * len(keys))
        with suppress(sqlite3.DatabaseError):  # what cannot be read is made again
            found = f"SELECT digest, body FROM bodies WHERE digest IN ({marks})"  # noqa: S608 - only marks
            return dict(self.connection.execute(found, keys))
        return {}

    def opened(self) -> sqlite3.Connection:
        """The cache on disk; one in memory where a damaged file or a full disk allows none."""
        try:
            return self.connected(str(self.path))
        except sqlite3.OperationalError:
            return self.connected(":memory:")
        except sqlite3.DatabaseError:
            self.path.unlink(missing_ok=True)
            return self.connected(str(self.path))

    def connected(self, place: str) -> sqlite3.Connection:
        connection = sqlite3.connect(place, timeout=PATIENCE_SECONDS, isolation_level=None)
        connection.execute("PRAGMA journal_mode=TRUNCATE")
        connection.execute("PRAGMA synchronous=OFF")  # a cache: what is lost is made again
        connection.execute("CREATE TABLE IF NOT EXISTS bodies (digest TEXT PRIMARY KEY, body BLOB)")
        return connection

    def prepare(self) -> None:
        """Make the file, before several processes open it at once."""
        self.is_new = not self.path.exists()
        for old in self.path.parent.glob("bodies*.sqlite3*"):
            if not old.name.startswith(self.path.name):
                old.unlink(missing_ok=True)
        self.opened().close()

    def save(self) -> None:
        """Write what was made since the start, in one transaction."""
        if self.fresh:
            self.connection = self.connection or self.opened()
            with suppress(sqlite3.DatabaseError):  # such as a full disk: the next build makes them again
                self.connection.execute("BEGIN IMMEDIATE")
                self.connection.executemany("INSERT OR REPLACE INTO bodies VALUES (?, ?)", self.fresh.items())
                self.connection.execute("COMMIT")
            self.fresh.clear()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Blocks:
    """Coloured blocks of code, kept beside the bodies: the edit of a text leaves its code as it was."""

    def __init__(self, bodies: Bodies) -> None:
        self.bodies = bodies

    def get(self, key: str) -> str | None:
        kept = self.bodies.found(key)
        return kept.decode() if kept else None

    def __setitem__(self, key: str, block: str) -> None:
        self.bodies.keep(key, block.encode())
