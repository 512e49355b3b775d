"""Build or publish a site many times over, each time stopped at a later step: by a full disk, or by a kill.

    python -m tests.sitebuilder.stepping full|killed build|publish SITE PLACE

copies SITE to PLACE/0, PLACE/1 and so on. A step is whatever changes the disk, as Python's audit events
tell it (PEP 578); the last copy is the one that no step was left to stop.
"""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sitebuilder.building import build
from sitebuilder.errors import SiteError
from sitebuilder.publishing.publishing import publish
from sitebuilder.publishing.stages import find_stage
from sitebuilder.publishing.targets import open_target
from sitebuilder.settings import read_site

ROOT = Path(__file__).resolve().parent.parent.parent
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.rename", "os.mkdir", "os.link", "os.symlink", "sqlite3.connect"}
TIDIES = {"os.remove", "os.rmdir"}  # a full disk does not refuse them
MOST_STEPS = 1000


def stopped(how: str, what: str, site: Path, place: Path) -> list[tuple[Path, str]]:
    """Return the copies, each with what its run said."""
    command = [sys.executable, "-m", "tests.sitebuilder.stepping", how, what, str(site), str(place)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [(Path(folder), said) for folder, said in json.loads(ran.stdout)]


def main(how: str, what: str, site: str, place: str) -> None:
    shutil.copytree(site, Path(place, "first"), symlinks=True)
    work(what, Path(place, "first"))  # which loads what a run loads: the others are forked from it
    said = []
    for step in range(MOST_STEPS):
        folder = Path(place, str(step))
        shutil.copytree(site, folder, symlinks=True)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            answer(writing, run, how, what, folder, step)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            said.append((str(folder), pipe.read()))
        if os.waitpid(child, 0)[1] == 0 and said[-1][1] == "done":
            break
    json.dump(said, sys.stdout)


def answer(pipe: int, work: Callable[..., str], *given: Any) -> None:
    try:
        told = work(*given)
    except BaseException as error:  # noqa: BLE001 - whatever gets out is what the test is about
        told = f"{type(error).__name__}: {error}"
    os.write(pipe, told.encode())
    os._exit(0)


def run(how: str, what: str, folder: Path, step: int) -> str:
    stop = stop_at(step, how)
    try:
        work(what, folder)
    except SiteError as error:
        return f"refused: {error}"
    return "done" if stop() else "not heard of"


def work(what: str, folder: Path) -> None:
    site = read_site(folder, workers=1)
    if what == "build":
        build(site)
    else:
        publish(site, open_target(site, find_stage(site, None)))


def stop_at(step: int, how: str) -> Callable[[], bool]:
    """Stop this process at a step of its own; return what tells whether it never got there."""
    left = step

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if not is_step(event, arguments, how):
            return
        left -= 1
        if how == "killed" and left == -1:
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "full" and left < 0:  # and it stays full
            raise OSError(errno.ENOSPC, "No space left on device", str(arguments[0]))

    sys.addaudithook(hook)
    return lambda: left >= 0


def is_step(event: str, arguments: tuple[Any, ...], how: str) -> bool:
    if event == "open":
        return bool(arguments[2] & WRITES) and not isinstance(arguments[0], int)
    if event == "os.rename" and how == "full":
        return not os.path.lexists(arguments[1])  # a name that is there needs no more room
    return event in CHANGES or (how == "killed" and event in TIDIES)


if __name__ == "__main__":
    main(*sys.argv[1:])
