"""Whatever is edited while a site is shown, it shows what a build from nothing writes, to the byte."""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, invariant, rule

from sitebuilder.errors import SiteError
from sitebuilder.serving.place import preview_of
from sitebuilder.serving.preview import Known
from sitebuilder.serving.resident import Resident
from sitebuilder.serving.state import State
from sitebuilder.settings import read_site
from tests.sitebuilder.sites import clean_tree, write
from tests.sitebuilder.test_edits import FILES, PAGES, Editing

Stamps = dict[str, tuple[int, int, int]]
BROKEN = "[site"
GERMAN = "locale/de/LC_MESSAGES/django.po"


class Showing(Editing):
    """A writer edits while the site is shown, breaks it and mends it; now and then it is shown anew."""

    @initialize()
    def start(self) -> None:
        super().start()
        self.is_told_of_folders = False
        self.seen: Stamps = {}
        self.open()

    def open(self) -> None:
        """Show the site; with broken settings there is no site to begin with."""
        if (self.site / "site.toml").read_text() == BROKEN:
            write(self.site, {"site.toml": FILES["site.toml"]})
        self.shown = Resident(preview_of(read_site(self.site, drafts=self.drafts)))
        self.shown.take()

    @rule(drafts=st.booleans())
    def show_or_hide_drafts(self, drafts: bool) -> None:
        self.drafts = drafts
        self.open_again()

    @rule()
    def open_again(self) -> None:
        self.shown.close()
        self.open()

    @rule()
    def end_without_warning(self) -> None:
        self.shown.renderer.bodies.close()
        self.open()

    @rule(
        name=st.sampled_from(PAGES),
        what=st.sampled_from(["---\ntitle: [\n---\n", "{{ nothing }}", "{% if %}"]),
    )
    def break_a_page(self, name: str, what: str) -> None:
        write(self.site, {f"pages/{name}.md": what})

    @rule(name=st.sampled_from(PAGES[:3]), title=st.sampled_from(["A", "B", "C"]))
    def edit_nothing_but_a_title(self, name: str, title: str) -> None:
        """The page stays in its lists, between its neighbours."""
        file = self.site / f"pages/{name}.md"
        if file.exists():
            text = re.sub("^title: .*$", f"title: {title}", file.read_text(), count=1, flags=re.MULTILINE)
            file.write_text(text)

    @rule()
    def break_the_settings(self) -> None:
        write(self.site, {"site.toml": BROKEN})

    @rule(name=st.sampled_from(["posts", "docs/deep", "docs"]))
    def move_a_folder(self, name: str) -> None:
        source, target = self.site / f"pages/{name}", self.site / "pages/elsewhere"
        if source.exists() and not target.exists():
            source.rename(target)

    @rule()
    def be_told_of_folders(self) -> None:
        """A watcher may name a folder for whatever happened below it."""
        self.is_told_of_folders = not self.is_told_of_folders

    @rule()
    def touch_the_output(self) -> None:
        """Nobody else writes into the preview."""

    @invariant()
    def a_build_gives_what_a_build_from_nothing_gives(self) -> None:
        level(self.shown, self.changed())
        elsewhere = self.root / "clean"
        shutil.rmtree(elsewhere, ignore_errors=True)
        try:
            clean = clean_tree(self.site, elsewhere, drafts=self.drafts)
        except SiteError:
            assert self.shown.problems
            return
        assert self.shown.problems == []
        root, known = self.shown.site.output, Known(self.shown)
        assert {path: (root / path).read_bytes() for path in clean if path in known} == clean
        assert self.shown.outputs.keys() <= clean.keys()
        self.shown.save()
        left = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
        assert left == clean.keys()

    def changed(self) -> set[str]:
        before, self.seen = self.seen, stamps(self.site)
        names = before.keys() | self.seen.keys()
        paths = {name for name in names if before.get(name) != self.seen.get(name)}
        if not self.is_told_of_folders:
            return paths
        return {path.partition("/")[0] for path in paths}


def test_a_file_that_was_swept_is_there_again_when_a_page_asks_for_it_again(tmp_path: Path) -> None:
    asking = "---\ntitle: A\n---\n{% asset 'css/site.css' %}"
    write(tmp_path, {"site.toml": "", "templates/page.html": "{{ content }}", "pages/a.md": asking})
    write(tmp_path, {"static/css/site.css": "p {}", "pages/b.md": "# B"})
    shown = Resident(preview_of(read_site(tmp_path)))

    def hashed_files() -> list[Path]:
        level(shown)
        shown.save()
        return list((shown.site.output / "static/css").glob("site.*.css"))

    assert len(hashed_files()) == 1
    write(tmp_path, {"pages/a.md": "# Nothing asked"})
    assert hashed_files() == []
    write(tmp_path, {"pages/a.md": asking})
    assert len(hashed_files()) == 1
    shown.close()


