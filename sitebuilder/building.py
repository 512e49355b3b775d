"""Build a site: look, compare with what is remembered, render what differs, write it, sweep what is gone."""

import datetime
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sitebuilder import manifest as remembered
from sitebuilder.errors import Problem, SiteError, wrong
from sitebuilder.manifest import Made, Manifest
from sitebuilder.scanning import Stamp, digest, scan, stamp_of, with_digests
from sitebuilder.settings import Site

if TYPE_CHECKING:
    from sitebuilder.outputs import Output
    from sitebuilder.pages import Page


@dataclass
class Report:
    """What a build did: the files that it wrote and removed, and how many there are in all."""

    total: int
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    reasons: dict[str, list[str]] = field(default_factory=dict)  # of each output that was rendered


def build(site: Site, *, dry_run: bool = False) -> Report:
    """Bring the output up to date; raises SiteError where that cannot be, and leaves the last good output."""
    before = remembered.load(site)
    files = scan(site.folder)
    if is_unchanged(site, before, files):
        return Report(len(before.outputs))
    return Build(site, before, with_digests(site.folder, files, before.files)).run(dry_run=dry_run)


def is_unchanged(site: Site, before: Manifest, files: dict[str, Stamp]) -> bool:
    """Whether nothing at all has happened since the last build; known without reading a file."""
    if not before.outputs or before.drafts != site.drafts or files.keys() != before.files.keys():
        return False
    if any(stamp[:3] != before.files[path][:3] for path, stamp in files.items()):
        return False
    is_due = before.due and before.due <= now().isoformat()
    return not is_due and remembered.is_intact(site, before.written)


