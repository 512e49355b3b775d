"""Bring what is known of a site's files up to date from the paths that a watcher names, and no others."""

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from sitebuilder.errors import Problem, SiteError
from sitebuilder.scanning import Found, Stamp, digest, noting
from sitebuilder.walking import FOLDERS, is_left_out, look_into, times


def seen(folder: Path, known: Mapping[str, Stamp], paths: Iterable[str]) -> tuple[dict[str, Stamp], set[str]]:
    """The files as they are now, in order, and the paths of those that differ.

    A path of a folder stands for all below it. Raises SiteError for what cannot be read.
    """
    now, differing = dict(known), set[str]()
    for path in filter(is_of_site, paths):
        found = looked_at(folder, path)
        if known.keys().isdisjoint(found) or path not in found:  # else it is a file, as it was
            for name in [name for name in known if is_at_or_below(name, path) and name not in found]:
                now.pop(name, None)
                differing.add(name)
        for name, stamp in found.items():
            if stamp != known.get(name):
                now[name] = stamp
                differing.add(name)
    if now.keys() != known.keys():
        now = dict(sorted(now.items()))
    return now, differing


def is_of_site(path: str) -> bool:
    parts = path.split("/")
    return path == "site.toml" or (parts[0] in FOLDERS and not any(map(is_left_out, parts)))


def is_at_or_below(name: str, path: str) -> bool:
    return name.startswith(path) and name[len(path) : len(path) + 1] in ("", "/")


def looked_at(folder: Path, path: str) -> dict[str, Stamp]:
    """The file at a path, or those in the folder there, or none; with their digests."""
    problems = list[Problem]()
    try:
        about = os.stat(folder / path)
        found: dict[str, Found] = {}
        if stat.S_ISDIR(about.st_mode):
            look_into(str(folder), path, frozenset(), noting(problems), found)
        else:
            found[path] = times(about)  # a pipe would be waited for
        read = {name: Stamp(*about, digest((folder / name).read_bytes())) for name, about in found.items()}
    except (FileNotFoundError, NotADirectoryError):  # also of one that has just been moved: that is told, too
        return {}
    except OSError as error:
        raise SiteError([Problem(f"it cannot be read ({error.strerror})", path)]) from None
    if problems:
        raise SiteError(problems)
    return read
