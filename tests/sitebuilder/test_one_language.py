"""A site of one language is spoken in it: the words of its layouts, and its dates."""

import subprocess
import sys
from pathlib import Path

import pytest

from sitebuilder.settings import read_site
from tests.sitebuilder.sites import SITE, built, clean_tree, page, tree, write

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = (
    "{% load i18n %}{% translate 'j F Y' as form %}<html lang={{ site.language }}>"
    "<p>{% translate 'Older' %}, {{ page.date|date:form }}, {{ page.date|date }}"
)
GERMAN = "locale/de/LC_MESSAGES/django.po"
MESSAGES = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "Older"\nmsgstr "{}"\n'


def site_in(folder: Path, language: str) -> Path:
    files = {"templates/page.html": LAYOUT, "pages/a.md": "---\ndate: 2026-03-01\n---\nText."}
    return write(folder, {"site.toml": f'{SITE}language = "{language}"\n', **files})


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("de", "Älter, 1. März 2026, 1. März 2026"),
        ("de-AT", "Älter, 1. März 2026, 1. März 2026"),
        ("fr", "Plus ancien, 1 mars 2026, 1 mars 2026"),
        ("zh-CN", "Older, 1 三月 2026, 2026年3月1日"),
        ("en-GB", "Older, 1 March 2026, March 1, 2026"),
        ("tlh", "Older, 1 March 2026, March 1, 2026"),
    ],
)
def test_words_and_dates_are_in_the_language_of_the_site(tmp_path: Path, language: str, shown: str) -> None:
    built(site_in(tmp_path, language))

    assert page(tmp_path, "a/index.html") == f"<html lang={language}><p>{shown}"


def test_a_page_in_another_language_has_the_words_of_the_site(tmp_path: Path) -> None:
    site_in(tmp_path, "de")
    write(tmp_path, {"pages/b.md": "---\nlang: fr\ndate: 2026-03-01\n---\nText."})

    built(tmp_path)

    assert "Älter, 1. März 2026" in page(tmp_path, "b/index.html")


def test_the_catalogue_of_the_site_goes_first_and_an_edit_of_it_is_followed(tmp_path: Path) -> None:
    built(site_in(tmp_path, "de"))
    for word in ("Davor", "Früher"):
        write(tmp_path, {GERMAN: MESSAGES.format(word)})

        built(tmp_path)

        assert f"<p>{word}," in page(tmp_path, "a/index.html")
        assert tree(tmp_path) == clean_tree(tmp_path, tmp_path / "clean")


def test_another_language_in_the_settings_is_spoken_at_once(tmp_path: Path) -> None:
    for language, word in (("en", "Older"), ("de", "Älter"), ("it", "Più vecchi"), ("en", "Older")):
        built(site_in(tmp_path, language))

        assert f"<p>{word}," in page(tmp_path, "a/index.html")
        assert tree(tmp_path) == clean_tree(tmp_path, tmp_path / "clean")


def test_a_site_in_english_loads_no_catalogue(tmp_path: Path) -> None:
    site_in(tmp_path, "en")
    program = (
        "import sys; from pathlib import Path; from tests.sitebuilder.sites import built; "
        "built(Path(sys.argv[1])); sys.exit('polib' in sys.modules)"
    )

    ran = subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, check=False)

    assert ran.returncode == 0
    assert read_site(tmp_path).spoken == []
