"""Whatever is wrong with a site or with its disk is said, and the last good output and release stay."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sitebuilder.building import build
from sitebuilder.errors import SiteError
from sitebuilder.publishing.publishing import publish
from sitebuilder.publishing.stages import find_stage
from sitebuilder.publishing.targets import open_target
from sitebuilder.settings import read_site
from tests.sitebuilder.publishing import tree as files_below
from tests.sitebuilder.sites import LAYOUT, SITE, built, clean_tree, tree, write
from tests.sitebuilder.stepping import ROOT, stopped

MATTER = "---\n{}\n---\n"
Spoil = Callable[[Path], object]


def unreadable(name: str) -> Spoil:
    """A file that even root cannot read: one's own memory has nothing at its beginning (proc(5))."""

    def spoil(site: Path) -> None:
        if Path("/proc/self/mem").exists():
            (site / name).symlink_to("/proc/self/mem")
        else:
            (site / name).touch(mode=0)

    return spoil


def written(files: dict[str, str | bytes]) -> Spoil:
    return lambda site: write(site, files)


def with_a_folder_for_settings(site: Path) -> None:
    (site / "site.toml").unlink()
    (site / "site.toml").mkdir()


FAULTS: dict[str, tuple[Spoil, str]] = {
    "page unreadable": (unreadable("pages/m.md"), r"pages/m\.md: it cannot be read \((Input/output|Perm)"),
    "template unreadable": (unreadable("templates/m.html"), r"/m\.html: it cannot be read \((Input|Perm)"),
    "link to nothing": (
        lambda site: (site / "static/gone.css").symlink_to("/nowhere"),
        r"static/gone\.css: it cannot be read \(No such file",
    ),
    "link to itself": (
        lambda site: (site / "pages/me.md").symlink_to(site / "pages/me.md"),
        r"pages/me\.md: it cannot be read \(Too many levels of symbolic links\)",
    ),
    "link in a circle": (
        lambda site: (site / "pages/again").symlink_to(site / "pages"),
        r"pages/again: the link leads back into a folder that holds it; expected no such link",
    ),
    "a pipe": (lambda site: os.mkfifo(site / "data/p.json"), r"data/p\.json: .*neither a file nor a folder"),
    "name not UTF-8": (
        lambda site: Path(os.fsdecode(os.fsencode(site) + b"/pages/\xff.md")).write_text("x"),
        r"pages/.udcff\.md: the name is not UTF-8; expected another name",
    ),
    "binary template": (
        written({"templates/page.html": b"<p>\n\xff\xfe"}), r"templates/page\.html:2: it is not UTF-8 text",
    ),
    "template above": (
        written({"pages/a.md": MATTER.format("layout: ../site.toml")}),
        r"there is no template \.\./site\.toml",
    ),
    "asset above": (written({"pages/a.md": "{% asset '../site.toml' %}"}), r"is no file static/\.\./site"),
    "data above": (written({"pages/a.md": "{{ site.data|get:'../site' }}"}), r"pages/a\.md:1: .*\.\./site"),
    "alias above": (
        written({"pages/a.md": MATTER.format("aliases: [/a/../../b/]")}), r"pages/a\.md:2: the alias is",
    ),
    "file and folder": (
        written({"pages/a.md": "x", "static/root/a": "y"}),
        r"pages/a\.md:1: /a/index\.html would lie in /a, which is a file \(static/root/a\)",
    ),
    "two pages of one path": (
        written({"pages/a.md": "x", "pages/A.md": "y"}),
        r"pages/a\.md:1: its address /a/ is also that of pages/A",
    ),
    "includes itself": (
        written({"templates/page.html": "{% include 'page.html' %}"}), r"templates/page\.html:1: Recursion",
    ),
    "output over pages": (
        written({"site.toml": f"{SITE}[build]\noutput = 'pages'\n"}),
        r"build\.output is .*/pages'; expected a folder that holds nothing else",
    ),
    "output around": (
        written({"site.toml": f"{SITE}[build]\noutput = '..'\n"}), r"build\.output is .*; expected a folder",
    ),
    "a number of pages": (
        written({"site.toml": f"{SITE}[tags]\npaginate = -1\n"}),
        r"site\.toml:5: tags\.paginate is -1; expected a whole number from 0",
    ),
    "a time zone": (
        written({"site.toml": f"{SITE}timezone = 'Mars/Olympus'\n"}),
        r"site\.toml:4: site\.timezone is 'Mars/Olympus'; expected the name of a time zone",
    ),
    "site.toml a folder": (
        with_a_folder_for_settings,
        r"site\.toml: it cannot be read: .*Is a directory",
    ),
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that was built, with a stage, where something lies beside it."""
    files: dict[str, str | bytes] = {
        "site.toml": f'{SITE}[search]\nenabled = true\n[stage.trial]\nto = "folder"\npath = "www"\n',
        "pages/good.md": "# Good\n",
        "pages/b/c.md": "# C\n",
        "templates/page.html": f"{LAYOUT}{{% asset 'a.css' %}}",
        "static/a.css": "a{}",
        "data/x.json": "[1]",
    }
    site = write(tmp_path / "site", files)
    built(site)
    return site


def edit(site: Path) -> None:
    """Change a page, a style, and which pages there are."""
    new: dict[str, str | bytes] = {
        "pages/good.md": "# Better\n",
        "pages/d/e/f.md": "# F\n",
        "static/a.css": "b{}",
    }
    write(site, new)
    (site / "pages/b/c.md").unlink()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_and_output_and_sources_stay(site: Path, fault: str) -> None:
    spoil, message = FAULTS[fault]
    before = tree(site)
    spoil(site)
    sources = sorted(path for path in site.rglob("*") if ".sitebuilder" not in path.parts)

    with pytest.raises(SiteError, match=message):
        built(site)

    assert tree(site) == before
    assert sorted(path for path in site.rglob("*") if ".sitebuilder" not in path.parts) == sources


def test_a_first_build_does_not_empty_a_folder_that_another_program_filled(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"pages/a.md": "x", "out/thesis.tex": "ten years"})

    with pytest.raises(
        SiteError, match=r"out holds thesis\.tex, and no build made it; expected an empty folder"
    ):
        built(site)

    assert tree(site) == {"thesis.tex": b"ten years"}


def test_what_a_build_made_is_built_over_though_its_memory_is_gone(site: Path) -> None:
    shutil.rmtree(site / ".sitebuilder")
    edit(site)

    built(site)

    assert tree(site) == clean_tree(site, site.parent / "clean")


@pytest.mark.parametrize("damage", [b"", b"junk" * 999])
def test_a_damaged_memory_costs_time_only(site: Path, damage: bytes) -> None:
    for path in (site / ".sitebuilder").iterdir():
        path.write_bytes(damage)
    edit(site)

    built(site)

    assert tree(site) == clean_tree(site, site.parent / "clean")


def test_a_mark_of_windows_before_the_settings_is_no_mistake(tmp_path: Path) -> None:
    site = write(tmp_path, {"site.toml": b"\xef\xbb\xbf" + SITE.encode()})

    assert read_site(site).name == "Example"


@pytest.mark.slow
def test_a_disk_that_fills_up_at_any_step_of_a_build_leaves_the_old_output_or_the_new_one(site: Path) -> None:
    before = tree(site)
    edit(site)
    after = clean_tree(site, site.parent / "clean")

    runs = stopped("full", "build", site, site.parent / "runs")

    shown = [tree(folder) for folder, _ in runs]
    switched = shown.index(after)
    assert shown == [before] * switched + [after] * (len(shown) - switched)
    assert switched >= 10, "it was stopped at many steps"
    for folder, said in runs[:switched]:
        assert said.startswith("refused: ")
        assert "No space left on device" in said
        assert str(folder) in said, "the file is named"
    for folder, _ in runs:
        built(folder)
        assert tree(folder) == after
        assert not list(folder.glob(".out.*")), "nothing is left beside the output"


@pytest.mark.slow
def test_a_build_that_is_killed_at_any_step_is_made_whole_by_the_next_one(site: Path) -> None:
    edit(site)
    after = clean_tree(site, site.parent / "clean")

    runs = stopped("killed", "build", site, site.parent / "runs")

    assert len(runs) > 20
    assert [said for _, said in runs] == [""] * (len(runs) - 1) + ["done"]
    for folder, _ in runs:
        built(folder)
        assert tree(folder) == after
        assert not list(folder.glob(".out.*")), "nothing is left beside the output"


@pytest.mark.slow
def test_a_disk_that_fills_up_at_any_step_of_a_publish_leaves_the_release_that_was_live(site: Path) -> None:
    release(site)
    before = files_below(site / "www/current")
    edit(site)
    built(site)
    after = {name: content.decode() for name, content in tree(site).items()}

    runs = stopped("full", "publish", site, site.parent / "runs")

    shown = [files_below(folder / "www/current") for folder, _ in runs]
    assert len(runs) > 15
    for (_, said), visible in zip(runs, shown, strict=True):
        if said.startswith("refused: "):
            assert "No space left on device" in said
            assert "what was live stays live" in said
        else:
            assert said in {"done", "not heard of"}
        assert visible == (before if said.startswith("refused: ") else after)
    for folder, _ in runs:
        release(folder)
        assert files_below(folder / "www/current") == after


def release(site: Path) -> None:
    read = read_site(site)
    publish(read, open_target(read, find_stage(read, None)))


BIG = "# Big\n\n" + "many words " * 60_000


@pytest.mark.slow
def test_a_file_that_the_system_will_not_let_grow_leaves_everything_as_it_was(site: Path) -> None:
    """The limit is real (setrlimit(2)): half of a page is written when the system says no."""
    before = tree(site)
    write(site, {"pages/good.md": BIG})

    ran = limited_build(site, limit=400_000)

    assert ran.returncode == 1
    assert "(File too large); expected room" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert tree(site) == before


def limited_build(site: Path, *, limit: int) -> "subprocess.CompletedProcess[str]":
    def set_limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", "sitebuilder", "--site", str(site), "build"],
        cwd=ROOT, preexec_fn=set_limit, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.slow
def test_a_disk_that_is_really_full_leaves_output_and_release_as_they_were(small_disk: Path) -> None:
    site = write(small_disk / "site", {"pages/good.md": "# Good\n", "site.toml": (
        f'{SITE}[stage.trial]\nto = "folder"\npath = "www"\n')})  # fmt: skip
    built(site)
    release(site)
    before, live = tree(site), files_below(site / "www/current")
    write(site, {"pages/good.md": BIG[:300_000]})
    (site / "filler").write_bytes(b"x" * (room_on(small_disk) - 200_000))

    with pytest.raises(SiteError, match="No space left on device"):
        build(read_site(site))

    assert tree(site) == before
    (site / "filler").unlink()
    built(site)
    (site / "filler").write_bytes(b"x" * (room_on(small_disk) - 200_000))

    with pytest.raises(SiteError, match=r"No space left on device.*what was live stays live"):
        release(site)

    assert files_below(site / "www/current") == live


def room_on(disk: Path) -> int:
    return shutil.disk_usage(disk).free
