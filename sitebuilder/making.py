"""Render outputs into a place beside the built site, and put them there once all of them are well."""

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from sys import intern
from typing import NamedTuple

from sitebuilder.errors import Problem, SiteError, wrong
from sitebuilder.library import Library
from sitebuilder.machines import machine_text
from sitebuilder.manifest import Made, Manifest
from sitebuilder.outputs import Output
from sitebuilder.progress import Progress
from sitebuilder.reads import read, recorded
from sitebuilder.rendering import Renderer
from sitebuilder.scanning import Stamp, digest
from sitebuilder.settings import Site
from sitebuilder.workers import shared
from sitebuilder.writing import put_all, put_aside

MOST_PROBLEMS = 50  # more than anybody reads in one go
AHEAD = 50  # pages whose bodies are read at once
RENDERED = ("page", "tag", "tags")


class Staged(NamedTuple):
    """An output that waits beside the built site."""

    path: str
    made: Made
    files: dict[str, str]  # where each of its new files goes, and its name in the staging folder


def make_all(
    site: Site, library: Library, files: Mapping[str, Stamp], stale: list[Output], before: Manifest
) -> dict[str, tuple[Made, bool]]:
    """Render what is stale, by several processes if it is much; replace all of it, or with a mistake none."""
    staging = site.output.with_name(f".{site.output.name}.staging")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    renderer, progress = Renderer(site, library, files), Progress(len(stale))
    renderer.bodies.prepare()
    library.digests, library.neighbours  # noqa: B018 - worked out once, before the workers part
    try:
        items = shared(
            lambda part: stage(part, renderer, staging, before, progress),
            stale,
            site.workers,
            before_fork=parted if site.in_project else None,
        )
        put_all(site.output, staging, (pair for item in items for pair in item.files.items()))
    finally:
        progress.clear()
        shutil.rmtree(staging, ignore_errors=True)
    return {
        item.path: (as_before(item.made, before.outputs.get(item.path)), item.path in item.files)
        for item in items
    }


def as_before(made: Made, old: Made | None) -> Made:
    """An output that shares with all others the names that it read; those of another process are copies."""
    reads = old.reads if old and old.reads == made.reads else tuple(map(intern, made.reads))
    return made._replace(reads=reads)


def parted() -> None:
    """Leave no connection of the project to its database for two processes to share."""
    from sitebuilder.project.entering import close_connections  # noqa: PLC0415 - other sites need no project

    close_connections()


def stage(
    part: Sequence[Output], renderer: Renderer, staging: Path, before: Manifest, progress: Progress
) -> list[Staged]:
    """Render some outputs into the staging folder; raises SiteError with all that is wrong in them."""
    done, problems = [], list[Problem]()
    for number, output in enumerate(part):
        progress.tell(number / len(part))
        if number % AHEAD == 0:
            renderer.expect(part[number : number + AHEAD])
        try:
            done.append(staged(output, renderer, staging, before.outputs.get(output.path), before))
        except SiteError as error:
            problems += error.problems
            if len(problems) >= MOST_PROBLEMS:
                break
    renderer.bodies.save()
    renderer.bodies.close()
    if problems:
        raise SiteError(dict.fromkeys(problems))
    return done


def staged(output: Output, renderer: Renderer, staging: Path, old: Made | None, before: Manifest) -> Staged:
    renderer.begin()
    with recorded() as reads:
        content = content_of(output, renderer)
    made = Made(output[1:], tuple(sorted(reads)), digest(content), tuple(renderer.pieces.extras))
    files = {}
    if old is None or old.digest != made.digest or not is_as_left(renderer.site, output.path, before):
        files[output.path] = put_aside(staging, content)
    for path, source in renderer.pieces.extras.items():
        if path not in renderer.waiting and not is_as_left(renderer.site, path, before):
            files[path] = put_aside(staging, source.read_bytes())
            renderer.waiting.add(path)
    return Staged(output.path, made, files)


def content_of(output: Output, renderer: Renderer) -> bytes:
    """The bytes of an output; what they are made from is read under its names."""
    if output.kind in RENDERED:
        return renderer.html(output).encode()
    if output.kind == "copy":
        read("file", output.what)
        try:
            return (renderer.site.folder / output.what).read_bytes()
        except OSError as error:
            raise wrong(f"it cannot be read ({error.strerror})", output.what) from None
    if output.kind == "view":
        from sitebuilder.project.asking import answer  # noqa: PLC0415 - other sites need no project

        return answer(renderer.site, renderer.library.views_by_path[output.path])
    return machine_text(output.kind, output.what, renderer.library)


def is_as_left(site: Site, path: str, before: Manifest) -> bool:
    with suppress(OSError):
        about = os.stat(f"{site.output}/{path}")
        return before.written.get(path) == (about.st_mtime_ns, about.st_size)
    return False
