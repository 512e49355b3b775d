"""Keep what Markdown became, by its source: a new layout then costs templates only."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import orjson

from sitebuilder.markdown import Body, Heading
from sitebuilder.scanning import digest

PATIENCE_SECONDS = 30


class Bodies:
    """A cache in one file, which several workers read and each writes once, at its end."""

    def __init__(self, state: Path) -> None:
        self.path = state / "bodies.sqlite3"
        self.fresh: dict[str, bytes] = {}
        self.connection: sqlite3.Connection | None = None

    def get(self, text: str, make: Callable[[str], Body]) -> Body:
        key = digest(text.encode())
        kept = self.found(key)
        if kept:
            record = orjson.loads(kept)
            return Body(
                record["html"], tuple(Heading(**heading) for heading in record["headings"]), (), (), ""
            )
        body = make(text)
        headings = [{"level": h.level, "id": h.id, "text": h.text} for h in body.headings]
        self.fresh[key] = orjson.dumps({"html": body.html, "headings": headings})
        return body

    def found(self, key: str) -> bytes | None:
        if self.connection is None:
            self.connection = self.opened()
        row = self.connection.execute("SELECT body FROM bodies WHERE digest = ?", (key,)).fetchone()
        return row[0] if row else None

    def opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=PATIENCE_SECONDS, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")  # a cache: what is lost is made again
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bodies (digest TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID"
        )
        return connection

    def save(self) -> None:
        """Write what was made since the start, in one transaction."""
        if self.fresh:
            connection = self.connection or self.opened()
            with suppress(sqlite3.OperationalError):  # such as a full disk: the next build makes them again
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT OR REPLACE INTO bodies VALUES (?, ?)", self.fresh.items())
                connection.execute("COMMIT")
            self.fresh.clear()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
