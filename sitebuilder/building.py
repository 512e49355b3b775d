"""Build a site: look, compare with what is remembered, render what differs, write it, sweep what is gone."""

import datetime
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from sitebuilder import manifest as remembered
from sitebuilder.collecting import collecting_what_is_new, without_collecting
from sitebuilder.errors import SiteError, wrong
from sitebuilder.manifest import Made, Manifest
from sitebuilder.output_folder import OutputFolder, relative_output
from sitebuilder.refusals import told_plainly
from sitebuilder.scanning import Stamp, problem_of, with_digests
from sitebuilder.settings import Site
from sitebuilder.turns import turn
from sitebuilder.unchanged import MARKER, PROJECT, Look

if TYPE_CHECKING:
    from sitebuilder.outputs import Output
    from sitebuilder.pages import Page

LOCK = "lock"  # a file that the build which is at work holds


@dataclass
class Report:
    """What a build did: the files that it wrote and removed, and how many there are in all."""

    total: int
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    reasons: dict[str, list[str]] = field(default_factory=dict)  # of each output that was rendered


@told_plainly
@without_collecting()
def build(site: Site, *, dry_run: bool = False, look: Look | None = None) -> Report:
    """Bring the output up to date; raises SiteError where that cannot be, and leaves the last good output.

    It goes on from a `look` at the site's folder, if there was one already.
    """
    if not site.in_project and (site.state / PROJECT).exists():
        right = f"`manage.py build`, or no file {site.state.name}/{PROJECT}"
        raise wrong("the site has pages of a Django project, which only the project can make", right=right)
    look = look or looked_at(site)
    if is_unchanged(site, look):
        return Report(look.seen.total)
    if dry_run:
        return begun(site, look).run(dry_run=True)
    site.state.mkdir(parents=True, exist_ok=True)
    with turn(site.state / LOCK) as has_waited:
        if has_waited or look.is_overtaken():
            look = looked_at(site)
            if is_unchanged(site, look):
                return Report(look.seen.total)
        return begun(site, look).run(dry_run=False)


def looked_at(site: Site) -> Look:
    return Look(str(site.folder), str(site.state))


def begun(site: Site, look: Look) -> "Build":
    """A build that knows the site's files; what the look found is used up."""
    if look.troubles:
        raise SiteError(problem_of(*trouble) for trouble in look.troubles)
    before = remembered.load(site, look.seen)
    files = with_digests(site.folder, look.files, before.files)
    look.files.clear()  # as many as there are sources, and nobody asks for them again
    return Build(site, before, files, OutputFolder(site, look, before))


