"""`new` makes a site that is whole, sound and good to look at, or leaves everything as it was."""

import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sitebuilder.__main__ import main
from sitebuilder.building import build
from sitebuilder.checking import check_built
from sitebuilder.commands import new
from sitebuilder.commands.build import verify
from sitebuilder.errors import SiteError
from sitebuilder.settings import read_site

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://example.org"


def everything(folder: Path) -> dict[str, bytes | None]:
    """All below a folder by its path; None for a folder."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new site, built."""
    folder = tmp_path_factory.mktemp("new") / "site"
    new.make(folder, "Field notes", "https://notes.example.org")
    build(read_site(folder))
    return folder


def test_a_new_site_passes_the_strict_check_and_a_build_from_nothing_gives_the_same(made: Path) -> None:
    site = read_site(made)

    assert check_built(site) == []
    verify(site)


def test_a_new_site_passes_the_strict_check_with_either_kind_of_addresses(tmp_path: Path) -> None:
    new.make(tmp_path / "site", "Field notes", ADDRESS)
    edit(tmp_path / "site/site.toml", 'addresses = "folder"', 'addresses = "flat"')
    site = read_site(tmp_path / "site")
    build(site)

    assert check_built(site) == []
    page = (tmp_path / "site/out/about.html").read_text()
    assert '<a href="/about.html" aria-current="page">About</a>' in page


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize("name", ["index", "about", "posts/index", "posts/2025-11-03-writing"])
def test_a_page_that_begins_with_its_title_shows_it_once(tmp_path: Path, name: str) -> None:
    new.make(tmp_path / "site", "Field notes", ADDRESS)
    file = tmp_path / f"site/pages/{name}.md"
    file.write_text("# *Tide* & time\n\nText.\n\n## Ebb\n\n## Flow\n")
    site = read_site(tmp_path / "site")
    build(site)

    (page,) = [text for text in pages_of(site.output) if "<title>" in text and ">Flow</h2>" in text]
    assert page.count("<h1") == 1
    assert check_built(site) == []


def pages_of(folder: Path) -> list[str]:
    return [path.read_text() for path in folder.rglob("*.html")]


def test_a_page_that_does_not_begin_with_its_title_has_it_above(made: Path) -> None:
    for name in ("index", "about/index", "posts/index", "posts/writing/index"):
        assert (made / f"out/{name}.html").read_text().count("<h1>") == 1


def test_a_new_site_has_its_name_and_its_address_wherever_they_belong(made: Path) -> None:
    page = (made / "out/posts/writing/index.html").read_text()

    assert "Field notes</title>" in page
    assert '<link rel="canonical" href="https://notes.example.org/posts/writing/">' in page
    assert "My site" not in texts(made / "out")
    assert ADDRESS not in texts(made / "out")


def texts(folder: Path) -> str:
    endings = (".html", ".xml", ".json", ".txt")
    return "".join(path.read_text() for path in sorted(folder.rglob("*")) if path.suffix in endings)


def test_a_new_site_has_one_bundle_of_styles_that_browsers_hold_against_its_hash(made: Path) -> None:
    page = (made / "out/index.html").read_text()

    assert page.count('rel="stylesheet"') == 1
    assert 'rel="stylesheet" href="/static/bundles/' in page
    assert 'integrity="sha384-' in page


def test_a_new_site_has_what_a_reader_looks_for(made: Path) -> None:
    built = everything(made / "out")

    pages = {f"{name}/index.html" for name in ("about", "search", "posts", "posts/writing", "tags/basics")}
    assert {"index.html", "404.html", "feed.xml", "search.json", "favicon.svg"} | pages <= built.keys()


def test_the_same_words_make_the_same_site(tmp_path: Path) -> None:
    for name in ("one", "two"):
        new.make(tmp_path / name, "Same", ADDRESS)

    assert everything(tmp_path / "one") == everything(tmp_path / "two")


