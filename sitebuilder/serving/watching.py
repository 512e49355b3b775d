"""Hear of changes to a site's files as they happen."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from watchfiles import awatch
from watchfiles._rust_notify import WatchfilesRustInternalError

from sitebuilder.serving.seeing import is_of_site
from sitebuilder.settings import NAME
from sitebuilder.walking import FOLDERS

QUIET_MS = 25  # for which nothing may happen before a change is told
LONGEST_MS = 250  # after which it is told anyway
LOOK_SECONDS = 0.25  # between two looks at site.toml, which editors replace, and for new folders


async def watch(folder: Path, change: Callable[[set[str] | None], None]) -> None:
    """Call `change` with the paths of changed files, or with None where anything may have; for ever."""
    while True:
        before = folder_inodes(folder)
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(listen(folder, change))
            await folders_differ(folder, before, change)
            listening.cancel()
        change(None)  # what happened between two watchers was heard by neither


async def listen(folder: Path, change: Callable[[set[str] | None], None]) -> None:
    folders = [folder / name for name in FOLDERS if (folder / name).is_dir()]
    while folders:
        try:
            await hear(folder, folders, change)
        except* WatchfilesRustInternalError:  # of a name that is not UTF-8; the build tells of it
            change(None)


async def hear(folder: Path, folders: list[Path], change: Callable[[set[str]], None]) -> None:
    async for events in awatch(
        *folders, watch_filter=None, debounce=LONGEST_MS, step=QUIET_MS, raise_interrupt=None,
        ignore_permission_denied=True,
    ):  # fmt: skip
        paths = {path.removeprefix(f"{folder}/") for _, path in events}
        if of_site := set(filter(is_of_site, paths)):
            change(of_site)


async def folders_differ(folder: Path, before: dict[str, int], change: Callable[[set[str]], None]) -> None:
    """Wait until a folder comes or goes; tell of site.toml meanwhile."""
    settings = stamp(folder / NAME)
    while folder_inodes(folder) == before:
        await asyncio.sleep(LOOK_SECONDS)
        if (now := stamp(folder / NAME)) != settings:
            settings = now
            change({NAME})


def folder_inodes(folder: Path) -> dict[str, int]:
    return {name: inode for name in FOLDERS if (inode := stamp(folder / name)[2])}


def stamp(path: Path) -> tuple[int, int, int]:
    try:
        about = os.stat(path)
    except OSError:
        return 0, 0, 0
    return about.st_mtime_ns, about.st_size, about.st_ino
