"""Build a site: look, compare with what is remembered, render what differs, write it, sweep what is gone."""

import datetime
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sitebuilder import manifest as remembered
from sitebuilder.collecting import collecting_what_is_new, without_collecting
from sitebuilder.errors import SiteError, wrong
from sitebuilder.manifest import Made, Manifest, Seen
from sitebuilder.refusals import told_plainly
from sitebuilder.scanning import Stamp, scan, with_digests
from sitebuilder.settings import Site
from sitebuilder.unchanged import MARKER, PROJECT, is_as_seen, is_intact

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


@told_plainly
@without_collecting()
def build(site: Site, *, dry_run: bool = False) -> Report:
    """Bring the output up to date; raises SiteError where that cannot be, and leaves the last good output."""
    if not site.in_project and (site.state / PROJECT).exists():
        right = f"`manage.py build`, or no file {site.state.name}/{PROJECT}"
        raise wrong("the site has pages of a Django project, which only the project can make", right=right)
    files = scan(site.folder)
    seen = remembered.load_seen(site)
    if seen and is_unchanged(site, seen, files):
        return Report(seen.total)
    before = remembered.load_all(site, seen)
    return Build(site, before, with_digests(site.folder, files, before.files)).run(dry_run=dry_run)


def is_unchanged(site: Site, seen: Seen, files: dict[str, Stamp]) -> bool:
    """Whether nothing at all has happened since the last build; known without reading a file."""
    if site.in_project or seen.drafts != site.drafts or (seen.due and seen.due <= now().isoformat()):
        return False
    stamps = ((path, stamp[:3]) for path, stamp in files.items())
    return is_as_seen(stamps, seen.files) and is_intact(str(site.output), seen.written)


def now() -> datetime.datetime:
    """The time of the build; `SOURCE_DATE_EPOCH` (reproducible-builds.org) sets it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.datetime.now(datetime.UTC)
    if not epoch.isdecimal():
        raise wrong(f"SOURCE_DATE_EPOCH is {epoch!r}", right="whole seconds since 1970")
    return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)


def reason_of(name: str) -> str:
    """Why an output is made again that has read this."""
    kind, _, what = name.partition(" ")
    return f"what {what} reads is unknown" if kind == "unknown" else f"{name.rstrip()} changed"


class Build:
    """One build, from the files that were seen to the manifest that remembers it."""

    def __init__(self, site: Site, before: Manifest, files: dict[str, Stamp]) -> None:
        self.site, self.before, self.files = site, before, files
        self.stamps: dict[str, tuple[int, int] | None] = {}  # of the files in the output, as they were found

    def run(self, *, dry_run: bool) -> Report:
        from sitebuilder.library import Library  # noqa: PLC0415 - a build that has nothing to do needs none of it
        from sitebuilder.outputs import planned  # noqa: PLC0415
        from sitebuilder.page_reading import kept_digests  # noqa: PLC0415
        from sitebuilder.values import Values  # noqa: PLC0415

        pages = self.pages()
        self.library = Library(self.site, pages, now(), kept_digests(self.files, self.before))
        self.values = Values(self.site, self.files, self.library)
        outputs = planned(self.site, self.library, self.files)
        changed = self.changed_names()
        reasons = {output.path: why for output in outputs if (why := self.reasons(output, changed))}
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
        """All pages; raises SiteError with all that is wrong in them."""
        from sitebuilder.page_reading import pages_of  # noqa: PLC0415
        from sitebuilder.pages import check_addresses  # noqa: PLC0415

        pages, broken = pages_of(self.site, self.files, self.before)
        if broken:
            raise SiteError(problem for problems in broken.values() for problem in problems)
        check_addresses(pages)
        return pages

    def changed_names(self) -> set[str]:
        """The names whose values are no longer those that the last build read."""
        return {
            name
            for name, old in self.before.values.items()
            if name.startswith("unknown ") or self.values[name] != old
        }

    def reasons(self, output: "Output", changed: set[str]) -> list[str]:
        """Why an output has to be made again; empty if it is as it would be."""
        made = self.before.outputs.get(output.path)
        if made is None or made.spec != output[1:]:
            return ["it is new"]
        if not changed.isdisjoint(made.reads):
            return [reason_of(name) for name in made.reads if name in changed]
        touched = [
            path for path in (output.path, *made.extras) if self.stamp(path) != self.before.written.get(path)
        ]
        return [f"{path} was touched in the output" for path in touched]

    def stamp(self, path: str) -> tuple[int, int] | None:
        """The time and the size of a file in the output."""
        if path not in self.stamps:
            try:
                about = os.stat(f"{self.site.output}/{path}")
            except OSError:
                self.stamps[path] = None
            else:
                self.stamps[path] = about.st_mtime_ns, about.st_size
        return self.stamps[path]

    def carry_out(
        self,
        outputs: "list[Output]",
        stale: "list[Output]",
        reasons: dict[str, list[str]],
        pages: "list[Page]",
    ) -> Report:
        from sitebuilder.writing import check_is_ours  # noqa: PLC0415

        check_is_ours(self.site)
        self.site.state.mkdir(parents=True, exist_ok=True)
        is_whole = not self.before.outputs
        (self.site.state / MARKER).touch()
        try:
            made = self.rendered(stale)
        except SiteError:
            (self.site.state / MARKER).unlink()  # nothing was written
            raise
        kept = {
            output.path: self.before.outputs[output.path] for output in outputs if output.path not in made
        }
        for path, (result, _) in made.items():
            for each in (path, *result.extras):
                self.stamps.pop(each, None)  # it may be another file now
        after = self.manifest(kept | {path: result for path, (result, _) in made.items()}, pages)
        removed = self.swept(after, is_whole=is_whole)
        remembered.save(self.site, after, self.before)
        (self.site.state / MARKER).unlink(missing_ok=True)
        written = [path for path, (_, is_new) in made.items() if is_new]
        return Report(len(outputs), sorted(written), removed, reasons)

    def rendered(self, stale: "list[Output]") -> dict[str, tuple[Made, bool]]:
        """Render into memory first: a site with a mistake anywhere replaces nothing."""
        if not stale:
            return {}
        from sitebuilder.making import make_all  # noqa: PLC0415 - it loads Django

        with collecting_what_is_new():
            return make_all(self.site, self.library, self.files, stale, self.before)

    def manifest(self, outputs: dict[str, Made], pages: "list[Page]") -> Manifest:
        names = set[str]().union(*(made.reads for made in outputs.values()))
        known = self.library.known.keys() & self.before.pages.keys()
        paths = {path for output, made in outputs.items() for path in (output, *made.extras)}
        waiting = sorted(page.date.isoformat() for page in pages if page.date and page.date > now())
        return Manifest(
            drafts=self.site.drafts,
            due=waiting[0] if waiting else "",
            files=self.files,
            pages={
                page.source: self.before.pages[page.source] if page.source in known else page.record()
                for page in pages
            },
            digests=self.library.digests,
            values={name: self.values[name] for name in names},
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