def test_what_changed_while_a_catalogue_was_broken_is_shown_when_it_is_mended(tmp_path: Path) -> None:
    write(tmp_path, {"site.toml": '[languages]\nen = "English"\nde = "Deutsch"\n'})
    write(tmp_path, {"templates/page.html": "A {{ content }}", "pages/a.md": "one", "pages/b.md": "one"})
    shown = Resident(preview_of(read_site(tmp_path)))

    def problems(files: dict[str, str | bytes]) -> list[str]:
        write(tmp_path, files)
        level(shown, files)
        return [problem.file for problem in shown.problems]

    assert problems({}) == []
    assert problems({GERMAN: "garbage\n", "pages/a.md": "two"}) == [GERMAN]
    assert problems({"pages/b.md": "two"}) == [GERMAN]
    assert problems({"templates/page.html": "B {{ content }}"}) == [GERMAN]
    assert problems({GERMAN: ""}) == []
    for name in "ab":
        assert (shown.site.output / name / "index.html").read_text() == "B <p>two</p>\n"
    shown.close()


def test_a_page_in_a_language_that_the_site_has_lost_is_told_of_and_the_others_go_on(tmp_path: Path) -> None:
    site = '[languages]\nen = "English"\n{} = {{}}\n'
    write(tmp_path, {"site.toml": site.format("de"), "templates/page.html": "{{ content }}"})
    write(tmp_path, {"pages/a.md": "one", "pages/a.de.md": "---\ntags: [x]\n---\n"})
    shown = Resident(preview_of(read_site(tmp_path)))
    level(shown)

    for is_started_anew in (False, True):
        write(tmp_path, {"site.toml": site.format("fr"), "pages/a.md": "two"})
        if is_started_anew:
            shown.close()
            shown = Resident(preview_of(read_site(tmp_path)))
        level(shown)
        assert [problem.file for problem in shown.problems] == ["pages/a.de.md"]
        assert (shown.site.output / "a/index.html").read_text() == "<p>two</p>\n"
        write(tmp_path, {"site.toml": site.format("de"), "pages/a.md": "one"})
        level(shown)
        assert shown.problems == []
        assert "de/a/index.html" in shown.outputs
    shown.close()


def test_settings_that_were_wrong_at_the_start_are_read_again(tmp_path: Path) -> None:
    write(tmp_path, {"site.toml": "[languages]\nklingon = {}\n", "templates/page.html": "{{ site.name }}"})
    write(tmp_path, {"pages/a.md": "one"})
    shown = Resident(preview_of(read_site(tmp_path)))
    level(shown)
    assert [problem.file for problem in shown.problems] == ["site.toml"]

    write(tmp_path, {"site.toml": "[site\n"})
    level(shown)
    assert [problem.file for problem in shown.problems] == ["site.toml"]
    write(tmp_path, {"site.toml": '[site]\nname = "Mended"\n'})
    level(shown)

    assert shown.problems == []
    assert (shown.site.output / "a/index.html").read_text() == "Mended"
    shown.close()


def test_a_page_that_goes_with_new_settings_is_gone(tmp_path: Path) -> None:
    write(tmp_path, {"site.toml": "", "templates/page.html": "{{ site.name }}"})
    write(tmp_path, {"pages/a.md": "one", "pages/b.md": "---\ntags: [\n---\n"})
    shown = Resident(preview_of(read_site(tmp_path)))
    level(shown)

    write(tmp_path, {"site.toml": '[site]\nname = "Another branch"\n'})
    (tmp_path / "pages/a.md").unlink()
    (tmp_path / "pages/b.md").unlink()
    level(shown, ["site.toml", "pages/a.md", "pages/b.md"])

    assert shown.problems == []
    assert shown.outputs.keys() == {"sitemap.xml", "robots.txt"}
    shown.close()


def test_a_pipe_is_told_of_and_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, {"templates/page.html": "x", "pages/a.md": "one"})
    shown = Resident(preview_of(read_site(tmp_path)))
    level(shown)
    os.mkfifo(tmp_path / "pages/pipe")
    level(shown, ["pages/pipe"])

    assert [problem.file for problem in shown.problems] == ["pages/pipe"]
    shown.close()


def test_what_nobody_thought_of_is_told_and_does_not_end_the_preview(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*words: object) -> State:
        raise RecursionError("too deep")

    write(tmp_path, {"templates/page.html": "{{ content }}", "pages/a.md": "one"})
    shown = Resident(preview_of(read_site(tmp_path)))
    level(shown)
    write(tmp_path, {"pages/a.md": "two"})
    with monkeypatch.context() as patch:
        patch.setattr("sitebuilder.serving.resident.next_state", failing)
        level(shown)

    assert [problem.what for problem in shown.problems] == ["RecursionError: too deep"]
    level(shown)
    assert shown.problems == []
    assert (shown.site.output / "a/index.html").read_text() == "<p>two</p>\n"
    shown.close()


def level(shown: Resident, paths: Iterable[str] | None = None) -> None:
    """Tell of changes at these paths, or anywhere, and make what they ask for."""
    shown.take(paths)
    while not shown.is_level:
        shown.make_some([], 0)


def stamps(folder: Path) -> Stamps:
    files = (Path(at, name) for at, _, names in os.walk(folder) for name in names)
    found = ((file.relative_to(folder).as_posix(), file.stat()) for file in files)
    return {
        name: (about.st_mtime_ns, about.st_size, about.st_ino)
        for name, about in found
        if not name.startswith((".sitebuilder/", "out/"))
    }


Showing.TestCase.settings = settings(
    max_examples=50,
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestShowing = Showing.TestCase
