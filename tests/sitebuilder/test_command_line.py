"""The command line tells a newcomer what to do next, and takes words where people write them."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from django import get_version

from sitebuilder.__main__ import main
from sitebuilder.command_line import COMMANDS
from sitebuilder.errors import SiteError
from sitebuilder.settings import read_site
from sitebuilder.versions import version
from tests.sitebuilder.sites import LAYOUT, SITE, tree, write
from tests.sitebuilder.stepping import ROOT


def test_without_words_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(f"    {name} " in said for name in COMMANDS)
    assert "`python -m sitebuilder new my-site` makes one" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_of_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])

    assert ended.value.code == 0
    assert COMMANDS[command][1][1:30] in capsys.readouterr().out


MISSPELT = {
    "biuld": ("", "there is no command biuld; perhaps you meant build"),
    "biuld build": ("", "there is no command biuld; perhaps you meant build"),
    "--site x zebra": ("", "there is no command zebra; expected one of new, build, serve, "),
    "build --verfy": (" build", "unrecognized arguments: --verfy; perhaps you meant --verify"),
    "build --wrokers=3": (" build", "unrecognized arguments: --wrokers=3; perhaps you meant --workers"),
    "build zebra --drafts": (" build", "unrecognized arguments: zebra\n"),
    "rollback --satge live": (" rollback", "unrecognized arguments: --satge; perhaps you meant --stage"),
    "--iste x build": ("", "there is no command x; "),
}


@pytest.mark.parametrize("words", MISSPELT)
def test_a_misspelt_command_or_option_is_told_with_the_usage_and_what_was_meant(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, message = MISSPELT[words]

    with pytest.raises(SystemExit) as ended:
        main(words.split())

    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert told.startswith(f"usage: python -m sitebuilder{command} [-h]")
    assert f"python -m sitebuilder{command}: error: {message}" in told


@pytest.mark.parametrize("words", [["--site", "build", "build"], ["build", "--site", "build"]])
def test_the_site_is_named_before_or_after_the_command_and_may_be_called_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    write(tmp_path / "build", {"pages/a.md": "x"})
    monkeypatch.chdir(tmp_path)

    assert main(words) == 0

    assert "a/index.html" in tree(tmp_path / "build")


@pytest.mark.parametrize("command", [["build"], ["check"], ["explain", "/"], ["publish"], ["releases"]])
def test_a_folder_without_a_site_is_told_how_to_make_one(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--site", str(tmp_path), *command]) == 1

    said = capsys.readouterr().err
    assert said.startswith(f"there is no site.toml in {tmp_path}; expected a site's folder")
    assert "`python -m sitebuilder new FOLDER` makes one" in said


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[sit]\nname = 'x'\n", "site.toml:1: sit is no setting; perhaps you meant site"),
        (
            f"{SITE}[build]\nadresses = 'flat'\n",
            "site.toml:5: build.adresses is no setting; perhaps you meant build.",
        ),
        (
            f"{SITE}[section.posts]\norderd = 'date'\n",
            "site.toml:5: section.posts.orderd is no setting;",
        ),
        ("[site]\nnmae = 'x'\n", "site.toml:2: site.nmae is no setting; perhaps you meant site.name"),
        (f"{SITE}[feeds]\nlimit = 3\n", "site.toml:4: feeds is no setting; perhaps you meant feed"),
    ],
)
def test_a_misspelt_setting_is_told_with_its_line_and_what_was_meant(
    tmp_path: Path, toml: str, message: str
) -> None:
    write(tmp_path, {"site.toml": toml})

    with pytest.raises(SiteError) as raised:
        read_site(tmp_path)

    assert str(raised.value).startswith(message)


def test_settings_of_the_sites_own_are_let_be(tmp_path: Path) -> None:
    toml = f"{SITE}names = ['a']\nmotto = 'x'\n[params]\nadresses = 1\n[shop]\nopen = true\n"

    assert read_site(write(tmp_path, {"site.toml": toml})).raw["shop"] == {"open": True}


def test_a_check_before_the_first_build_is_told_to_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--site", str(write(tmp_path, {})), "check"]) == 1

    assert "run `python -m sitebuilder build` first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("/postss/", "perhaps you meant /posts/"), ("pages/posts/a.mb", "perhaps you meant pages/posts/a.md")],
)
def test_a_page_that_was_not_built_is_told_with_what_may_have_been_meant(
    tmp_path: Path, asked: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = ["--site", str(write(tmp_path, {"pages/posts/a.md": "x", "pages/posts/index.md": "x"}))]
    assert main([*site, "explain", asked]) == 1
    assert "run `python -m sitebuilder build` first" in capsys.readouterr().err
    main([*site, "build"])

    assert main([*site, "explain", asked]) == 1

    assert f"{meant}\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked",
    [
        "./pages/posts/a.md", "out/posts/a/index.html", "./out/about/../posts/a/index.html",
        "posts/a/index.html", "../site/pages/posts/a.md", "{site}/pages/posts/a.md",
        "{site}/out/posts/a/index.html", "{linked}/pages/posts/a.md",
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_page_may_be_asked_for_by_any_name_of_its_file(
    tmp_path: Path,
    asked: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    is_inside: bool,
) -> None:
    site = write(tmp_path / "site", {"pages/posts/a.md": "x"})
    (tmp_path / "linked").symlink_to(site)
    monkeypatch.chdir(site if is_inside else tmp_path)
    main(["--site", str(site), "build"])

    assert main(["--site", str(site), "explain", asked.format(site=site, linked=tmp_path / "linked")]) == 0

    assert "/posts/a/index.html is made of pages/posts/a.md. It read:\n" in capsys.readouterr().out


def test_a_page_may_be_asked_for_by_its_file_as_seen_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "site", {"pages/a.md": "x"})
    monkeypatch.chdir(tmp_path)
    main(["--site", "site", "build"])

    assert main(["--site", "site", "explain", "site/pages/a.md"]) == 0


@pytest.mark.parametrize(
    ("matter", "why"),
    [("draft: true", "is a draft"), ("date: 2999-01-01", "waits for its day, 2999-01-01 00:00+00:00")],
)
def test_a_page_that_is_not_published_yet_is_explained_as_one_that_waits(
    tmp_path: Path, matter: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files: dict[str, str | bytes] = {"pages/a.md": "x", "pages/b.md": f"---\n{matter}\n---\n"}
    site = ["--site", str(write(tmp_path, files))]
    main([*site, "build"])

    assert main([*site, "explain", "./pages/b.md"]) == 1

    told = capsys.readouterr().err
    assert told == f"pages/b.md {why}; expected a page that is published, or `build --drafts` before\n"


def test_what_a_page_read_is_told_in_plain_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listing = "{% for p in page.pages|slice:':1' %}{% endfor %}{% for p in site.pages %}{% endfor %}"
    files: dict[str, str | bytes] = {
        "site.toml": f"{SITE}[feed]\nsection = 'posts'\n[search]\nenabled = true\n[languages]\nen = 'E'\n",
        "pages/posts/a.md": "---\ntags: [red]\naliases: [/old/]\n---\n",
        "pages/posts/b.md": "---\ntags: [red]\n---\n",
        "pages/posts/index.html": f"---\npaginate: 1\n---\n{listing}{{{{ page.pages|length }}}}",
        "pages/c.html": "{{ page.next }}{{ site.tags }}{{ site.data }}",
        "static/a@2x.png": "x",
        "templates/tag.html": "{% for page in pages %}{% endfor %}",
        "templates/tags.html": "",
    }
    site = ["--site", str(write(tmp_path, files))]
    main([*site, "build"])
    told = {}
    for path in (
        "/posts/",
        "/c/",
        "/tags/red/",
        "/posts/page/2/",
        "/old/",
        "/feed.xml",
        "/search.json",
        "/tags/",
        "static/a@2x.png",
    ):
        capsys.readouterr()
        assert main([*site, "explain", path]) == 0
        told[path] = capsys.readouterr().out

    assert "  pages 1 to 1 of section posts in en\n" in told["/posts/"]
    assert "  all of the site's pages in en\n" in told["/posts/"]
    assert "  the length of section posts in en\n" in told["/posts/"]
    assert "  the page after pages/c.html\n" in told["/c/"]
    assert "  the tags in en\n" in told["/c/"]
    assert "  which files there are in data/\n" in told["/c/"]
    assert "/tags/red/index.html lists the pages of the tag red in en. It read:\n" in told["/tags/red/"]
    assert "  all of the tag red in en\n" in told["/tags/red/"]
    assert " is made of pages/posts/index.html, as page 2 of its list. " in told["/posts/page/2/"]
    assert "/old/index.html leads to /posts/a/. " in told["/old/"]
    assert "/feed.xml is a feed of section posts in en. " in told["/feed.xml"]
    assert "/search.json is the search index in en. " in told["/search.json"]
    assert "/tags/index.html lists the tags in en. " in told["/tags/"]
    assert "/static/a@2x.png is a copy of static/a@2x.png. " in told["static/a@2x.png"]


def explained(site: list[str], asked: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert main([*site, "explain", asked, "--json"]) == 0
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return document


def test_a_program_reads_what_a_page_is_made_of_and_why_it_would_be_built_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"pages/a.md": "{% asset 'é.css' %}", "static/é.css": "a{}", "pages/b.md": "x"})
    site = ["--site", str(tmp_path)]
    main([*site, "build"])

    made = explained(site, "/a/", capsys)
    write(tmp_path, {"pages/a.md": "{% asset 'é.css' %} anew"})
    (tmp_path / "pages/b.md").unlink()

    reads = made.pop("reads")
    extras = made.pop("extras")
    assert made == {
        "path": "a/index.html", "address": "/a/", "kind": "page", "what": "pages/a.md", "number": 1,
        "reasons": [], "removed": False,
    }  # fmt: skip
    assert isinstance(reads, list)
    assert {"file pages/a.md", "file static/é.css", "settings"} <= set(reads)
    assert isinstance(extras, list)
    assert [name.partition(".")[0] for name in extras] == ["static/é"]
    edited, gone = (explained(site, page, capsys) for page in ("pages/a.md", "b/index.html"))
    assert edited["reasons"] == ["file pages/a.md changed"]
    assert (gone["reasons"], gone["removed"]) == ([], True)


def test_a_page_that_is_no_longer_part_of_the_site_is_explained_as_one_that_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = ["--site", str(write(tmp_path, {"pages/a.md": "x"}))]
    main([*site, "build"])
    (tmp_path / "pages/a.md").unlink()

    main([*site, "explain", "/a/"])

    assert "It would be removed: it is no longer part of the site." in capsys.readouterr().out


def test_a_page_that_waits_for_the_first_build_is_told_to_be_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = ["--site", str(write(tmp_path, {"pages/a.md": "x"}))]
    main([*site, "build"])
    write(tmp_path, {"pages/aa.md": "x"})

    assert main([*site, "explain", "pages/aa.md"]) == 1

    assert "expected a page that was: run `python -m sitebuilder build` first" in capsys.readouterr().err


def test_the_version_is_the_newest_of_the_changelog(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    told = f"sitebuilder {version()}, on Python {platform.python_version()} and Django {get_version()}\n"
    assert (ended.value.code, capsys.readouterr().out) == (0, told)


@pytest.mark.parametrize(
    ("changelog", "expected"),
    [
        ("# Changelog\n\n## Unreleased\n\n### Added\n", "unreleased"),
        ("## [1.2.0] - 2026-01-31\n\n## [1.1.0] - 2026-01-01\n", "1.2.0"),
        ("## [Unreleased]\n\n## 1.2.0\n", "unreleased, after 1.2.0"),
        ("", "unknown"),
    ],
)
def test_a_version_is_read_as_changelogs_write_it(tmp_path: Path, changelog: str, expected: str) -> None:
    (tmp_path / "CHANGELOG.md").write_text(changelog)

    assert version(tmp_path / "CHANGELOG.md") == expected


@pytest.mark.parametrize("count", ["-3", "many"])
def test_a_count_of_processes_that_cannot_be_is_refused(
    tmp_path: Path, count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--site", str(write(tmp_path, {})), "build", "--workers", count])

    assert ended.value.code == 2
    assert f"--workers: it is '{count}'; expected a whole number from 0" in capsys.readouterr().err


EVERY = ["build", "publish", "check", "diff", "releases", "rollback", "serve", "explain"]


@pytest.mark.parametrize("command", EVERY)
def test_a_program_reads_what_ended_a_command(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(
        tmp_path, {"site.toml": f"{SITE}[stage.trial]\nto = 3\n", "pages/a.md": "---\ndraft: perhaps\n---\n"}
    )
    wrong_page = {"what": "draft is 'perhaps'", "file": "pages/a.md", "line": 2, "right": "true or false"}

    more = {"serve": ["--port=-1"], "explain": ["/a/"]}.get(command, [])
    code = main(["--site", str(tmp_path), command, "--json", *more])

    told = capsys.readouterr()
    problems = json.loads(told.out)["problems"]
    assert code == 1
    assert [sorted(problem) for problem in problems] == [["file", "line", "right", "what"]]
    assert problems[0]["what"] in told.err
    assert (problems == [wrong_page]) is (command in ("build", "publish"))


READERS = {
    "has gone": "| true",
    "has gone, of an unbuffered one": "| true",
    "is content with a line": "| head -1",
    "never was": ">&- 2>&-",
}


@pytest.mark.parametrize("reader", READERS)
def test_what_was_done_is_told_as_done_though_its_reader(tmp_path: Path, reader: str) -> None:
    toml = f"{SITE}[stage.trial]\nto = 'folder'\npath = 'live'\n"
    pages: dict[str, str | bytes] = {f"pages/{number}.md": "x" for number in range(300)}  # 8 KB of names
    site = write(tmp_path, {"site.toml": toml, **pages})

    for command in ("build --dry-run", "publish", "releases", "--help"):
        ran = piped(f"--site {site} {command}", READERS[reader], "1" if "unbuffered" in reader else "")

        assert (ran.returncode, ran.stderr) == (0, "")
    assert (site / "live/current/9/index.html").exists()


def test_what_was_refused_is_told_as_refused_though_nobody_reads_of_it(tmp_path: Path) -> None:
    site = write(tmp_path, {"pages/a.md": "{{ nothing }}"})

    assert piped(f"--site {site} build", "2>&1 | true").returncode == 1


def piped(words: str, reader: str, unbuffered: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a command whose words go to a reader that may leave before they come; the exit code is its own."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m sitebuilder {words} {reader}"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        check=False,
        capture_output=True,
        text=True,
    )


LIVE = '[stage.live]\nto = "folder"\npath = "live"\n'


def test_a_site_without_an_address_is_not_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"site.toml": f"[site]\nname = 'A'\n{LIVE}", "pages/a.md": "x"})

    assert main(["--site", str(tmp_path), "publish"]) == 1

    assert capsys.readouterr().err.startswith(
        "site.toml: site.url is not given; expected the address that it"
    )
    assert not (tmp_path / "live").exists()


@pytest.mark.parametrize("command", ["check", "diff"])
def test_what_looks_at_a_built_site_says_that_its_sources_have_changed_since(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    write(tmp_path, {"site.toml": f"{SITE}{LIVE}", "templates/page.html": LAYOUT, "pages/a.md": "x"})
    main(["--site", str(tmp_path), "build"])
    main(["--site", str(tmp_path), command])
    assert "has changed" not in capsys.readouterr().err

    write(tmp_path, {"pages/a.md": "[gone](/gone/)"})
    main(["--site", str(tmp_path), command])

    assert "the site has changed since it was built" in capsys.readouterr().err