@pytest.mark.parametrize("name", ['He said "no" \\ yes', "日本語のサイト", "ünï cödé's", "{{ name }}"])
def test_any_name_is_written_so_that_it_is_read_again(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "a folder with ü and spaces"

    new.make(folder, name, ADDRESS)

    assert read_site(folder).name == name


@pytest.mark.parametrize(
    ("folder", "name"), [("my-site", "My site"), ("Straße_1", "Straße 1"), ("a/b c", "B c")]
)
def test_a_site_without_a_name_is_called_as_its_folder(
    tmp_path: Path, folder: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", str(tmp_path / folder)]) == 0

    assert tomllib.loads((tmp_path / folder / "site.toml").read_text())["site"]["name"] == name


@pytest.mark.slow
def test_the_printed_commands_work_as_they_are_printed(tmp_path: Path) -> None:
    printed = run(tmp_path, [sys.executable, "-m", "sitebuilder", "new", "it's a site"])
    commands = [line.partition("#")[0] for line in printed.splitlines() if line.startswith("  ")]

    for command in commands[1:]:
        run(tmp_path, ["sh", "-c", command])

    assert first_line_of(tmp_path, commands[0]).startswith("It's a site is shown at http://")
    assert len(commands) == 4
    assert (tmp_path / "it's a site/live/current/index.html").is_file()


def first_line_of(folder: Path, command: str) -> str:
    """What a command that does not end says first; it is ended then."""
    with subprocess.Popen(
        ["sh", "-c", f"exec {command}"], cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:  # fmt: skip
        assert process.stdout
        line = process.stdout.readline()
        process.terminate()
    return line


def environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    own = {"PYTHONPATH": str(ROOT), "PATH": path, "SITEBUILDER_PORT": "0", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **own}


def run(folder: Path, command: list[str]) -> str:
    ran = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_commands_name_the_interpreter_where_python_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert shlex.split(new.command(Path("a b"), "build"))[0] == sys.executable


REFUSED = {
    "a file in it": (
        {"site/notes.txt": "mine"},
        "site is not empty: it holds notes.txt; expected a",
    ),
    "a hidden file in it": ({"site/.env": ""}, r"it holds \.env; expected a new folder"),
    "a repository that has begun": ({"site/.git/HEAD": "", "site/main.c": ""}, r"it holds main\.c"),
    "a site": ({"site/site.toml": "[site]"}, "holds a site already; expected the name of a new folder"),
    "a file": ({"site": "mine"}, "site is a file; expected the name of a new folder"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_folder_that_is_in_use_is_refused_and_left_alone(tmp_path: Path, case: str) -> None:
    files, message = REFUSED[case]
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(str(text))
    before = everything(tmp_path)

    with pytest.raises(SiteError, match=message):
        new.make(tmp_path / "site", "x", ADDRESS)

    assert everything(tmp_path) == before


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()

    new.make(tmp_path / "site", "x", ADDRESS)

    assert (tmp_path / "site/site.toml").is_file()


def test_the_folder_that_we_are_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in/it").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "in/it")

    for folder in (".", "..", str(tmp_path / "in")):
        with pytest.raises(SiteError, match="is the folder that you are in; expected the name"):
            new.make(Path(folder), "x", ADDRESS)


@pytest.mark.parametrize("words", [["--name", ""], ["--name", "a\nb"], ["--address", "example.org"]])
def test_words_that_cannot_be_are_refused_and_nothing_is_made(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", str(tmp_path / "site"), *words]) == 1

    assert "; expected " in capsys.readouterr().err
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("written", range(0, 30, 3))
def test_a_disk_that_fails_midway_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    left = [written]
    write = Path.write_bytes

    def write_or_fail(path: Path, content: bytes) -> int:
        if left[0] == 0:
            raise OSError(28, "No space left on device", str(path))
        left[0] -= 1
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_or_fail)

    with pytest.raises(SiteError, match=r"cannot be made \(No space left on device\); expected room"):
        new.make(tmp_path / "site", "x", ADDRESS)

    assert everything(tmp_path) == {}


KILL_AT_EACH_STEP = """
import os, signal, sys
from pathlib import Path
from sitebuilder.commands import new

def make_and_die(step):
    def count(event, arguments):
        nonlocal step
        if event in ("open", "os.mkdir", "os.rename"):
            if step == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            step -= 1

    sys.addaudithook(count)
    new.make(Path("site"), "x", "https://example.org")
    os._exit(0)

for step in range(1000):
    Path(str(step)).mkdir()
    child = os.fork()
    if not child:
        os.chdir(str(step))
        make_and_die(step)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


@pytest.mark.slow
def test_a_maker_that_is_killed_at_any_step_leaves_no_half_of_a_site(tmp_path: Path) -> None:
    new.make(tmp_path / "whole", "x", ADDRESS)
    whole = everything(tmp_path / "whole")

    run(tmp_path, [sys.executable, "-c", KILL_AT_EACH_STEP])

    steps = [folder for folder in tmp_path.iterdir() if folder.name.isdecimal()]
    sites = [folder / "site" for folder in steps if (folder / "site").exists()]
    assert len(steps) - len(sites) > len(whole), "it is killed before each file and folder"
    assert len(sites) > 1, "and after the last"
    assert all(everything(site) == whole for site in sites)
    new.make(tmp_path / "5/site", "x", ADDRESS)
    assert everything(tmp_path / "5/site") == whole
