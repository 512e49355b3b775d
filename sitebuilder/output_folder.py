"""Know what stands in the folder of the output: what the last build left there, and what others put there."""

import os
from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress

from sitebuilder.manifest import Manifest
from sitebuilder.settings import Site
from sitebuilder.unchanged import Look


class OutputFolder:
    """The folder, as a look found it; nothing in it is known where the last build had another."""

    def __init__(self, site: Site, look: Look, before: Manifest) -> None:
        self.root = site.output
        is_known = bool(before.outputs) and before.output == relative_output(site)
        self.files = before.written if is_known else {}
        self.folders = before.folders if is_known and look.touched.isdisjoint(before.folders) else {}
        self.as_left = self.files.keys() - look.touched

    def left_over(self, known: AbstractSet[str]) -> list[str]:
        """The files that are not of the site, whoever put them there, as far as the look can tell."""
        from sitebuilder.writing import strangers  # noqa: PLC0415 - a build that has nothing to do

        if self.folders:
            return sorted(self.files.keys() - known)
        folders = folders_of(known)
        return sorted(strangers(self.root, known, folders, folders))

    def files_after(self, paths: set[str], made: set[str]) -> dict[str, tuple[int, int]]:
        """The time and the size of each file, where some were made."""
        return {path: self.files[path] for path in paths - made} | self.stamps(made)

    def folders_after(
        self, known: Collection[str], changed: Iterable[str]
    ) -> tuple[dict[str, tuple[int, int]], list[str]]:
        """The time and the size of each folder, where some files have changed; and what others put there.

        The times are asked for first: what comes or goes after that changes them, and the next build looks.
        """
        from sitebuilder.writing import strangers  # noqa: PLC0415 - as above

        names = folders_of(known)
        fresh = names & folders_of(changed) | (names - self.folders.keys())
        stamps = self.stamps(fresh)
        strange = strangers(self.root, known, names, fresh)
        return {name: self.folders[name] for name in names - fresh} | stamps, strange

    def stamps(self, paths: Iterable[str]) -> dict[str, tuple[int, int]]:
        found = {}
        for path in paths:
            with suppress(OSError):  # what is not there is made again by the next build
                about = os.stat(f"{self.root}/{path}")
                found[path] = about.st_mtime_ns, about.st_size
        return found


def relative_output(site: Site) -> str:
    return os.path.relpath(site.output, site.folder)


def folders_of(paths: Iterable[str]) -> set[str]:
    """The folders that hold them, and those that hold these; the topmost is ""."""
    found, above = {""}, {path.rpartition("/")[0] for path in paths}
    while not above <= found:
        found |= above
        above = {path.rpartition("/")[0] for path in above}
    return found
