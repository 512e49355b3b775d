"""Publishing to a folder of releases: what is live is always one whole release."""

import errno
import json
import os
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from sitebuilder.errors import Problem, SiteError
from sitebuilder.publishing import durably
from sitebuilder.publishing.publishing import publish
from tests.sitebuilder.publishing import FIRST, SECOND, Publisher, tree


@pytest.fixture
def www(tmp_path: Path) -> Path:
    return tmp_path / "www"


@pytest.fixture
def publisher(tmp_path: Path, www: Path) -> Publisher:
    return Publisher(tmp_path, {"to": "folder", "path": str(www), "keep": 3})


def names(www: Path) -> list[str]:
    """Return everything below the stage, links too, but for the log, which only grows."""
    return sorted(str(path.relative_to(www)) for path in www.rglob("*") if path.name != "publish.log")


def manifest(www: Path) -> dict[str, object]:
    release = (www / "current").readlink().name
    found: dict[str, object] = json.loads((www / "releases" / f"{release}.json").read_text())
    return found


def test_what_was_built_becomes_live(publisher: Publisher, www: Path) -> None:
    publisher.publish(FIRST)

    assert tree(www / "current") == FIRST


def test_the_next_release_replaces_the_first_as_a_whole(publisher: Publisher, www: Path) -> None:
    publisher.publish(FIRST)
    publisher.publish(SECOND)

    assert tree(www / "current") == SECOND


def test_a_file_that_did_not_change_is_stored_once(publisher: Publisher, www: Path) -> None:
    first = publisher.publish(FIRST).release.id
    publisher.publish(SECOND)

    old, new = www / "releases" / first, www / "current"
    assert (new / "static/app.css").samefile(old / "static/app.css")
    assert not (new / "index.html").samefile(old / "index.html")


@pytest.mark.parametrize("many", [0, 1000])
def test_all_that_is_new_is_on_the_disk_before_the_switch(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """By one call for the file system, or by one for each file and folder."""
    publisher.publish(FIRST)
    publisher.build(SECOND)
    settled: list[str] = []
    settle, flush = durably.settle, durably.flush_file_system

    def settle_and_tell(path: Path) -> None:
        settled.append(path.name)
        settle(path)

    def flush_and_tell(of: Path) -> None:
        settled.append("all")
        flush(of)

    monkeypatch.setattr(durably, "MANY", many)
    monkeypatch.setattr(durably, "settle", settle_and_tell)
    monkeypatch.setattr(durably, "flush_file_system", flush_and_tell)

    release = publisher.publish().release

    put = settled[: settled.index("releases")]
    one_by_one = sorted([f".{release.id}", "index.html", "news", "index.html", "static", "app.css"])
    assert sorted(put) == (["all"] if many == 0 and durably.SYNCFS else one_by_one)


def test_a_change_of_equal_size_and_time_is_seen(publisher: Publisher, www: Path) -> None:
    publisher.publish({"index.html": "one"})
    publisher.build({"index.html": "two"})
    then = (www / "current/index.html").stat()
    os.utime(publisher.site.output / "index.html", ns=(then.st_atime_ns, then.st_mtime_ns))

    publisher.publish()

    assert tree(www / "current") == {"index.html": "two"}


def test_what_somebody_edited_in_place_is_put_right_by_the_next_publish(
    publisher: Publisher, www: Path
) -> None:
    publisher.publish(FIRST)
    (www / "current/static/app.css").write_text("blue")

    outcome = publisher.publish()

    assert outcome.changes.changed == ("static/app.css",)
    assert tree(www / "current") == FIRST


def test_the_manifest_tells_who_when_and_which_pages(publisher: Publisher, www: Path) -> None:
    publisher.publish(FIRST)
    publisher.publish(SECOND)

    told = manifest(www)
    assert "@" in str(told["by"])
    assert str(told["at"]).endswith("Z")
    assert told["pages"] == {
        "added": ["news/index.html"],
        "changed": ["index.html"],
        "removed": ["about/index.html"],
    }
    assert told["files"] == {path: sha256(text.encode()).hexdigest() for path, text in SECOND.items()}


def test_the_manifest_names_the_commit_and_whether_more_was_built(publisher: Publisher, www: Path) -> None:
    folder = publisher.site.folder
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(folder)]
    (folder / "site.toml").touch()
    for words in (["init", "-q"], ["add", "site.toml"], ["commit", "-qm", "Begin"]):
        subprocess.run([*git, *words], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)

    publisher.publish(FIRST)
    clean = manifest(www)
    (folder / "site.toml").write_text("name = 'x'")
    publisher.publish(SECOND)

    assert (clean["commit"], clean["dirty"]) == (head.stdout.strip(), False)
    assert manifest(www)["dirty"] is True


def test_nothing_of_a_manifest_can_be_read_by_visitors(publisher: Publisher, www: Path) -> None:
    publisher.publish(FIRST)

    assert tree(www / "current").keys() == FIRST.keys()


def test_publishing_the_same_again_makes_no_release(publisher: Publisher, www: Path) -> None:
    first = publisher.publish(FIRST)
    again = publisher.publish(FIRST)

    assert not again.switched
    assert again.release.id == first.release.id
    assert len(list((www / "releases").glob("*.json"))) == 1


