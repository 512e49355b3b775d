"""The commands of publishing: their words, their exit codes, and what programs read."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sitebuilder.errors import Problem
from sitebuilder.publishing import diff, history, publish, rollback
from sitebuilder.settings import read_site
from tests.sitebuilder.publishing import FIRST, SECOND, Publisher, tree

TWO_STAGES = """
[stage.test]
to = "folder"
path = "../test"
[stage.production]
to = "folder"
path = "../www"
"""


class Shell:
    """Run a command as `python -m sitebuilder` does."""

    def __init__(self, publisher: Publisher, capsys: pytest.CaptureFixture[str]) -> None:
        self.publisher, self.capsys = publisher, capsys
        self.code = 0
        self.errors = ""

    def configure(self, toml: str) -> None:
        (self.publisher.site.folder / "site.toml").write_text(toml)

    def __call__(self, command: ModuleType, *words: str, **hooks: Any) -> str:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        self.code = command.run(read_site(self.publisher.site.folder), parser.parse_args(words), **hooks)
        printed = self.capsys.readouterr()
        self.errors = printed.err
        return printed.out


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    shell = Shell(Publisher(tmp_path, {}), capsys)
    shell.configure(TWO_STAGES)
    shell.publisher.build(FIRST)
    return shell


def test_publish_says_what_became_live_and_how_to_go_back(shell: Shell, tmp_path: Path) -> None:
    shell(publish, "production")
    shell.publisher.build(SECOND)
    said = shell(publish, "production")

    first = json.loads(shell(history, "production", "--json"))["releases"][1]["release"]
    assert said.splitlines()[1:] == [
        "1 page added, 1 page changed, 1 page removed:",
        "  + news/index.html",
        "  ~ index.html",
        "  - about/index.html",
        f"To go back: python -m sitebuilder rollback {first} --stage production",
    ]
    assert tree(tmp_path / "www/current") == SECOND
    assert shell.code == 0


def test_publish_again_says_that_nothing_changed(shell: Shell) -> None:
    shell(publish, "test")

    assert shell(publish, "test").startswith("test shows what was built already: release 20")


def test_a_dry_run_shows_the_difference_and_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    said = shell(publish, "test", "--dry-run")

    assert "2 pages added, 1 other file." in said
    assert "  + index.html" in said
    assert not (tmp_path / "test").exists()


def test_problems_refuse_a_release_and_its_rehearsal(shell: Shell, tmp_path: Path) -> None:
    checks: Callable[..., list[Problem]] = lambda site: [Problem("no title", file="pages/a.md")]  # noqa: E731

    for words in (["test"], ["test", "--dry-run"]):
        shell(publish, *words, checks=checks)
        assert (shell.code, shell.errors) == (1, "pages/a.md: no title\n")
    assert json.loads(shell(publish, "test", "--json", checks=checks)) == {
        "problems": [{"what": "no title", "file": "pages/a.md", "line": 0, "right": ""}]
    }
    assert (shell.code, shell.errors) == (1, "pages/a.md: no title\n")
    assert not (tmp_path / "test").exists()


def test_there_is_no_way_round_the_checks(shell: Shell) -> None:
    with pytest.raises(SystemExit) as left:
        shell(publish, "test", "--force")

    assert left.value.code == 2


def test_a_rollback_tells_how_to_undo_it(shell: Shell, tmp_path: Path) -> None:
    shell(publish, "production")
    shell.publisher.build(SECOND)
    live = json.loads(shell(publish, "production", "--json"))

    said = shell(rollback, "--stage", "production")

    assert f"is now at release {live['was']}: 1 page added, 1 page changed, 1 page removed." in said
    assert f"rollback {live['live']} --stage production" in said
    assert tree(tmp_path / "www/current") == FIRST


def test_a_rollback_takes_the_name_of_a_stage_as_publish_does(shell: Shell, tmp_path: Path) -> None:
    shell(publish, "production")
    shell.publisher.build(SECOND)
    shell(publish, "production")

    shell(rollback, "production")

    assert tree(tmp_path / "www/current") == FIRST


def test_releases_are_listed_with_the_live_one_marked(shell: Shell) -> None:
    assert shell(history, "test").startswith("Nothing was published to test")
    shell(publish, "test")
    shell.publisher.build(SECOND)
    shell(publish, "test")
    shell(rollback, "--stage", "test")

    newer, older = shell(history, "test").splitlines()
    assert newer.startswith("      20")
    assert newer.endswith("1 page added, 1 page changed, 1 page removed")
    assert older.startswith("live  20")
    assert [line.split()[1] for line in shell(history, "test", "--log").splitlines()] == [
        "publish", "publish", "rollback",
    ]  # fmt: skip


def test_a_release_of_other_files_than_pages_says_how_many(shell: Shell, tmp_path: Path) -> None:
    shell(publish, "test")
    shell.publisher.build({path: text for path, text in FIRST.items() if path != "static/app.css"})
    shell(publish, "test")

    newer, older = shell(history, "test").splitlines()
    told = json.loads(shell(history, "test", "--json"))["releases"]

    assert newer.endswith("no commit  1 other file")
    assert older.endswith("2 pages added, 1 other file")
    assert [release["others"] for release in told] == [1, 1]


def test_a_release_from_before_other_files_were_counted_says_no_more_than_it_knows(
    shell: Shell, tmp_path: Path
) -> None:
    shell(publish, "test")
    shell.publisher.build({**FIRST, "static/app.css": "blue"})
    shell(publish, "test")
    for manifest in (tmp_path / "test/releases").glob("*.json"):
        facts = json.loads(manifest.read_text())
        del facts["others"]
        manifest.write_text(json.dumps(facts))

    newer, older = shell(history, "test").splitlines()

    assert newer.endswith("no page changed")
    assert older.endswith("2 pages added")


def test_programs_read_releases_as_json(shell: Shell) -> None:
    shell(publish, "test")

    told = json.loads(shell(history, "test", "--json"))
    release = told["releases"][0]
    assert told["live"] == release["release"] == told["switches"][0]["now"]
    assert release["pages"]["added"] == ["about/index.html", "index.html"]
    assert release["live"] is True


def test_diff_compares_the_build_with_what_is_live(shell: Shell) -> None:
    shell(publish, "test")
    shell.publisher.build(SECOND)

    assert shell(diff, "test").splitlines() == [
        "Against test: 1 page added, 1 page changed, 1 page removed.",
        "  + news/index.html",
        "  ~ index.html",
        "  - about/index.html",
    ]
    assert json.loads(shell(diff, "test", "--json"))["changes"]["added"] == ["news/index.html"]


def test_many_changes_are_counted_after_the_first(shell: Shell) -> None:
    shell.publisher.build({f"{number:02}.html": "x" for number in range(25)})

    assert shell(diff, "test").splitlines()[-1] == "  + and 5 more"


def test_a_stage_that_is_not_there_is_a_mistake_of_usage(shell: Shell) -> None:
    shell(publish, "live")
    assert (shell.code, shell.errors) == (2, "there is no stage 'live'; expected one of test, production\n")
    shell(publish)
    assert (shell.code, shell.errors) == (2, "a stage must be named; expected one of test, production\n")
    shell.configure("")
    shell(history)
    assert shell.code == 2
    assert shell.errors.startswith("site.toml: no stage to publish to; expected [stage.production]")


def test_the_only_stage_need_not_be_named(shell: Shell, tmp_path: Path) -> None:
    shell.configure('[stage.live]\nto = "folder"\npath = "../www"')
    shell(publish)

    assert tree(tmp_path / "www/current") == FIRST


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", "does not say where `to`; expected folder, git, rsync or s3"),
        ("to = 'ftp'", "`to` is 'ftp'; expected one of folder, git, rsync, s3"),
        ("to = 'folder'", 'has no `path`; expected a folder, such as "/srv/www/example"'),
        ("to = 'folder'\npath = 3", '`path` is 3; expected a folder, such as "/srv/www/example"'),
        ("to = 'folder'\npath = 'x'\nkeep = 0", "`keep` is 0; expected a whole number from 1"),
        ("to = 'folder'\npaht = 'x'", "`paht` is no setting of it; perhaps you meant path"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(shell: Shell, table: str, said: str) -> None:
    shell.configure(f"[stage.test]\n{table}")
    shell(publish)

    assert (shell.code, shell.errors) == (1, f"site.toml: [stage.test] {said}\n")
