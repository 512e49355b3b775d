"""The tutorial of the site builder can be followed: each command prints what stands below it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, blocks

TUTORIAL = "tutorial/sitebuilder.md"
POST = "pages/posts/2025-11-24-tide.md"
CHANGING = {  # what is another each time
    r"\d+\.\d\d s": "0.00 s",
    r"\d{8}T\d{6}Z-[0-9a-f]{6}": "RELEASE",
    r"\d{4}-\d\d-\d\d \d\d:\d\d UTC": "TIME",
    r"\S+@\S+": "ME",
    r"\(/.*/live\)": "(FOLDER)",
}


pytestmark = pytest.mark.slow  # some twenty programs, one after the other


class Notes:
    """The site of the tutorial, and a terminal in its folder."""

    def __init__(self, folder: Path) -> None:
        self.start, self.folder = folder / "here", folder / "notes"
        self.start.mkdir()
        self.variables = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.variables["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.variables.pop("DJANGO_SETTINGS_MODULE", None)

    def run(self, commands: str) -> str:
        place = self.folder if self.folder.exists() else self.start
        done = subprocess.run(
            ["sh"], input=commands, text=True, check=False, cwd=place, env=self.variables,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return done.stdout

    def change(self, old: str, new: str) -> None:
        text = (self.folder / POST).read_text()
        assert old in text
        (self.folder / POST).write_text(text.replace(old, new))


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    """The site as the tutorial's first block of commands makes it."""
    made = Notes(tmp_path)
    new = next(line for line in blocks(TUTORIAL, "sh")[0].splitlines() if " new " in line)
    made.run(new)
    assert (made.folder / "site.toml").exists()
    return made


def test_every_command_prints_what_the_tutorial_shows(notes: Notes) -> None:
    _, build, serve, build_again, check, publish, look, releases, rollback, verify = blocks(TUTORIAL, "sh")
    shown = iter(blocks(TUTORIAL, "text"))
    (post,) = blocks(TUTORIAL, "markdown")
    assert "serve" in serve

    assert_shows(next(shown), notes.run(build))
    (notes.folder / POST).write_text(post)
    assert_shows(next(shown), notes.run(build_again))
    notes.change("publishin.md", "publishing.md")
    assert_shows(next(shown), notes.run(build_again))
    notes.change("Until then", "Look at [the map](/map/). Until then")
    assert_shows(next(shown), notes.run(check))
    notes.change("Look at [the map](/map/). ", "")
    assert_shows(next(shown), notes.run(publish))
    notes.change("6:40", "7:10")
    assert_shows(next(shown), notes.run(look))
    assert_shows(next(shown), notes.run(releases))
    assert_shows(next(shown), notes.run(rollback))
    assert_shows(next(shown), notes.run(verify))
    assert next(shown, None) is None


def test_the_stage_that_the_tutorial_shows_is_that_of_a_new_site(notes: Notes) -> None:
    (stage,) = blocks(TUTORIAL, "toml")

    assert stage in (notes.folder / "site.toml").read_text()


def test_the_pictures_of_the_tutorials_are_all_shown() -> None:
    """What no page shows any more would stay for ever."""
    texts = "".join(path.read_text() for path in PAGES.rglob("*.md"))

    assert [path.name for path in PAGES.rglob("*.png") if f"{path.name})" not in texts] == []


def assert_shows(shown: str, said: str) -> None:
    """Hold the last lines that were said against a block; before a line of …, the first ones."""
    expected, found = settled(shown).splitlines(), settled(said).splitlines()
    if expected[-1].strip() == "…":
        expected.pop()
        assert found[: len(expected)] == expected
    else:
        assert found[-len(expected) :] == expected


def settled(text: str) -> str:
    for pattern, word in CHANGING.items():
        text = re.sub(pattern, word, text)
    return text.strip("\n")