def test_only_so_many_releases_are_kept(publisher: Publisher, www: Path) -> None:
    ids = [publisher.publish({"index.html": str(number)}).release.id for number in range(5)]

    assert [release.id for release in publisher.target.releases()] == ids[:1:-1]
    assert sorted(path.name for path in (www / "releases").iterdir() if path.is_dir()) == sorted(ids[2:])


def test_the_live_release_is_kept_however_old_it_is(publisher: Publisher) -> None:
    ids = [publisher.publish({"index.html": str(number)}).release.id for number in range(3)]
    publisher.roll_back(ids[0])
    target = publisher.target
    target.keep = 1  # type: ignore[attr-defined]

    target.prune(lambda step: None)

    assert [release.id for release in target.releases()] == [ids[2], ids[0]]


def test_a_rollback_goes_one_back_and_forward_again(publisher: Publisher, www: Path) -> None:
    first, second = publisher.publish(FIRST), publisher.publish(SECOND)

    back = publisher.roll_back()
    assert tree(www / "current") == FIRST
    assert back.release.id == first.release.id

    publisher.roll_back(second.release.id[-6:])
    assert tree(www / "current") == SECOND


def test_a_stage_where_nothing_was_published_has_no_history(publisher: Publisher) -> None:
    assert publisher.target.releases() == []
    assert publisher.target.log() == []


def test_the_log_tells_every_switch(publisher: Publisher) -> None:
    first, second = publisher.publish(FIRST).release.id, publisher.publish(SECOND).release.id
    publisher.roll_back()

    told = [(switch.how, switch.was, switch.now) for switch in publisher.target.log()]
    assert told == [("publish", "", first), ("publish", first, second), ("rollback", second, first)]


def test_a_line_that_was_cut_off_spoils_no_other(publisher: Publisher, www: Path) -> None:
    publisher.publish(FIRST)
    with (www / "publish.log").open("a") as log:
        log.write('{"was": "2026')
    publisher.publish(SECOND)

    assert len(publisher.target.log()) == 2


def test_a_switch_that_was_announced_and_never_made_is_not_told(publisher: Publisher) -> None:
    publisher.publish(FIRST)
    publisher.build(SECOND)
    with pytest.raises(SiteError):
        publish(publisher.site, publisher.target, step=failing_at("link drafted", errno.EIO))

    publisher.publish(SECOND)

    assert [switch.how for switch in publisher.target.log()] == ["publish", "publish"]
    assert publisher.target.log()[-1].now == publisher.target.live()


def test_a_rollback_to_nowhere_names_what_there_is(publisher: Publisher) -> None:
    only = publisher.publish(FIRST).release.id

    with pytest.raises(SiteError, match="no release before the live one"):
        publisher.roll_back()
    with pytest.raises(SiteError, match=f"no release called 'x'; expected one of {only}"):
        publisher.roll_back("x")


def test_a_rollback_before_the_first_release_is_told_that_there_is_none(publisher: Publisher) -> None:
    with pytest.raises(SiteError) as raised:
        publisher.roll_back("2026")

    assert str(raised.value) == (
        "no release called '2026': nothing was published yet; "
        "expected `python -m sitebuilder publish` before it"
    )


def test_a_release_with_problems_is_refused(publisher: Publisher, www: Path) -> None:
    publisher.publish(FIRST)
    publisher.build(SECOND)
    problem = Problem("the link /x/ leads nowhere", file="pages/a.md", line=12)

    with pytest.raises(SiteError, match="leads nowhere"):
        publish(publisher.site, publisher.target, checks=lambda site: [problem])

    assert tree(www / "current") == FIRST


def test_an_empty_build_is_refused(publisher: Publisher) -> None:
    with pytest.raises(SiteError, match="nothing to publish"):
        publisher.publish({})


@pytest.mark.parametrize("name", ["link.html", "a\nb.html"])
def test_what_a_release_cannot_hold_is_refused(publisher: Publisher, name: str) -> None:
    publisher.build(FIRST)
    (publisher.site.output / name).symlink_to("index.html")

    with pytest.raises(SiteError, match=r"holds plain files only"):
        publisher.publish()


def test_a_name_that_no_address_can_show_is_refused(publisher: Publisher) -> None:
    publisher.build({**FIRST, "a\nb.html": "x"})

    with pytest.raises(SiteError, match=r"'a\\nb.html' has characters"):
        publisher.publish()


def test_a_folder_called_current_is_not_overwritten(publisher: Publisher, www: Path) -> None:
    (www / "current").mkdir(parents=True)

    with pytest.raises(SiteError, match="this is no link"):
        publisher.publish(FIRST)


def test_a_build_that_goes_on_meanwhile_is_not_published(publisher: Publisher, www: Path) -> None:
    publisher.publish(FIRST)
    publisher.build(SECOND)

    def build_again(step: str) -> None:
        if step == "draft made":
            publisher.build({**SECOND, "news/index.html": "later news"})

    with pytest.raises(SiteError, match="changed while it was being published"):
        publish(publisher.site, publisher.target, step=build_again)
    assert tree(www / "current") == FIRST


