"""A plain build that has nothing to do says so at once, and is never wrong about it."""

import errno
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from sitebuilder import unchanged
from sitebuilder.__main__ import main
from sitebuilder.unchanged import Look, touched
from tests.sitebuilder.sites import LAYOUT, write

OLD = 1_600_000_000  # seconds since 1970: a file this old is not written again in the same instant
Change = Callable[[Path], object]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that was built, long after its files were written."""
    site = write(tmp_path / "site", {"site.toml": "", "templates/page.html": LAYOUT, "pages/a.md": "# A"})
    for file in site.rglob("*"):
        os.utime(file, (OLD, OLD))
    assert main(["--site", str(site), "build"]) == 0
    return site


CHANGES: dict[str, Change] = {
    "another text": lambda site: (site / "pages/a.md").write_text("# B"),
    "another time": lambda site: os.utime(site / "pages/a.md", (OLD + 1, OLD + 1)),
    "another file of the same time and size": lambda site: (
        shutil.copy2(site / "pages/a.md", site / "b") and (site / "b").replace(site / "pages/a.md")
    ),
    "a new page": lambda site: (site / "pages/b.md").write_text("# B"),
    "a page that is gone": lambda site: (site / "pages/a.md").unlink(),
    "other settings": lambda site: (site / "site.toml").write_text("[site]\nname = 'B'\n"),
    "a file of the output that is gone": lambda site: (site / "out/a/index.html").unlink(),
    "a file of the output that was touched": lambda site: (site / "out/a/index.html").write_text("x"),
    "a build that did not end": lambda site: (site / ".sitebuilder/building").touch(),
    "pages of a project": lambda site: (site / ".sitebuilder/project").touch(),
    "a damaged memory": lambda site: (site / ".sitebuilder/seen").write_bytes(b"x" * 40),
    "no memory": lambda site: (site / ".sitebuilder/seen").unlink(),
    "a name that is no text": lambda site: Path(
        os.fsdecode(os.fsencode(site / "pages") + b"/\xff.md")
    ).touch(),
}


def look(site: Path) -> Look:
    return Look(str(site), str(site / ".sitebuilder"))


def test_a_site_that_is_as_it_was_is_told_as_the_build_itself_would(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    total = look(site).seen.total
    assert look(site).is_done()
    capsys.readouterr()

    assert main(["build", "--site", str(site)]) == 0

    assert total
    assert capsys.readouterr().out.startswith(f"{total} files, 0 written, 0 removed, in ")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_has_changed_is_left_to_the_build(site: Path, change: Change) -> None:
    assert look(site).is_done()

    change(site)

    assert not look(site).is_done()


@pytest.fixture
def _in_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the site were large."""
    monkeypatch.setattr(unchanged, "ALONE_BELOW", 0)


@pytest.mark.usefixtures("_in_two_processes")
def test_of_two_processes_one_looks_at_each_file_and_folder_of_the_output(site: Path) -> None:
    seen = look(site).seen
    assert look(site).is_done()

    for path in [*seen.written, *seen.folders]:
        place = site / "out" / path
        before = place.stat()
        os.utime(place, (OLD, OLD))
        assert look(site).touched == {path}
        os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.usefixtures("_in_two_processes")
def test_what_a_process_that_died_was_to_look_at_is_looked_at_all_the_same(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = os.getpid()
    monkeypatch.setattr(
        unchanged,
        "touched",
        lambda *asked: touched(*asked) if os.getpid() == ours else os.kill(os.getpid(), signal.SIGKILL),
    )
    assert look(site).is_done()

    (site / "out/a/index.html").write_text("x")

    assert look(site).touched == {"a/index.html"}


@pytest.mark.usefixtures("_in_two_processes")
def test_where_the_system_has_no_room_for_a_process_one_looks_at_all(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", full)
    before = len(list(Path("/proc/self/fd").iterdir()))

    assert look(site).is_done()

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_drafts_and_pages_that_wait_for_their_day_are_left_to_the_build(site: Path) -> None:
    assert main(["--site", str(site), "build", "--drafts"]) == 0
    assert not look(site).is_done()

    write(site, {"pages/later.md": "---\ndate: 2999-01-01\n---\n# Later"})
    os.utime(site / "pages/later.md", (OLD, OLD))
    assert main(["--site", str(site), "build"]) == 0
    assert not look(site).is_done()


def test_another_version_of_a_library_is_left_to_the_build(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitebuilder.unchanged.code_in_words", lambda: "pygments-99")

    assert not look(site).is_done()
