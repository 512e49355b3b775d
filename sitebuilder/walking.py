"""Walk through a site's folders; no file is opened, and nothing but `os` has to be loaded for it."""

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Tell = Callable[[str, str, str], None]  # what is wrong, where, and what would be right
    Found = tuple[int, int, int]  # time of the last change in nanoseconds, size in bytes, and inode

FOLDERS = ("pages", "templates", "data", "static", "images", "locale")
HIDDEN = (".well-known", ".nojekyll", ".htaccess")  # names that begin with a dot and are for a web server


def found(root: str, tell: "Tell") -> "dict[str, Found]":
    """Every file of the site by its path from the folder, site.toml first; raises OSError where none is."""
    files = {"site.toml": times(os.stat(f"{root}/site.toml"))}
    for name in FOLDERS:
        if os.path.isdir(f"{root}/{name}"):
            look_into(root, name, frozenset(), tell, files)
    return files


def look_into(
    root: str, name: str, above: frozenset[tuple[int, int]], tell: "Tell", files: "dict[str, Found]"
) -> None:
    """Add the files below a folder; `above` holds the folders that led here, by device and inode.

    It is told of what is no file and no folder, and of links that lead in a circle.
    """
    try:
        about = os.stat(f"{root}/{name}")
        here = about.st_dev, about.st_ino
        if here in above:
            tell("the link leads back into a folder that holds it", name, "no such link")
            return
        with os.scandir(f"{root}/{name}") as entries:
            folders = look_at(entries, name, tell, files)
    except OSError as error:
        tell(f"it cannot be read ({error.strerror})", name, "")
        return
    for path in folders:
        look_into(root, path, above | {here}, tell, files)


def look_at(
    entries: "Iterable[os.DirEntry[str]]", name: str, tell: "Tell", files: "dict[str, Found]"
) -> list[str]:
    """Add the files among the entries of a folder; return the folders in it."""
    folders = []
    for entry in entries:
        path = f"{name}/{entry.name}"
        if is_left_out(entry.name):
            continue
        if not (path.isascii() or is_text(path)):
            tell("the name is not UTF-8", ascii(path)[1:-1], "another name")
            continue
        try:
            if entry.is_dir():
                folders.append(path)
            else:
                files[path] = times(entry.stat())
        except OSError as error:
            tell(f"it cannot be read ({error.strerror})", path, "")
    return folders


def is_left_out(name: str) -> bool:
    """Whether a file is an editor's or the system's, and no part of the site."""
    return (name.startswith(".") and name not in HIDDEN) or name.endswith("~")


def is_text(name: str) -> bool:
    """Whether a name can stand in a file: bytes that are no UTF-8 come as lone surrogates (PEP 383)."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def times(about: os.stat_result) -> "Found":
    if not stat.S_ISREG(about.st_mode):
        raise OSError(0, "it is neither a file nor a folder")
    return about.st_mtime_ns, about.st_size, about.st_ino
