"""A date of a page is a moment of the site's own time zone: nobody reads of it as of the day before."""

import datetime
import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.test import override_settings

from sitebuilder.errors import SiteError
from tests.sitebuilder.sites import LAYOUT, SITE, built, clean_tree, page, tree, write
from tests.sitebuilder.stepping import ROOT

WEST, EAST = "America/Los_Angeles", "Pacific/Kiritimati"  # 8 hours behind UTC in winter, 14 ahead of it
ISO = "<title>x</title>{{ page.date|date:'c' }}"
FEED = "[feed]\nlimit = 9\n"
WRITTEN = {
    "a date in YAML": ("a.md", "---\ndate: 2026-01-31\n---\n"),
    "a text in YAML": ("a.md", "---\ndate: '2026-01-31'\n---\n"),
    "a time in YAML": ("a.md", "---\ndate: 2026-01-31 00:00:00\n---\n"),
    "a date in TOML": ("a.md", "+++\ndate = 2026-01-31\n+++\n"),
    "a time in TOML": ("a.md", "+++\ndate = 2026-01-31T00:00:00\n+++\n"),
    "a text in JSON": ("a.html", '{% block context %}{"date": "2026-01-31T00:00"}{% endblock %}'),
    "the file's name": ("2026-01-31-a.md", "Text"),
}


def zoned(name: str, more: str = "") -> str:
    return f'{SITE}timezone = "{name}"\n{more}'


@pytest.mark.parametrize("zone", [WEST, EAST, "UTC"])
@pytest.mark.parametrize(("file", "text"), WRITTEN.values(), ids=WRITTEN)
def test_a_date_however_it_is_written_is_that_day_in_the_time_zone_of_the_site(
    tmp_path: Path, zone: str, file: str, text: str
) -> None:
    write(tmp_path, {"site.toml": zoned(zone), f"pages/{file}": text, "templates/page.html": ISO})

    with override_settings(TIME_ZONE=zone):
        built(tmp_path)

    midnight = datetime.datetime(2026, 1, 31, tzinfo=ZoneInfo(zone))
    assert page(tmp_path, "a/index.html") == f"<title>x</title>{midnight.isoformat()}"


def test_a_moment_with_a_zone_of_its_own_stays_that_moment(tmp_path: Path) -> None:
    matter = "---\ndate: 2026-01-31T23:30:00+01:00\n---\n"
    write(tmp_path, {"site.toml": zoned(WEST), "pages/a.md": matter, "templates/page.html": ISO})

    with override_settings(TIME_ZONE=WEST):
        built(tmp_path)

    assert page(tmp_path, "a/index.html").endswith(">2026-01-31T14:30:00-08:00")


def test_the_command_line_tells_a_day_west_of_utc_as_that_day(tmp_path: Path) -> None:
    text = "<title>x</title>{{ page.date|date:'Y-m-d' }} {{ page.updated|date:'c' }}"
    files: dict[str, str | bytes] = {
        "site.toml": zoned(WEST),
        "pages/2026-01-31-a.md": "---\nupdated: 2026-07-01 12:00\n---\n",
        "templates/page.html": text,
    }
    command = [sys.executable, "-m", "sitebuilder", "--site", str(write(tmp_path, files)), "build"]

    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "TZ": "Asia/Tokyo"}, capture_output=True)

    assert page(tmp_path, "a/index.html") == "<title>x</title>2026-01-31 2026-07-01T12:00:00-07:00"


def test_feeds_and_the_sitemap_tell_a_day_with_the_offset_of_the_site(tmp_path: Path) -> None:
    write(tmp_path, {"site.toml": zoned(WEST, FEED), "pages/2026-01-31-a.md": "", "templates/page.html": ISO})

    built(tmp_path)

    assert "<published>2026-01-31T00:00:00-08:00</published>" in page(tmp_path, "feed.xml")
    items = orjson.loads(page(tmp_path, "feed.json"))["items"]
    assert items[0]["date_published"] == "2026-01-31T00:00:00-08:00"
    assert "<lastmod>2026-01-31T00:00:00-08:00</lastmod>" in page(tmp_path, "sitemap.xml")


