"""Publishing to a branch: the repository's other work is left alone, and its history tells the facts."""

import subprocess
from pathlib import Path

import pytest

from sitebuilder.errors import SiteError
from tests.sitebuilder.places import git, git_remote, shown_by_git
from tests.sitebuilder.publishing import FIRST, SECOND, Publisher
from tests.sitebuilder.sites import SITE, built, write

ME = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
pytestmark = pytest.mark.slow


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    """A site that is itself a repository, with work begun and not committed."""
    publisher = Publisher(tmp_path, {"to": "git", "branch": "pages"})
    site = publisher.site.folder
    git("init", "-q", "-b", "main", str(site))
    (site / ".gitignore").write_text("out/\n.sitebuilder/\n")
    (site / "site.toml").write_text("")
    git("-C", str(site), "add", ".")
    git("-C", str(site), *ME, "commit", "-qm", "Begin")
    (site / "staged.txt").write_text("staged")
    git("-C", str(site), "add", "staged.txt")
    (site / "site.toml").write_text("edited")
    return publisher


def test_work_tree_index_and_branch_of_the_repository_stay_as_they_were(publisher: Publisher) -> None:
    site = str(publisher.site.folder)
    before = git("-C", site, "status", "--porcelain", "--branch")

    publisher.publish(FIRST)
    publisher.publish(SECOND)
    publisher.roll_back()

    assert git("-C", site, "status", "--porcelain", "--branch") == before
    assert "A  staged.txt" in before


def test_the_message_tells_the_facts(publisher: Publisher) -> None:
    publisher.publish(FIRST)
    release = publisher.publish(SECOND).release

    message = git("-C", str(publisher.site.folder), "log", "-1", "--format=%B", "pages")
    assert message.splitlines()[:3] == [
        f"Publish {release.id}: pages 1 added, 1 changed, 1 removed",
        "",
        f"Release: {release.id}",
    ]
    assert f"Built-From: {release.commit} with changes not committed" in message
    told = publisher.target.releases()[0]
    assert (told.commit, told.dirty) == (release.commit, True)


def test_a_rollback_is_one_more_commit_with_the_old_files(publisher: Publisher) -> None:
    site = str(publisher.site.folder)
    publisher.publish(FIRST)
    publisher.publish(SECOND)
    publisher.roll_back()

    titles = git("-C", site, "log", "--format=%s", "pages").splitlines()
    assert [title.split()[0] for title in titles] == ["Roll", "Publish", "Publish"]
    assert git("-C", site, "rev-parse", "pages^{tree}") == git("-C", site, "rev-parse", "pages~2^{tree}")


def test_a_branch_that_somebody_works_on_is_refused(publisher: Publisher) -> None:
    publisher.site.raw["stage"]["production"]["branch"] = "main"

    with pytest.raises(SiteError, match=r"main is checked out in .*; expected a branch for the built site"):
        publisher.publish(FIRST)


def test_commits_of_others_stay_in_the_history_and_are_no_releases(publisher: Publisher) -> None:
    site = str(publisher.site.folder)
    git("-C", site, "branch", "pages", "main")

    publisher.publish(FIRST)

    assert shown_by_git(publisher.site.folder, "pages") == FIRST
    assert len(publisher.target.releases()) == 1
    assert git("-C", site, "rev-list", "--count", "pages").strip() == "2"


def test_a_folder_that_is_no_repository_is_said(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, {"to": "git", "branch": "pages"})

    with pytest.raises(SiteError, match="not a git repository"):
        publisher.publish(FIRST)


def test_the_file_names_of_a_remote_release_are_read_from_the_remote(tmp_path: Path) -> None:
    """Another clone has published meanwhile: its release is seen, and followed by ours."""
    place = git_remote(tmp_path)
    place.publisher.publish(FIRST)
    other = Publisher(tmp_path / "other", dict(place.publisher.site.raw["stage"]["production"]))
    git("init", "-q", str(tmp_path / "second"))
    other.site.raw["stage"]["production"]["repository"] = str(tmp_path / "second")

    other.publish(SECOND)
    last = place.publisher.publish({"index.html": "last"})

    assert last.release.number == 3
    assert place.visited() == {"index.html": "last"}


def test_a_remote_that_refuses_leaves_the_branch_where_it_was(tmp_path: Path) -> None:
    place = git_remote(tmp_path)
    place.publisher.publish(FIRST)
    hook = tmp_path / "remote.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho no entry >&2\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(SiteError, match="no entry"):
        place.publisher.publish(SECOND)

    assert place.visited() == FIRST
    assert place.publisher.target.log()[-1].now == place.publisher.target.live()


def test_publishing_from_a_hook_finds_its_own_repository(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git tells its hooks its own folder by variables; they must not lead us there."""
    subprocess.run(["git", "init", "-q", str(tmp_path / "hooked")], check=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "hooked/.git"))
    publisher.publish(FIRST)
    monkeypatch.delenv("GIT_DIR")

    assert shown_by_git(publisher.site.folder, "pages") == FIRST


def test_what_github_pages_asks_for_lies_at_the_top_of_a_release(publisher: Publisher) -> None:
    top = {"CNAME": "example.org", ".nojekyll": "", ".htaccess": "Options -Indexes\n"}
    files = {f"static/root/{name}": text for name, text in top.items()}
    write(publisher.site.folder, {"site.toml": SITE, **files})
    built(publisher.site.folder)

    publisher.publish()

    assert shown_by_git(publisher.site.folder, "pages").items() >= top.items()
