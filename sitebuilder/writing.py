"""Change the built site so that it is never half-built: files wait beside it and are renamed into place."""

import os
import shutil
from collections.abc import Collection, Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path
from stat import S_ISDIR

from sitebuilder.errors import wrong
from sitebuilder.settings import Site

MADE_BY_ALL = "sitemap.xml"  # there is no built site without it
_numbers = count()


def check_is_ours(site: Site) -> None:
    """Refuse an output that another program filled: a build removes what it does not know."""
    if not site.output.is_dir() or (site.output / MADE_BY_ALL).exists():
        return
    if names := sorted(os.listdir(site.output)):
        right = "an empty folder, or none yet, as build.output"
        raise wrong(f"{site.output} holds {names[0]}, and no build made it", right=right)


def put_aside(staging: Path, content: bytes) -> str:
    """Write a file beside the built site; return its name there, which no other process gives."""
    name = f"{os.getpid()}-{next(_numbers)}"
    try:
        file = os.open(f"{staging}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(file, view) :]
        finally:
            os.close(file)
    except OSError as error:
        raise wrong(
            f"{staging} cannot be written ({error.strerror})", right="room, and the right to write"
        ) from None
    return name


def put_all(root: Path, staging: Path, files: Iterable[tuple[str, str]]) -> None:
    """Move files, each a path and its name in the staging folder, to where they belong.

    Names that are not there yet come first: a disk that has no room for one more replaces nothing.
    """
    pairs = list(files)
    free = make_room(root, (path for path, _ in pairs))
    new = [pair for pair in pairs if pair[0] in free]
    try:
        for path, name in new:
            put_in_place(root, staging, path, name)
    except BaseException:
        sweep(root, (path for path, _ in new))
        raise
    for path, name in set(pairs).difference(new):
        put_in_place(root, staging, path, name)


def put_in_place(root: Path, staging: Path, path: str, name: str) -> None:
    """Move a file to where it belongs, which replaces its forerunner at once.

    What holds the forerunner open, or links to it, keeps it as it was.
    """
    try:
        os.replace(f"{staging}/{name}", f"{root}/{path}")
    except FileNotFoundError:
        os.makedirs(os.path.dirname(f"{root}/{path}"), exist_ok=True)
        os.replace(f"{staging}/{name}", f"{root}/{path}")


def make_room(root: Path, paths: Iterable[str]) -> set[str]:
    """Take away a file where a folder is to be, and a folder where a file is to be; tell where nothing is."""
    free = set()
    for path in paths:
        mode = mode_of(place := f"{root}/{path}")
        if S_ISDIR(mode):
            shutil.rmtree(place)
        if not mode or S_ISDIR(mode):
            free.add(path)
    for folder in {os.path.dirname(path) for path in free}:
        place = f"{root}/{folder}"
        while len(place) > len(str(root)) and not os.path.isdir(place):
            with suppress(FileNotFoundError, NotADirectoryError):
                os.unlink(place)
            place = os.path.dirname(place)
    return free


def mode_of(place: str) -> int:
    """The mode of a file, a link or a folder; 0 where there is none."""
    try:
        return os.lstat(place).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def sweep(root: Path, gone: Iterable[str]) -> list[str]:
    """Remove files that the site no longer has, and emptied folders; return the files that were there."""
    removed = []
    for path in gone:
        with suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(root / path)
            removed.append(path)
        with suppress(OSError):  # of the first folder that is not empty
            for parent in (root / path).parents:
                if parent == root:
                    break
                parent.rmdir()
    return removed


def strangers(root: Path, known: Collection[str], ours: Collection[str], folders: Iterable[str]) -> list[str]:
    """The files in these folders of the output that no build knows of.

    Folders that are not of `ours` are looked through, too.
    """
    found = []
    for folder in folders:
        above = f"{folder}/" if folder else ""
        with suppress(FileNotFoundError, NotADirectoryError):
            for name in os.listdir(f"{root}/{folder}"):
                path = above + name
                if path not in known and path not in ours:
                    found += files_below(root, path)
    return found


def files_below(root: Path, path: str) -> list[str]:
    """The files and the links below a folder; of a file or a link, itself."""
    if not S_ISDIR(mode_of(f"{root}/{path}")):
        return [path]
    with os.scandir(f"{root}/{path}") as entries:
        names = [entry.name for entry in entries]
    return [file for name in names for file in files_below(root, f"{path}/{name}")]
