"""Find a file of the site by the name that a page gives it, and note that it is read."""

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

from sitebuilder.errors import wrong
from sitebuilder.guesses import meant
from sitebuilder.reads import read
from sitebuilder.settings import Site
from sitebuilder.walking import is_left_out

NEAREST = 3  # names that a mistaken one may have meant


def static_file(site: Site, name: str) -> Path:
    """The file static/NAME; raises SiteError, with the nearest names, if there is none."""
    return site_file(site, "static", name)


def site_file(site: Site, folder: str, name: str) -> Path:
    """A file below one of the site's folders; not one above it, nor one that a build does not look at."""
    read("file", f"{folder}/{name}")
    path = site.folder / folder / name
    if not is_seen(name) or not path.is_file():
        raise wrong(f"there is no file {folder}/{name}", right=expected(site, folder, name))
    return path


def picture_file(site: Site, name: str, page: str) -> str:
    """The file of a picture, from the site's folder: in images/ or static/; with `./`, beside the page."""
    if name.startswith("./"):
        name = posixpath.normpath(f"{posixpath.dirname(page.removeprefix('pages/'))}/{name}").lstrip("/")
        site_file(site, "pages", name)
        return f"pages/{name}"
    read("file", f"images/{name}")
    if is_seen(name) and (site.folder / "images" / name).is_file():
        return f"images/{name}"
    site_file(site, "static", name)
    return f"static/{name}"


def is_seen(name: str) -> bool:
    """Whether the scan of a site finds files of this name."""
    return all(part and part != ".." and not is_left_out(part) for part in name.split("/"))


def expected(site: Site, folder: str, name: str) -> str:
    places = ("static", "images") if folder == "static" else (folder,)
    known = sorted({other for place in places for other in names(site.folder / place)})
    otherwise = f"the path of a file in {folder}/, such as {known[0] if known else 'css/site.css'}"
    return meant(name, known, otherwise, most=NEAREST)


def names(root: Path) -> Iterator[str]:
    for folder, _, files in os.walk(root):
        for file in files:
            name = os.path.relpath(os.path.join(folder, file), root).replace(os.sep, "/")
            if is_seen(name):
                yield name
