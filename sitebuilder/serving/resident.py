"""A site kept in memory: an edit costs what it changes, and any output can be had before the others.

All of it belongs to one thread. What that thread has yet to make stands in `pending`, what it could not make
in `failed`; the last good file of each stays where it is.
"""

import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import replace

from sitebuilder import manifest as remembered
from sitebuilder.comparing import changed_names
from sitebuilder.errors import Problem, SiteError
from sitebuilder.making import MOST_PROBLEMS, Staged, staged
from sitebuilder.manifest import Manifest
from sitebuilder.output_folder import folders_of
from sitebuilder.outputs import Output
from sitebuilder.page_reading import is_page
from sitebuilder.rendering import Renderer
from sitebuilder.scanning import settled
from sitebuilder.serving.differing import differing_names
from sitebuilder.serving.place import read_again
from sitebuilder.serving.state import State, first_state, next_state
from sitebuilder.settings import Site
from sitebuilder.unchanged import MARKER, touched
from sitebuilder.values import Values
from sitebuilder.writing import put_all, strangers, sweep


class Resident:
    """The outputs of a site's latest state, made one by one."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.state: State | None = None
        self.made = remembered.load(site)
        self.is_first = not self.made.outputs
        self.pending: dict[str, None] = {}
        self.failed: dict[str, list[Problem]] = {}
        self.obstacle: list[Problem] = []  # why the latest changes could not be taken
        self.untaken: set[str] | None = set()  # paths that wait behind the obstacle; None: look everywhere
        self.is_saved = True
        self.unknown: set[str] = set()  # names that never have the value that they had
        self.planned: dict[str, Output] = {}  # the outputs for which the rest was worked out
        self.staging = site.output.with_name(".staging")
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True)

    @property
    def outputs(self) -> dict[str, Output]:
        return self.state.outputs if self.state else {}

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong, each once, in the order of files."""
        broken = self.state.broken if self.state else {}
        found = [problem for problems in (*broken.values(), *self.failed.values()) for problem in problems]
        return sorted(
            dict.fromkeys([*self.obstacle, *found]), key=lambda problem: (problem.file, problem.line)
        )

    @property
    def is_level(self) -> bool:
        """Whether nothing is left to make, or nothing that can be made."""
        return not self.pending or bool(self.obstacle) or len(self.failed) >= MOST_PROBLEMS

    def take(self, paths: Iterable[str] | None = None) -> set[str]:
        """Take over what has changed at these paths, or anywhere; return the files that differ.

        What cannot be taken is left, with `obstacle` to say why, and tried again with the next change.
        """
        self.untaken = None if paths is None or self.untaken is None else self.untaken | set(paths)
        try:
            touched = self.begin() if self.state is None else self.go_on(self.state)
        except SiteError as error:
            self.obstacle = error.problems
            return set()
        except Exception as error:  # noqa: BLE001 - whatever it is, the preview goes on and tells of it
            self.obstacle = [Problem(f"{type(error).__name__}: {error}")]
            return set()
        self.obstacle, self.untaken = [], set()
        return touched

    def begin(self) -> set[str]:
        """Compare the site with what the last preview left."""
        if self.obstacle:  # which other settings may have taken away
            self.site = read_again(self.site)
        state = first_state(self.site, self.made)
        self.renderer = Renderer(state.site, state.library, state.files)
        values = Values(state.site, state.files, state.library)
        differing = changed_names(self.made, values)
        self.made.values |= {name: values[name] for name in differing}
        self.unknown = {name for name in self.made.values if name.startswith("unknown ")}
        self.state = state
        other = touched(str(self.site.output), self.made.written.items())
        lost = {path for path, made in self.made.outputs.items() if other & {path, *made.extras}}
        self.plan(state, differing, lost)
        return state.touched

    def go_on(self, before: State) -> set[str]:
        """Find what a change makes stale; what cannot be rendered with leaves all as it was."""
        after = next_state(before, self.untaken)
        if after is before:
            return set()
        if after.site is before.site and all(map(is_page, after.touched)):
            self.renderer.library, self.renderer.files = after.library, after.files
            for path in after.touched:
                self.renderer.compiled.pop(path, None)
        else:
            renderer = Renderer(after.site, after.library, after.files)  # which a broken catalogue refuses
            self.renderer.bodies.close()
            self.renderer = renderer
        differing = differing_names(self.made.values, before, after) | self.unknown
        self.state = after
        self.plan(after, differing, set())
        return after.touched

    def plan(self, state: State, differing: set[str], lost: set[str]) -> None:
        """Set what is to be made: first of the changed files themselves; drop what has gone."""
        stale = lost | {
            path for path, made in self.made.outputs.items() if not differing.isdisjoint(made.reads)
        }
        stale |= self.failed.keys() | self.pending.keys()
        if state.outputs is not self.planned:
            stale |= {path for path, output in self.outputs.items() if self.is_new(path, output)}
            self.drop(self.made.outputs.keys() - self.outputs.keys())
            self.planned = state.outputs
        ours = [path for path in self.outputs if path in stale]
        own = [path for path in ours if self.outputs[path].what in state.touched]
        self.pending = dict.fromkeys([*own, *ours])
        self.failed = {}

    def is_new(self, path: str, output: Output) -> bool:
        made = self.made.outputs.get(path)
        return made is None or made.spec != output[1:]

    def drop(self, paths: Iterable[str]) -> list[str]:
        """Remove files that are no longer of the site."""
        gone = sorted(paths)
        if gone:
            self.spoil()
        for path in gone:
            self.made.outputs.pop(path, None)
            self.made.written.pop(path, None)
        return sweep(self.site.output, gone)

    def make_some(self, first: Iterable[str], seconds: float) -> list[str]:
        """Make what is asked for first, or else some of the rest; return the files that were written."""
        end, written = time.monotonic() + seconds, list[str]()
        asked = [path for path in first if path in self.pending]
        for path in asked or list(self.pending):
            if self.obstacle or (self.is_level and not asked):
                break
            written += self.make(path)
            if not asked and time.monotonic() > end:
                break
        if self.state is not None:
            self.renderer.bodies.save()
        return written

    def make(self, path: str) -> list[str]:
        """Bring one output up to date, or keep its last good file and note why."""
        output, written = self.outputs[path], list[str]()
        try:
            self.renderer.waiting.clear()
            item = staged(output, self.renderer, self.staging, self.made.outputs.get(path), self.made)
            self.put(item)
            self.note_values(item.made.reads)
            written = list(item.files)
        except SiteError as error:
            self.failed[path] = error.problems
        except Exception as error:  # noqa: BLE001 - whatever it is, the preview goes on and tells of it
            self.failed[path] = [Problem(f"{type(error).__name__}: {error}", output.what)]
        self.pending.pop(path, None)
        return written

    def put(self, item: Staged) -> None:
        """Put an output in place, with the files that it asked for."""
        self.spoil()
        put_all(self.site.output, self.staging, item.files.items())
        self.made.outputs[item.path] = item.made
        for path in (item.path, *item.made.extras):
            if stamp := self.stamp(path):
                self.made.written[path] = stamp

    def note_values(self, names: Iterable[str]) -> None:
        if self.state and (new := set(names) - self.made.values.keys()):
            values = Values(self.state.site, self.state.files, self.state.library)
            self.made.values |= {name: values[name] for name in new}
            self.unknown |= {name for name in new if name.startswith("unknown ")}

    def stamp(self, path: str) -> tuple[int, int] | None:
        try:
            about = os.stat(self.site.output / path)
        except OSError:
            return None
        return about.st_mtime_ns, about.st_size

    def spoil(self) -> None:
        """Note that what is remembered on disk is no longer so: after a crash all would be made again."""
        if self.is_saved:
            (self.site.state / MARKER).touch()
            self.is_saved = False

    def save(self) -> None:
        """Sweep what nothing asks for any more, and remember the rest for the next start."""
        if self.state is None or self.is_saved:
            return
        used = {extra for made in self.made.outputs.values() for extra in made.extras}
        self.drop(self.made.written.keys() - self.outputs.keys() - used)
        if self.is_first:
            ours = folders_of(self.made.written)
            sweep(self.site.output, strangers(self.site.output, self.made.written.keys(), ours, ours))
        remembered.save(self.site, self.remembered(self.state))
        (self.site.state / MARKER).unlink(missing_ok=True)
        self.is_saved, self.is_first = True, False

    def remembered(self, state: State) -> Manifest:
        """What the next start may take for granted: nothing that is broken, or waits to be made."""
        unsure = self.pending.keys() | self.failed.keys()
        files = {path: settled(stamp) for path, stamp in state.files.items()}
        files |= {path: files[path]._replace(time=0, digest="") for path in state.broken}
        return replace(
            self.made,
            drafts=self.site.drafts,
            due=state.due,
            timezone=state.site.timezone,
            files=files,
            pages={path: page.record() for path, page in state.pages.items()},
            digests=state.library.digests,
            outputs={path: made for path, made in self.made.outputs.items() if path not in unsure},
        )

    def close(self) -> None:
        """Remember what is made, so that the next start need not."""
        self.save()
        if self.state is not None:
            self.renderer.bodies.close()
        shutil.rmtree(self.staging, ignore_errors=True)
