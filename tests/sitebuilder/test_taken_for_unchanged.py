"""What is easily taken for unchanged is made again: a build gives what a build from nothing gives."""

import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from sitebuilder import building, manifest, register
from sitebuilder.building import LOCK, build, looked_at
from sitebuilder.errors import SiteError
from sitebuilder.journal import write_journal
from sitebuilder.registered import registered
from sitebuilder.serving.place import preview_of
from sitebuilder.serving.resident import Resident
from sitebuilder.settings import read_site
from sitebuilder.templatetags.sitebuilder import built_last
from sitebuilder.turns import turn
from sitebuilder.unchanged import MARKER, Look
from sitebuilder.writing import strangers
from tests.sitebuilder.sites import SITE, built, clean_tree, page, tree, write

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
OLD = 1_600_000_000  # seconds since 1970: a file this old is not read again for its age
FILES: dict[str, str | bytes] = {
    "site.toml": SITE,
    "pages/index.md": "# Home",
    "pages/a.md": "A",
    "templates/page.html": "<title>{{ page.title }}</title>{{ content }}",
    **{f"pages/z{number}.md": "Z" for number in range(10)},
}
DATED = "<title>x</title>{{ page.date|date:'F' }}"
JANUARY = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "January"\nmsgstr "Jänner"\n'
)
GERMAN: dict[str, str | bytes] = {
    "site.toml": f"{SITE}[languages]\nde = {{}}\nen = {{}}\n",
    "templates/page.html": DATED,
    "templates/list.html": "",
    "pages/b.md": "---\ndate: 2026-01-02\n---\n",
    "pages/c.md": "---\ndate: 2026-01-02\n---\n",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = write(tmp_path / "site", FILES)
    age(folder)
    built(folder)
    return folder


def age(site: Path) -> None:
    for name in ("site.toml", "pages", "templates"):
        for file in (site / name, *(site / name).rglob("*")):
            os.utime(file, (OLD, OLD))


def is_as_clean(site: Path) -> bool:
    elsewhere = site.with_name("clean")
    shutil.rmtree(elsewhere, ignore_errors=True)
    return tree(site) == clean_tree(site, elsewhere)


def previewed(site: Path, edits: dict[str, str | bytes]) -> dict[str, bytes]:
    """What a preview shows after edits that it has seen."""
    resident = Resident(preview_of(read_site(site)))
    resident.take()
    level(resident)
    write(site, edits)
    resident.take(list(edits))
    level(resident)
    shown = contents(resident.site.output)
    resident.close()
    return shown


def level(resident: Resident) -> None:
    while not resident.is_level:
        resident.make_some((), 1)


def contents(output: Path) -> dict[str, bytes]:
    return {str(file.relative_to(output)): file.read_bytes() for file in output.rglob("*") if file.is_file()}


def test_an_output_that_is_gone_from_another_folder_than_before_is_made_again(site: Path) -> None:
    shutil.copytree(site / "out", site / "public")
    write(site, {"site.toml": f"{SITE}[build]\noutput = 'public'\n"})
    age(site)
    built(site)
    assert Look(str(site), str(site / ".sitebuilder")).is_done()

    (site / "public/a/index.html").unlink()

    assert built(site).written == ["a/index.html"]


@pytest.mark.parametrize("edits", [{}, {"templates/page.html": "<title>x</title>"}], ids=["none", "a layout"])
@pytest.mark.django_db
def test_what_a_project_made_is_gone_once_the_site_is_built_without_it(
    site: Path, edits: dict[str, str | bytes]
) -> None:
    apps = [*settings.INSTALLED_APPS, "sitebuilder"]
    with override_settings(
        ROOT_URLCONF="tests.sitebuilder.shop", INSTALLED_APPS=apps, SITEBUILDER={"site": site}
    ):
        register("hello")
        call_command("build", "--workers=1", stdout=StringIO())
        registered.clear()
    assert "hello/index.html" in tree(site)
    (site / ".sitebuilder/project").unlink()

    built(write(site, edits))

    assert "hello/index.html" not in tree(site)
    assert is_as_clean(site)


def test_a_build_of_an_earlier_moment_leaves_out_what_was_published_since(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(write(site, {"pages/a.md": "---\ndate: 2020-06-01\n---\n"}))

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert not Look(str(site), str(site / ".sitebuilder")).is_done()
    built(site)

    assert "a/index.html" not in tree(site)


def test_a_page_whose_time_comes_while_a_build_runs_is_published_by_the_next(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(site, {"pages/a.md": "---\ndate: 2026-06-01\n---\n"})
    age(site)
    start = datetime.datetime(2026, 5, 31, 23, 59, tzinfo=datetime.UTC)
    minutes = iter([0, 0, *range(2, 100)])
    monkeypatch.setattr(building, "now", lambda: start + datetime.timedelta(minutes=next(minutes)))

    built(site)
    assert "a/index.html" not in tree(site)
    built(site)

    assert "a/index.html" in tree(site)


def test_of_two_pages_that_wait_the_earlier_one_is_published_first(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = {f"pages/day{day}.md": f"---\ndate: 2026-06-0{day}\n---\n" for day in (2, 3)}
    write(site, dict(days))
    age(site)

    for day in (1, 2):
        moment = datetime.datetime(2026, 6, day, 12, tzinfo=datetime.UTC)
        monkeypatch.setattr(building, "now", lambda moment=moment: moment)
        built(site)

    assert "day2/index.html" in tree(site)
    assert "day3/index.html" not in tree(site)


EQUAL = {
    "numbers": ("featured: 1", "featured: true", "{{ page.featured }}"),
    "moments": ("date: 2020-01-01T12:00:00+02:00", "date: 2020-01-01T10:00:00+00:00", "{{ page.date|json }}"),
}


@pytest.mark.parametrize("kind", EQUAL)
def test_values_that_are_equal_and_not_shown_alike_are_told_apart(site: Path, kind: str) -> None:
    one, other, shown = EQUAL[kind]
    layout = f"<title>x</title>{{% if page.title == 'A' %}}{shown}{{% endif %}}"
    built(write(site, {"pages/a.md": f"---\n{one}\n---\n", "templates/page.html": layout}))

    built(write(site, {"pages/a.md": f"---\n{other}\n---\n"}))
    built(write(site, {"templates/page.html": f"{layout}."}))

    assert is_as_clean(site)


def test_a_preview_tells_values_apart_that_are_equal(site: Path) -> None:
    home = "<title>x</title>{% for page in site.pages %}{{ page.featured|default:0 }}{% endfor %}"
    pages = {f"pages/{name}.md": "---\nfeatured: 1\n---\n" for name in ("a", *(f"z{n}" for n in range(10)))}
    write(site, {"templates/home.html": home, "pages/index.md": "---\nfeatured: 5\n---\n", **pages})

    shown = previewed(site, {"pages/a.md": "---\nfeatured: true\n---\n"})

    assert b"True" in shown["index.html"]


def test_every_page_with_a_date_is_made_again_when_the_catalogue_names_its_month_otherwise(
    site: Path,
) -> None:
    built(write(site, GERMAN))
    assert "Januar" in page(site, "c/index.html")

    built(write(site, {"locale/de/LC_MESSAGES/django.po": JANUARY}))

    assert "Jänner" in page(site, "b/index.html")
    assert "Jänner" in page(site, "c/index.html")


def test_a_preview_names_the_months_as_catalogue_and_settings_do_now(site: Path) -> None:
    write(site, GERMAN)

    with_catalogue = previewed(site, {"locale/de/LC_MESSAGES/django.po": JANUARY})
    without_languages = previewed(site, {"site.toml": SITE})

    assert "Jänner" in with_catalogue["c/index.html"].decode()
    assert b"January" in without_languages["c/index.html"]


@pytest.mark.parametrize("names", [["a/index.html"], ["a/index.html", "z1/index.html"]])
def test_a_preview_makes_again_what_is_gone_or_touched_since_the_last_one(
    site: Path, names: Iterable[str]
) -> None:
    whole = previewed(site, {})
    output = preview_of(read_site(site)).output
    for name in names:
        (output / name).unlink()
    (output / "z2/index.html").write_text("touched")

    assert previewed(site, {}) == whole


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("edits", [1, 8], ids=["added to", "begun anew"])
def test_a_build_that_was_killed_while_it_remembered_is_not_believed_though_its_mark_is_lost(
    site: Path, monkeypatch: pytest.MonkeyPatch, at: int, edits: int
) -> None:
    real, left = write_journal, iter(range(at))

    def killed(*given: object) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        real(*given)  # type: ignore[arg-type]

    write(site, {f"pages/z{number}.md": "Other" for number in range(edits)})
    monkeypatch.setattr(manifest, "write_journal", killed)
    with pytest.raises(KeyboardInterrupt):
        built(site)
    monkeypatch.undo()
    (site / ".sitebuilder" / MARKER).unlink()

    built(write(site, {"pages/a.md": "Other"}))

    assert is_as_clean(site)


def test_a_file_that_is_gone_again_when_it_is_to_be_read_is_no_fault(site: Path) -> None:
    write(site, {"pages/.draft": "", "pages/brief.md": "Brief"})
    look = Look(str(site), str(site / ".sitebuilder"))
    (site / "pages/brief.md").unlink()

    build(read_site(site), look=look)

    assert is_as_clean(site)


def test_a_server_that_asked_while_a_build_was_remembered_sees_its_pages_afterwards(site: Path) -> None:
    with override_settings(SITEBUILDER={"site": site}):
        (site / ".sitebuilder" / MARKER).touch()
        assert not built_last().pages
        (site / ".sitebuilder" / MARKER).unlink()

        assert built_last().pages


FOREIGN = ["secret.txt", "a/secret.txt", "other/deep/secret.txt", ".hidden"]


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("edits", [{}, {"pages/a.md": "Other"}], ids=["nothing else", "an edit"])
def test_what_others_put_into_the_output_is_removed(
    site: Path, edits: dict[str, str | bytes], name: str
) -> None:
    write(site / "out", {name: "secret", "site.toml": ""})
    (site / "out/site.toml").unlink()

    write(site, edits)
    age(site)
    report = built(site)

    assert report.removed == [name]
    assert is_as_clean(site)
    assert Look(str(site), str(site / ".sitebuilder")).is_as_left()


CHANGES: dict[str, Callable[[Path], object]] = {
    "an edit": lambda site: write(site, {"pages/a.md": "Other"}),
    "a page that is new": lambda site: write(site, {"pages/deep/er/b.md": "B"}),
    "a page that is gone": lambda site: (site / "pages/a.md").unlink(),
    "an empty folder of others": lambda site: (site / "out/a/empty").mkdir(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_a_change_there_is_nothing_to_do_once_it_is_built(
    site: Path, change: Callable[[Path], object]
) -> None:
    change(site)
    age(site)

    built(site)

    assert Look(str(site), str(site / ".sitebuilder")).is_done()


def test_a_trial_tells_what_of_others_would_be_removed_from_the_output(site: Path) -> None:
    (site / "out/secret.txt").write_text("secret")

    assert build(read_site(site), dry_run=True).removed == ["secret.txt"]
    assert (site / "out/secret.txt").exists()


def test_a_trial_takes_the_files_that_a_stale_page_asked_for_as_still_asked_for(site: Path) -> None:
    write(site, {"static/a.css": "", "templates/page.html": "<title>x</title>{% asset 'a.css' %}"})
    built(site)
    write(site, {"pages/a.md": "Other"})

    assert build(read_site(site), dry_run=True).removed == []


def test_another_output_folder_that_holds_the_work_of_others_is_refused(site: Path) -> None:
    write(site / "public", {"thesis.tex": "", "site.toml": ""})
    write(site, {"site.toml": f"{SITE}[build]\noutput = 'public'\n"})

    with pytest.raises(SiteError, match=r"public holds site\.toml, and no build made it"):
        built(site)

    assert sorted(contents(site / "public")) == ["site.toml", "thesis.tex"]


def test_a_first_build_that_was_killed_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = write(tmp_path / "site", FILES)

    def killed(*_: object) -> None:
        (site / "out/sitemap.xml").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(manifest, "write_journal", killed)
    with pytest.raises(KeyboardInterrupt):
        built(site)
    monkeypatch.undo()
    with pytest.raises(SiteError):
        built(write(site, {"pages/a.md": "{{ nothing }}"}))

    built(write(site, {"pages/a.md": "A"}))

    assert is_as_clean(site)


def test_builds_at_once_take_turns(site: Path) -> None:
    write(site, {"templates/page.html": "<title>x</title>{{ page.title }}"})
    command, pipe = [sys.executable, "-m", "sitebuilder", "build"], subprocess.PIPE
    with turn(site / ".sitebuilder" / LOCK):
        builds = [
            subprocess.Popen(command, cwd=site, env=ENVIRONMENT, stdout=pipe, stderr=pipe) for _ in "ab"
        ]
        waits = [each.stderr.readline() for each in builds if each.stderr]
    told = [each.communicate()[0] for each in builds]

    assert waits == [b"another build of this site is at work; this one waits for its end\n"] * 2
    assert [each.returncode for each in builds] == [0, 0]
    assert sorted(b" 0 written" in words for words in told) == [False, True]
    assert is_as_clean(site)


def test_journals_of_two_builds_are_not_read_as_those_of_one(site: Path) -> None:
    old = (site / ".sitebuilder/outputs").read_bytes()
    write(
        site,
        {"pages/a.md": "{% link 'z1.md' %}", "templates/page.html": f"{FILES['templates/page.html']!s}!"},
    )
    built(site)
    (site / ".sitebuilder/outputs").write_bytes(old)  # as a copy of a folder at work may hold them

    write(site, {"pages/z1.md": "---\nslug: elsewhere\n---\nZ"})
    built(site)

    assert is_as_clean(site)


def test_a_build_that_another_has_overtaken_looks_anew(site: Path) -> None:
    write(site, {"pages/a.md": "Other"})
    look = looked_at(read_site(site))
    built(write(site, {"pages/y.md": "Y"}))
    (site / "pages/y.md").unlink()

    build(read_site(site, workers=1), look=look)

    assert is_as_clean(site)


def test_a_build_looks_anew_where_another_has_crashed_since_it_looked(site: Path) -> None:
    write(site, {"pages/a.md": "Other"})
    look = looked_at(read_site(site))
    (site / "out/z1/index.html").write_text("of the build that crashed")
    (site / ".sitebuilder" / MARKER).write_text("out")

    build(read_site(site, workers=1), look=look)

    assert is_as_clean(site)


@pytest.mark.parametrize("name", ["stranger.txt", "z1/stranger.txt", "a/below/stranger.txt", "z2/link"])
def test_what_others_put_into_the_output_while_a_build_is_at_work_is_removed(site: Path, name: str) -> None:
    write(site, {"templates/page.html": "<title>x</title>{{ page.title }}"})
    age(site)
    look = looked_at(read_site(site))
    (site / "out" / name).parent.mkdir(exist_ok=True)
    (site / "out" / name).symlink_to(site / "pages")

    build(read_site(site, workers=1), look=look)

    assert not (site / "out" / name).is_symlink()
    assert is_as_clean(site)
    built(site)
    assert Look(str(site), str(site / ".sitebuilder")).is_done()


def test_a_file_that_comes_into_a_folder_after_a_build_has_seen_it_is_noticed_by_the_next(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(*asked: Any) -> list[str]:
        found = strangers(*asked)
        (site / "out/a/late.txt").write_text("late")
        return found

    monkeypatch.setattr("sitebuilder.writing.strangers", listed)
    built(write(site, {"pages/a.md": "Other"}))
    monkeypatch.undo()

    built(site)

    assert is_as_clean(site)
