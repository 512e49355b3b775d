"""`new`: make a site to start from, whole or not at all."""

import argparse
import json
import os
import shlex
import shutil
import sys
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path

from sitebuilder.errors import SiteError, wrong
from sitebuilder.settings import NAME, address

STARTER = Path(__file__).parent.parent / "starter"
ITS_NAME, ITS_ADDRESS = '"My site"', '"https://example.org"'  # as the starter's site.toml writes them
OF_A_REPOSITORY = (".git", "README*", "LICENSE*")  # what one holds that was begun on a git host; we have none
MADE = ("out", "live", ".sitebuilder")  # by a build of the starter itself
NEXT = {
    "serve": "shows it while you write",
    "build": "makes it, in out/",
    "check": "looks for broken links and other faults",
    "publish trial": "makes it live, in live/current/",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        type=Path,
        metavar="FOLDER",
        help="the folder to make it in: a new one, one that is empty, or a clone of an empty repository",
    )
    parser.add_argument("--name", metavar="TEXT", help="what the site is called (default: as its folder)")
    parser.add_argument(
        "--address",
        metavar="URL",
        default="https://example.org",
        help="the address that it will have; site.toml keeps it (default: %(default)s)",
    )


def run(options: argparse.Namespace) -> int:
    folder: Path = options.folder
    name = options.name if options.name is not None else called(folder)
    make(folder, name, options.address)
    sys.stdout.write(f"{folder} holds a site called {name}. What you can do now:\n\n")
    commands = {command(folder, verb): purpose for verb, purpose in NEXT.items()}
    width = max(map(len, commands))
    sys.stdout.writelines(f"  {line:<{width}}  # {purpose}\n" for line, purpose in commands.items())
    return 0


def make(folder: Path, name: str, url: str) -> None:
    """Put a new site at `folder`; raises SiteError, and changes nothing, where that cannot be."""
    if not name.strip() or not name.isprintable():
        raise wrong(f"the name is {name!r}", right='words such as "My site"')
    check_address(url)
    place = free(folder)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.new-", dir=place.parent))
        try:
            site = draft / "site"
            copy(STARTER, site)
            fill_in(site / NAME, name, url)
            if names_in(place):
                move_into(site, place)
            else:
                site.rename(place)  # over an empty folder at most
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise wrong(
            f"{place} cannot be made ({error.strerror})", right="room, and the right to write"
        ) from None


def free(folder: Path) -> Path:
    """The whole path of a folder that is not there or holds nothing of a site; not of the one we stand in."""
    place = folder.resolve()
    if place == Path.cwd() or place in Path.cwd().parents:
        raise wrong(
            f"{folder} is the folder that you are in", right="the name of a new folder, such as my-site"
        )
    if (place / NAME).exists():
        raise wrong(f"{folder} holds a site already", right="the name of a new folder")
    if place.exists() and not place.is_dir():
        raise wrong(f"{folder} is a file", right="the name of a new folder")
    if others := sorted(name for name in names_in(place) if not is_of_a_repository(name)):
        right = "a new folder, an empty one, or a repository with no more than a README and a LICENSE"
        raise wrong(f"{folder} is not empty: it holds {others[0]}", right=right)
    return place


def names_in(place: Path) -> list[str]:
    return os.listdir(place) if place.exists() else []


def is_of_a_repository(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in OF_A_REPOSITORY)


def move_into(site: Path, place: Path) -> None:
    """Move all that a site holds to a folder beside what is there; its settings, which make it one, last."""
    moved: list[Path] = []
    try:
        for source in sorted(site.iterdir(), key=lambda path: path.name == NAME):
            target = place / source.name
            source.rename(target)
            moved.append(target)
    except OSError:
        for path in moved:
            path.rename(site / path.name)
        raise


def check_address(url: str) -> None:
    try:
        address(url)
    except SiteError:
        raise wrong(f"--address is {url!r}", right="an address such as https://example.org") from None


def copy(starter: Path, site: Path) -> None:
    """Copy what is written by hand; files and folders belong to whoever asked, whatever the original says."""
    site.mkdir()
    for source in sorted(starter.rglob("*")):
        path = source.relative_to(starter)
        if path.parts[0] in MADE:
            continue
        if source.is_dir():
            (site / path).mkdir()
        else:
            (site / path).write_bytes(source.read_bytes())


def called(folder: Path) -> str:
    """A name made of the folder's: `my-site` is My site."""
    words = folder.resolve().name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def fill_in(settings: Path, name: str, url: str) -> None:
    """Write the name and the address where the starter has its own; a JSON text is a TOML text too."""
    text = settings.read_text(encoding="utf-8")
    for its, ours in ((ITS_ADDRESS, url), (ITS_NAME, name)):
        text = text.replace(its, json.dumps(ours, ensure_ascii=False), 1)
    settings.write_text(text, encoding="utf-8")


def command(folder: Path, verb: str) -> str:
    """A command as it can be pasted into the shell that called us."""
    python = "python" if same_program(shutil.which("python")) else sys.executable
    return shlex.join([python, "-m", "sitebuilder", "--site", str(folder), *verb.split()])


def same_program(found: str | None) -> bool:
    return found is not None and Path(found).parent.resolve() == Path(sys.executable).parent.resolve()