def is_unchanged(site: Site, look: Look) -> bool:
    """Whether nothing at all has happened since the last build."""
    seen, present = look.seen, now()
    is_due = bool(seen.due) and seen.due <= present.isoformat()
    if site.in_project or seen.in_project or seen.drafts != site.drafts or is_due:
        return False
    return present.timestamp() >= seen.at and look.is_as_left()


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

    def __init__(self, site: Site, before: Manifest, files: dict[str, Stamp], folder: OutputFolder) -> None:
        self.site, self.before, self.files, self.folder = site, before, files, folder
        self.now = now()

    def run(self, *, dry_run: bool) -> Report:
        from sitebuilder.comparing import changed_names, reasons  # noqa: PLC0415 - a build that has
        from sitebuilder.library import Library  # noqa: PLC0415 - nothing to do needs none of these
        from sitebuilder.outputs import planned  # noqa: PLC0415
        from sitebuilder.page_reading import kept_digests  # noqa: PLC0415
        from sitebuilder.values import Values  # noqa: PLC0415

        pages = self.pages()
        self.library = Library(self.site, pages, self.now, kept_digests(self.site, self.files, self.before))
        self.values = Values(self.site, self.files, self.library)
        self.changed = changed_names(self.before, self.values)
        outputs = planned(self.site, self.library, self.files)
        why = dict(reasons(outputs, self.before.outputs, self.changed, self.folder.as_left))
        stale = [output for output in outputs if output.path in why]
        if dry_run:
            return Report(len(outputs), [output.path for output in stale], self.gone(outputs), why)
        return self.carry_out(outputs, stale, why, pages)

    def gone(self, outputs: "list[Output]") -> list[str]:
        """The files that nothing asks for any more, as far as that is known before anything is made."""
        paths = {output.path for output in outputs}
        asked_for = (self.before.outputs[path].extras for path in paths & self.before.outputs.keys())
        return self.folder.left_over(paths.union(*asked_for))

    def pages(self) -> "list[Page]":
        """All pages; raises SiteError with all that is wrong in them."""
        from sitebuilder.page_reading import pages_of  # noqa: PLC0415
        from sitebuilder.pages import check_addresses  # noqa: PLC0415

        pages, broken = pages_of(self.site, self.files, self.before)
        if broken:
            raise SiteError(problem for problems in broken.values() for problem in problems)
        check_addresses(pages)
        return pages

    def carry_out(
        self,
        outputs: "list[Output]",
        stale: "list[Output]",
        reasons: dict[str, list[str]],
        pages: "list[Page]",
    ) -> Report:
        from sitebuilder.writing import check_is_ours, sweep  # noqa: PLC0415

        marker, output = self.site.state / MARKER, relative_output(self.site)
        left = marker.read_text() if marker.exists() else None  # by a build that did not end
        if output not in (self.before.output, left):
            check_is_ours(self.site)
        marker.write_text(output)
        try:
            made = self.rendered(stale)
        except SiteError:
            if left is None:
                marker.unlink()  # nothing was written
            raise
        results = {path: result for path, (result, _) in made.items()}
        after = self.manifest(outputs, results, pages)
        removed = sweep(self.site.output, self.folder.left_over(after.written.keys()))
        changed = {*files_of(results), *removed}
        after.folders, strange = self.folder.folders_after(after.written.keys(), changed)
        removed += sweep(self.site.output, strange)
        remembered.save(self.site, after, self.before)
        marker.unlink(missing_ok=True)
        written = [path for path, (_, is_new) in made.items() if is_new]
        return Report(len(outputs), sorted(written), removed, reasons)

    def rendered(self, stale: "list[Output]") -> dict[str, tuple[Made, bool]]:
        """Render into memory first: a site with a mistake anywhere replaces nothing."""
        if not stale and not self.has_new_words():
            return {}
        from sitebuilder.making import make_all  # noqa: PLC0415 - it loads Django

        with collecting_what_is_new():
            return make_all(self.site, self.library, self.files, stale, self.before)

    def has_new_words(self) -> bool:
        """Whether a catalogue has changed, which is read to be found well though no page may ask for it."""
        from sitebuilder.comparing import changed_files  # noqa: PLC0415

        changed = changed_files(self.files, self.before.files)
        return any(path.startswith("locale/") for path in changed) and bool(self.site.spoken)

    def manifest(self, outputs: "list[Output]", made: dict[str, Made], pages: "list[Page]") -> Manifest:
        from sitebuilder.library import due  # noqa: PLC0415

        before, known = self.before, self.library.known
        now_made = {path: made.get(path) or before.outputs[path] for path, *_ in outputs}
        return Manifest(
            at=self.now.timestamp(),
            drafts=self.site.drafts,
            due=due(pages, self.now),
            timezone=self.site.timezone,
            output=relative_output(self.site),
            files=self.files,
            pages={
                page.source: before.pages[page.source] if page.source in known else page.record()
                for page in pages
            },
            digests=self.library.digests,
            values=self.values_read(now_made, made),
            outputs=now_made,
            written=self.folder.files_after(files_of(now_made), files_of(made)),
        )

    def values_read(self, outputs: dict[str, Made], made: dict[str, Made]) -> dict[str, str]:
        """What each name is worth that an output read; for most, that is known from the last build."""
        old = self.before.values
        read = names_read(made.values())
        values = old | {name: self.values[name] for name in self.changed | (read - old.keys())}
        replaced = (each for path, each in self.before.outputs.items() if outputs.get(path) is not each)
        if names_read(replaced) <= read:
            return values
        return {name: values[name] for name in names_read(outputs.values())}


def names_read(outputs: Iterable[Made]) -> set[str]:
    return set[str]().union(*(made.reads for made in outputs))


def files_of(outputs: dict[str, Made]) -> set[str]:
    """The files of outputs, and those that they asked for."""
    return {*outputs, *chain.from_iterable(made.extras for made in outputs.values())}