def test_a_day_before_zones_had_whole_minutes_is_told_to_programs_in_utc(tmp_path: Path) -> None:
    """RFC 3339 has no seconds in an offset, and Berlin was 53 minutes and 28 seconds ahead until 1893."""
    files = {
        "site.toml": zoned("Europe/Berlin", FEED),
        "pages/1850-05-01-a.md": "",
        "templates/page.html": ISO,
    }
    write(tmp_path, dict(files))

    with override_settings(TIME_ZONE="Europe/Berlin"):
        built(tmp_path)

    assert "<published>1850-04-30T23:06:32+00:00</published>" in page(tmp_path, "feed.xml")
    assert "<lastmod>1850-04-30T23:06:32+00:00</lastmod>" in page(tmp_path, "sitemap.xml")
    assert page(tmp_path, "a/index.html").startswith("<title>x</title>1850-05-01T00:00:00")


@pytest.mark.parametrize(
    ("zone", "written", "told"),
    [
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29T03:30:00+02:00"),  # skipped: an hour later
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),  # twice: the first
        ("America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00"),  # a day that begins at one
        ("America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"),  # a day with two midnights
    ],
)
def test_a_time_that_summer_time_skips_or_repeats_is_one_moment(
    tmp_path: Path, zone: str, written: str, told: str
) -> None:
    matter = f"---\ndate: {written}\n---\n"
    write(tmp_path, {"site.toml": zoned(zone), "pages/a.md": matter, "templates/page.html": ISO})

    with override_settings(TIME_ZONE=zone):
        built(tmp_path, drafts=True)

    assert page(tmp_path, "a/index.html") == f"<title>x</title>{told}"


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [(WEST, "2026-01-31T08:00Z"), ("UTC", "2026-01-31T00:00Z"), (EAST, "2026-01-30T10:00Z")],
)
def test_a_page_waits_for_the_midnight_of_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, midnight: str
) -> None:
    write(tmp_path, {"site.toml": zoned(zone), "pages/2026-01-31-a.md": "", "templates/page.html": ISO})
    due = int(datetime.datetime.fromisoformat(midnight).timestamp())

    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(due - 1))
    built(tmp_path)
    early = "a/index.html" in tree(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(due))
    built(tmp_path)

    assert not early
    assert "a/index.html" in tree(tmp_path)


def test_another_time_zone_in_the_settings_is_that_of_every_date(tmp_path: Path) -> None:
    files = {"site.toml": zoned("UTC", FEED), "pages/2026-01-31-a.md": "", "templates/page.html": LAYOUT}
    built(write(tmp_path, dict(files)))

    for zone, offset in ((WEST, "-08:00"), ("Europe/London", "+00:00"), (EAST, "+14:00")):
        built(write(tmp_path, {"site.toml": zoned(zone, FEED)}))

        assert f"<lastmod>2026-01-31T00:00:00{offset}</lastmod>" in page(tmp_path, "sitemap.xml")
        assert tree(tmp_path) == clean_tree(tmp_path, tmp_path / "clean")


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:30:00-01:00"])
def test_a_moment_before_or_after_all_that_there_are_is_no_date(tmp_path: Path, date: str) -> None:
    write(tmp_path, {"pages/a.md": f"---\ndate: '{date}'\n---\n", "templates/page.html": LAYOUT})

    with pytest.raises(SiteError, match=rf"^pages/a\.md:2: date is '{date[:4]}.*; expected a date such as"):
        built(tmp_path)


def test_a_date_in_a_file_of_data_is_told_as_it_is_written(tmp_path: Path) -> None:
    shown = "<title>x</title>{{ site.data.x.day|date:'Y-m-d' }} {{ site.data.x.time|date:'d H:i' }}"
    data = "day: 2026-01-31\ntime: 2026-01-31 09:30:00\n"
    write(
        tmp_path,
        {"site.toml": zoned(WEST), "data/x.yaml": data, "pages/a.md": "", "templates/page.html": shown},
    )

    with override_settings(TIME_ZONE=WEST):
        built(tmp_path)

    assert page(tmp_path, "a/index.html") == "<title>x</title>2026-01-31 31 09:30"
