"""Find the line that a writer must change, for something wrong in what was built from it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

from sitebuilder.checking.facts import Finding
from sitebuilder.errors import Problem
from sitebuilder.lines import line_of

SHARED_FOLDERS = ("templates", "data")  # what stands on many pages stands in one of these
SHARED_SUFFIXES = frozenset({".html", ".xml", ".txt", ".json", ".yaml", ".yml", ".toml", ".css", ".md"})


class Sources:
    """The sources of a site; `sources` names that of each output, both as paths with slashes."""

    def __init__(self, folder: Path, output: Path, sources: Mapping[str, str]) -> None:
        self._folder = folder
        self._output = output
        self._sources = sources
        self._texts: dict[str, str] = {}
        self._lines: dict[tuple[str, str], int] = {}

    def problem(self, output: str, finding: Finding, post: str = "") -> Problem:
        """Return `finding`, made in the file `output`, as a problem of the source that shows it.

        What is found in a feed may be of a `post`, which is built into a file of its own.
        """
        if post and (source := self._source_of(post)):
            line = self._line_in(source, finding.needle)
            return Problem(f"{finding.what} (in {self.shown(output)})", source, line, finding.right)
        source = self._source_of(output)
        for name in dict.fromkeys((source, *self._shared)):
            line = self._line_in(name, finding.needle) if name else 0
            if line:
                return Problem(finding.what, name, line, finding.right)
        if not source:
            return Problem(finding.what, self.shown(output), finding.line, finding.right)
        seen = f" (line {finding.line} of {self.shown(output)})" if finding.line else ""
        return Problem(finding.what + seen, source, 0, finding.right)

    def shown(self, output: str) -> str:
        """Return a built file's path as a person finds it from the site's folder."""
        path = self._output / output
        return path.relative_to(self._folder).as_posix() if path.is_relative_to(self._folder) else str(path)

    def _source_of(self, output: str) -> str:
        known = self._sources.get(output, "")  # of a feed, its section
        return known if known and (self._folder / known).is_file() else next(self._guesses(output), "")

    def _guesses(self, output: str) -> Iterator[str]:
        """Yield the sources that an output is likely to come from."""
        stem = output.removesuffix(".html")
        for name in (f"pages/{stem}", f"pages/{stem.removesuffix('/index')}", f"static/{output}"):
            for suffix in (".md", ".html", ""):
                if (self._folder / f"{name}{suffix}").is_file():
                    yield f"{name}{suffix}"

    @cached_property
    def _shared(self) -> tuple[str, ...]:
        return tuple(
            path.relative_to(self._folder).as_posix()
            for folder in SHARED_FOLDERS
            for path in sorted((self._folder / folder).rglob("*"))
            if path.suffix in SHARED_SUFFIXES and path.is_file()
        )

    def _line_in(self, name: str, needle: str) -> int:
        if (name, needle) not in self._lines:
            self._lines[name, needle] = self._search(name, needle)
        return self._lines[name, needle]

    def _search(self, name: str, needle: str) -> int:
        text = self._text(name)
        for written in dict.fromkeys((needle, unquote(needle), unescape(needle), escape(needle))):
            found = line_of(text, written)
            if found:
                return found
        return 0

    def _text(self, name: str) -> str:
        if name not in self._texts:
            try:
                self._texts[name] = (self._folder / name).read_text(encoding="utf-8", errors="replace")
            except FileNotFoundError:
                self._texts[name] = ""
        return self._texts[name]