def now() -> datetime.datetime:
    """The time of the build; `SOURCE_DATE_EPOCH` (reproducible-builds.org) sets it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.datetime.now(datetime.UTC)
    if not epoch.isdecimal():
        raise wrong(f"SOURCE_DATE_EPOCH is {epoch!r}", right="whole seconds since 1970")
    return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)


class Build:
    """One build, from the files that were seen to the manifest that remembers it."""

    def __init__(self, site: Site, before: Manifest, files: dict[str, Stamp]) -> None:
        self.site, self.before, self.files = site, before, files
        self.values: dict[str, str] = {}

    def run(self, *, dry_run: bool) -> Report:
        from sitebuilder.library import Library  # noqa: PLC0415 - a build that has nothing to do needs none of it
        from sitebuilder.outputs import planned  # noqa: PLC0415

        pages = self.pages()
        self.library = Library(self.site, pages, now())
        outputs = planned(self.site, self.library, self.files)
        reasons = {output.path: why for output in outputs if (why := self.reasons(output))}
        stale = [output for output in outputs if output.path in reasons]
        gone = sorted(
            self.before.written.keys()
            - {output.path for output in outputs}
            - self.kept_extras(outputs, stale)
        )
        if dry_run:
            return Report(len(outputs), [output.path for output in stale], gone, reasons)
        return self.carry_out(outputs, stale, reasons, pages)

    def kept_extras(self, outputs: "list[Output]", stale: "list[Output]") -> set[str]:
        fresh = {output.path for output in outputs} - {output.path for output in stale}
        return {extra for path in fresh for extra in self.before.outputs[path].extras}

    def pages(self) -> "list[Page]":
        """All pages, read again where they have changed; raises SiteError with all that is wrong in them."""
        from sitebuilder.metadata import read_source  # noqa: PLC0415
        from sitebuilder.outputs import PAGE_ENDINGS  # noqa: PLC0415
        from sitebuilder.pages import Page, check_addresses, page_of  # noqa: PLC0415

        found, problems = [], list[Problem]()
        for path, stamp in self.files.items():
            if not (path.startswith("pages/") and path.endswith(PAGE_ENDINGS)):
                continue
            old = self.before.files.get(path)
            if old and old.digest == stamp.digest and path in self.before.pages and self.same_settings():
                found.append(Page.of_record(self.before.pages[path]))
                continue
            try:
                found.append(page_of(self.site, read_source(path, (self.site.folder / path).read_bytes())))
            except SiteError as error:
                problems += error.problems
        if problems:
            raise SiteError(problems)
        check_addresses(found)
        return found

    def same_settings(self) -> bool:
        old = self.before.files.get("site.toml")
        return old is not None and old.digest == self.files["site.toml"].digest

    def reasons(self, output: "Output") -> list[str]:
        """Why an output has to be made again; empty if it is as it would be."""
        made = self.before.outputs.get(output.path)
        if made is None or made.spec != output[1:]:
            return ["it is new"]
        changed = sorted(name for name in made.reads if self.value(name) != self.before.values.get(name))
        if changed:
            return [f"{name} changed" for name in changed]
        touched = [
            path for path in (output.path, *made.extras) if self.stamp(path) != self.before.written.get(path)
        ]
        return [f"{path} was touched in the output" for path in touched]

    def value(self, name: str) -> str:
        """The value that a recorded name has now."""
        if name not in self.values:
            kind, _, what = name.partition(" ")
            if kind == "file":
                self.values[name] = self.files[what].digest if what in self.files else "none"
            elif kind == "names":
                self.values[name] = digest(
                    repr([path for path in self.files if path.startswith(what)]).encode()
                )
            elif kind == "settings":
                self.values[name] = f"{self.files['site.toml'].digest} {self.site.drafts}"
            elif kind == "unknown":
                return ""
            else:
                self.values[name] = self.library.value(kind, what)
        return self.values[name]

    def stamp(self, path: str) -> tuple[int, int] | None:
        try:
            return stamp_of(os.stat(self.site.output / path))[:2]
        except OSError:
            return None

    def carry_out(
        self,
        outputs: "list[Output]",
        stale: "list[Output]",
        reasons: dict[str, list[str]],
        pages: "list[Page]",
    ) -> Report:
        self.site.state.mkdir(parents=True, exist_ok=True)
        is_whole = not self.before.outputs
        (self.site.state / remembered.MARKER).touch()
        try:
            made = self.rendered(stale)
        except SiteError:
            (self.site.state / remembered.MARKER).unlink()  # nothing was written
            raise
        kept = {
            output.path: self.before.outputs[output.path] for output in outputs if output.path not in made
        }
        after = self.manifest(kept | {path: result for path, (result, _) in made.items()}, pages)
        removed = self.swept(after, is_whole=is_whole)
        remembered.save(self.site, after)
        (self.site.state / remembered.MARKER).unlink(missing_ok=True)
        written = [path for path, (_, is_new) in made.items() if is_new]
        return Report(len(outputs), sorted(written), removed, reasons)

    def rendered(self, stale: "list[Output]") -> dict[str, tuple[Made, bool]]:
        """Render into memory first: a site with a mistake anywhere replaces nothing."""
        if not stale:
            return {}
        from sitebuilder.making import make_all  # noqa: PLC0415 - it loads Django

        return make_all(self.site, self.library, stale, self.before)

    def manifest(self, outputs: dict[str, Made], pages: "list[Page]") -> Manifest:
        names = {name for made in outputs.values() for name in made.reads}
        paths = {path for output, made in outputs.items() for path in (output, *made.extras)}
        waiting = sorted(page.date.isoformat() for page in pages if page.date and page.date > now())
        return Manifest(
            code=remembered.code_version(),
            drafts=self.site.drafts,
            due=waiting[0] if waiting else "",
            files=self.files,
            pages={page.source: page.record() for page in pages},
            values={name: self.value(name) for name in names},
            outputs=outputs,
            written={path: stamp for path in paths if (stamp := self.stamp(path))},
        )

    def swept(self, after: Manifest, *, is_whole: bool) -> list[str]:
        """Remove what the site no longer has; after a first or broken build, whatever is not of this one."""
        from sitebuilder.writing import strangers, sweep  # noqa: PLC0415

        gone: Sequence[str] = sorted(self.before.written.keys() - after.written.keys())
        if is_whole:
            gone = sorted(strangers(self.site.output, set(after.written)))
        return sweep(self.site.output, gone)
