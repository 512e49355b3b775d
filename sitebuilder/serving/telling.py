"""Tell in the terminal what happens: a line a change for people, or JSON for programs."""

import json
import sys
import time
from typing import Any, Protocol, TextIO

from sitebuilder.errors import Problem
from sitebuilder.progress import Progress
from sitebuilder.serving.workshop import Update

MOST_NAMED = 3  # files
MOST_PROBLEMS = 10  # in a terminal; the browser shows more


class Teller(Protocol):
    def listening(self, url: str, port: int) -> None: ...

    def tell(self, update: Update, problems: list[Problem], *, left: int, total: int) -> None: ...


class InWords:
    """One short line a change, and one a mistake."""

    def __init__(self, name: str, stream: TextIO = sys.stdout) -> None:
        self._name, self._stream = name, stream
        self._problems: list[Problem] = []
        self._progress = Progress()
        self._is_first = True

    def listening(self, url: str, port: int) -> None:
        self._write(f"{self._name} is shown at {url} (Ctrl-C ends it)")

    def tell(self, update: Update, problems: list[Problem], *, left: int, total: int) -> None:
        self._progress.total = total
        self._progress.tell(1 - left / (total or 1))
        if not update.is_level:
            return
        self._progress.clear()
        if update.changed and (update.written or not problems):
            self._say(self._line(update, total))
        self._is_first = self._is_first and not update.changed
        if problems != self._problems:
            self._tell_of(problems)
        self._problems = problems

    def _line(self, update: Update, total: int) -> str:
        milliseconds = update.cost()["wall_ms"]
        spent = f"{milliseconds / 1000:.1f} s" if milliseconds >= 1000 else f"{milliseconds:.0f} ms"
        if self._is_first:
            return f"{total} files are shown, after {spent}"
        files = f"{len(update.written)} file{'' if len(update.written) == 1 else 's'}"
        named = ", ".join(update.changed[:MOST_NAMED])
        more = f" and {len(update.changed) - MOST_NAMED} more" if len(update.changed) > MOST_NAMED else ""
        return f"{named}{more} changed: {files}, {spent}"

    def _tell_of(self, problems: list[Problem]) -> None:
        if not problems:
            self._say("All is well again")
        for problem in problems[:MOST_PROBLEMS]:
            self._say(str(problem))
        if len(problems) > MOST_PROBLEMS:
            self._say(f"and {len(problems) - MOST_PROBLEMS} more mistakes")

    def _say(self, line: str) -> None:
        self._write(f"{time.strftime('%H:%M:%S')} {line}")

    def _write(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


class AsJson:
    """A JSON object a line: `listening`; of a change `page`, when the first is there, and `level`."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._told: Update | None = None

    def listening(self, url: str, port: int) -> None:
        self._write("listening", url=url, port=port)

    def tell(self, update: Update, problems: list[Problem], *, left: int, total: int) -> None:
        if update.written and self._told is not update:
            self._told = update
            self._write(
                "page", path=update.written[0], changed=update.changed[:MOST_PROBLEMS], **update.cost()
            )
        if update.is_level:
            self._write(
                "level",
                changed=update.changed[:MOST_PROBLEMS],
                written=len(update.written),
                total=total,
                problems=[str(problem) for problem in problems],
                **update.cost(),
            )

    def _write(self, event: str, **words: Any) -> None:
        self._stream.write(json.dumps({"event": event, **words}) + "\n")
        self._stream.flush()