def steps_of_a_publish(publisher: Publisher) -> list[str]:
    steps: list[str] = []
    publish(publisher.site, publisher.target, step=steps.append)
    return steps


def failing_at(wanted: str, number: int) -> Callable[[str], None]:
    def step(name: str) -> None:
        if name == wanted:
            raise OSError(number, os.strerror(number))

    return step


def test_a_full_disk_leaves_the_old_release_and_nothing_else(tmp_path: Path) -> None:
    """Whichever step meets it."""
    rehearsal = Publisher(tmp_path / "rehearsal", {"to": "folder", "path": "../www"})
    rehearsal.publish(FIRST)
    rehearsal.build(SECOND)
    steps = steps_of_a_publish(rehearsal)
    before_the_switch = steps[: steps.index("switched")]
    publisher = Publisher(tmp_path / "real", {"to": "folder", "path": "../www"})
    publisher.publish(FIRST)
    publisher.build(SECOND)
    www = tmp_path / "real" / "www"
    before = names(www)

    for step in before_the_switch:
        with pytest.raises(SiteError, match=r"No space left on device.*what was live stays live"):
            publish(publisher.site, publisher.target, step=failing_at(step, errno.ENOSPC))
        assert names(www) == before, step
        assert tree(www / "current") == FIRST, step
    assert {
        "locked",
        "draft made",
        "files written",
        "manifest written",
        "files in place",
        "link drafted",
    } <= {*before_the_switch}


@pytest.fixture
def files_of_100_bytes() -> Iterator[None]:
    """The system writes no file further than that, as a quota would have it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_the_system_cuts_off_leaves_the_old_release(
    publisher: Publisher, www: Path, request: pytest.FixtureRequest
) -> None:
    publisher.publish(FIRST)
    before = names(www)
    publisher.build({**FIRST, "index.html": "x" * 5000})
    request.getfixturevalue("files_of_100_bytes")

    with pytest.raises(SiteError, match="File too large"):
        publisher.publish()

    assert names(www) == before
    assert tree(www / "current") == FIRST


def test_a_place_that_cannot_be_written_to_is_said(publisher: Publisher, www: Path) -> None:
    www.write_text("a file")

    with pytest.raises(SiteError, match=r"File exists|Not a directory"):
        publisher.publish(FIRST)


@contextmanager
def nobody() -> Iterator[None]:
    """Be somebody who may not write everywhere, also where the tests run as root."""
    was = os.geteuid()
    os.seteuid(was or 65534)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_folder_that_may_not_be_written_to_is_said() -> None:
    with tempfile.TemporaryDirectory(prefix="publish-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        publisher = Publisher(root, {"to": "folder", "path": "../www"})
        publisher.publish(FIRST)
        publisher.build(SECOND)
        (root / "www").chmod(0o555)

        with nobody(), pytest.raises(SiteError, match=r"Permission denied \(.*\); what was live stays live"):
            publisher.publish()
        assert tree(root / "www/current") == FIRST


def test_old_releases_that_cannot_be_removed_do_not_undo_the_switch(publisher: Publisher, www: Path) -> None:
    publisher.site.raw["stage"]["production"]["keep"] = 1
    first = publisher.publish(FIRST).release.id
    publisher.build(SECOND)

    outcome = publish(publisher.site, publisher.target, step=failing_at(f"pruned {first}", errno.EIO))

    assert outcome.left == "[Errno 5] Input/output error"
    assert tree(www / "current") == SECOND


def test_two_publishers_at_once_do_not_meet(publisher: Publisher, www: Path) -> None:
    """The second is told who is in, since when."""
    publisher.publish(FIRST)
    publisher.build(SECOND)

    def publish_too(step: str) -> None:
        if step == "draft made":
            me = rf"@.* \(process {os.getpid()}, since 20..-..-..T..:..:..Z\) is publishing to {www}"
            with pytest.raises(SiteError, match=me):
                publisher.publish()
            with pytest.raises(SiteError, match="is publishing"):
                publisher.roll_back()

    publish(publisher.site, publisher.target, step=publish_too)

    assert tree(www / "current") == SECOND
    assert len(publisher.target.releases()) == 2


def test_a_stage_may_lie_beside_the_site(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, {"to": "folder", "path": "../www"})
    publisher.publish(FIRST)

    assert tree(tmp_path / "www" / "current") == FIRST


def test_a_release_gone_from_the_disk_is_published_anew(publisher: Publisher, www: Path) -> None:
    release = publisher.publish(FIRST).release.id
    (www / "releases" / release).rename(www / "elsewhere")

    publisher.publish(FIRST)

    assert tree(www / "current") == FIRST
    assert len(publisher.target.releases()) == 1


def test_releases_are_ordered_by_number_whatever_the_clock_said(publisher: Publisher, www: Path) -> None:
    first, second = publisher.publish(FIRST).release.id, publisher.publish(SECOND).release.id
    path = www / "releases" / f"{first}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"at": "2099-01-01T00:00:00Z"}))

    assert [release.id for release in publisher.target.releases()] == [second, first]
