"""Know what stands in the folder of the output: what the last build left there, and what others put there."""

import os
from collections.abc import Iterable
from contextlib import suppress

from sitebuilder.settings import Site
from sitebuilder.unchanged import Look


class OutputFolder:
    """The folder, as a look found it; nothing in it is known where the last build had another."""

    def __init__(self, site: Site, look: Look) -> None:
        self.root = site.output
        is_known = bool(look.seen.journal.ends) and look.seen.output == relative_output(site)
        self.files = look.seen.written if is_known else {}
        self.folders = look.seen.folders if is_known and look.touched.isdisjoint(look.seen.folders) else {}
        self.as_left = self.files.keys() - look.touched

    def left_over(self, known: set[str]) -> list[str]:
        """The files that are not of the site, whoever put them there."""
        from sitebuilder.writing import strangers  # noqa: PLC0415 - a build that has nothing to do

        if self.folders:
            return sorted(self.files.keys() - known)
        return sorted(strangers(self.root, known))

    def files_after(self, paths: set[str], made: set[str]) -> dict[str, tuple[int, int]]:
        """The time and the size of each file, where some were made."""
        return {path: self.files[path] for path in paths - made} | self.stamps(made)

    def folders_after(self, paths: Iterable[str], changed: Iterable[str]) -> dict[str, tuple[int, int]]:
        """The time and the size of each folder that holds a file, where some files have changed."""
        names = folders_of(paths)
        fresh = names & folders_of(changed) | (names - self.folders.keys())
        return {name: self.folders[name] for name in names - fresh} | self.stamps(fresh)

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
