"""A site of several languages has each page in those that it is in, and each list in its own."""

import random
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from sitebuilder.checking import check_built
from sitebuilder.errors import SiteError
from sitebuilder.settings import read_site
from tests.sitebuilder.sites import SITE, built, clean_tree, page, tree, write

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = f'{SITE}[languages]\nen = "English"\nde = "Deutsch"\nar = {{}}\n'
MESSAGES = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "Older"\nmsgstr "{}"\n'
GERMAN = "locale/de/LC_MESSAGES/django.po"
SWITCH = (
    "{% for other in page.translations %}"
    "{{ other.language }} {{ other.name }} {{ other.url }}{% if other.is_current %}*{% endif %};"
    "{% endfor %}"
)


def test_a_translation_lies_beside_the_page_and_stands_below_its_language(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "site.toml": LANGUAGES,
            "pages/about.md": "# About us",
            "pages/about.de.md": "---\nslug: ueber-uns\n---\n# Über uns",
            "pages/index.ar.md": "# أهلا",
            "pages/notes.v1.md": "# No language",
        },
    )

    built(tmp_path)

    assert '<html lang="en" dir="ltr">' in page(tmp_path, "about/index.html")
    assert '<html lang="de" dir="ltr">' in page(tmp_path, "de/ueber-uns/index.html")
    assert '<html lang="ar" dir="rtl">' in page(tmp_path, "ar/index.html")
    assert "notes.v1/index.html" in tree(tmp_path)


def test_a_page_names_each_language_that_it_is_in_and_no_other(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "site.toml": LANGUAGES,
            "templates/page.html": SWITCH,
            "pages/a.de.html": "x",
            "pages/a.md": "x",
            "pages/b.md": "x",
        },
    )

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == "en English /a/*;de Deutsch /de/a/;"
    assert page(tmp_path, "de/a/index.html") == "en English /a/;de Deutsch /de/a/*;"
    assert page(tmp_path, "b/index.html") == "en English /b/*;"


def test_the_default_language_too_may_have_a_prefix_and_the_top_leads_there(tmp_path: Path) -> None:
    toml = f'{SITE}[languages]\nprefix_default = true\nen = {{}}\nde = {{ prefix = "deutsch" }}\n'
    names = ["index", "index.de", "404", "404.de"]
    write(tmp_path, {"site.toml": toml, **{f"pages/{name}.md": "# x" for name in names}})

    built(tmp_path)

    pages = {name for name in tree(tmp_path) if name.endswith(".html")}
    assert pages == {"en/index.html", "deutsch/index.html", "404.html", "deutsch/404.html", "index.html"}
    assert 'content="0; url=/en/"' in page(tmp_path, "index.html")


def test_lists_and_tags_are_of_one_language(tmp_path: Path) -> None:
    listing = "{% for p in page.pages %}[{{ p.title }}]{% endfor %}{{ paginator.older }}"
    post = "---\ntitle: {}\ntags: [red]\ndate: 2026-01-0{}\n---\n"
    files: dict[str, str | bytes] = {
        "site.toml": f"{LANGUAGES}[tags]\npaginate = 1\n",
        "templates/list.html": listing + "{{ site.pages|length }}",
        "templates/tag.html": (
            "{{ site.language }} {{ tag.url }}{% for p in paginator.pages %} {{ p.title }}{% endfor %}"
        ),
        "templates/tags.html": "{% for tag in tags %}{{ tag.url }}={{ tag.pages }}{% endfor %}",
        "templates/page.html": "{% for tag in page.tags %}{{ tag.url }}{% endfor %}",
        "pages/posts/index.md": "---\npaginate: 1\n---\n",
        "pages/posts/index.de.md": "---\npaginate: 1\n---\n",
        "pages/posts/one.md": post.format("One", 1),
        "pages/posts/one.de.md": post.format("Eins", 1),
        "pages/posts/zwei.de.md": post.format("Zwei", 2),
    }

    built(write(tmp_path, files))

    assert page(tmp_path, "posts/index.html") == "[One]2"
    assert page(tmp_path, "de/posts/index.html") == "[Zwei]/de/posts/page/2/3"
    assert page(tmp_path, "de/posts/one/index.html") == "/de/tags/red/"
    assert page(tmp_path, "tags/index.html") == "/tags/red/=1"
    assert page(tmp_path, "de/tags/index.html") == "/de/tags/red/=2"
    assert page(tmp_path, "de/tags/red/page/2/index.html") == "de /de/tags/red/ Eins"
    assert "tags/red/page/2/index.html" not in tree(tmp_path)


def test_a_section_that_only_another_language_has_is_empty(tmp_path: Path) -> None:
    home = "{% for p in site.sections.posts|slice:':5' %}[{{ p.title }}]{% endfor %}"
    write(tmp_path, {"site.toml": LANGUAGES, "templates/home.html": home, "pages/posts/one.md": "# One"})
    write(tmp_path, {f"pages/index{language}.md": "" for language in ("", ".de")})
    built(tmp_path)
    before = page(tmp_path, "de/index.html")
    write(tmp_path, {"pages/posts/eins.de.md": "# Eins"})

    built(tmp_path)

    assert (before, page(tmp_path, "de/index.html")) == ("", "[Eins]")
    assert page(tmp_path, "index.html") == "[One]"


def test_feeds_and_searches_are_of_one_language_and_the_sitemap_of_all(tmp_path: Path) -> None:
    toml = (
        f'{SITE}[feed]\nsection = "posts"\n[search]\nenabled = true\n'
        '[languages]\nen = "English"\n[languages.de.site]\nname = "Beispiel"\n'
    )
    post = "---\ntitle: {}\ndate: 2026-01-01\n---\nText"
    files: dict[str, str | bytes] = {
        "site.toml": toml,
        "pages/posts/one.md": post.format("One"),
        "pages/posts/one.de.md": post.format("Eins"),
        "pages/only.md": "# Only",
        "pages/404.de.md": "# Nicht da",
    }

    built(write(tmp_path, files))

    feed = orjson.loads(page(tmp_path, "de/feed.json"))
    assert (feed["title"], feed["language"], feed["home_page_url"]) == (
        "Beispiel",
        "de",
        "https://example.org/de/",
    )
    assert [item["title"] for item in feed["items"]] == ["Eins"]
    assert 'xml:lang="de"><id>https://example.org/de/</id>' in page(tmp_path, "de/feed.xml")
    assert [entry["title"] for entry in orjson.loads(page(tmp_path, "de/search.json"))] == ["Eins"]
    other = '<xhtml:link rel="alternate" hreflang="{}" href="https://example.org{}"/>'
    names = (("en", "/posts/one/"), ("de", "/de/posts/one/"), ("x-default", "/posts/one/"))
    assert page(tmp_path, "sitemap.xml").count("".join(other.format(*name) for name in names)) == 2
    assert "404" not in page(tmp_path, "sitemap.xml")
    assert [
        problem for problem in check_built(read_site(tmp_path)) if problem.file == "out/sitemap.xml"
    ] == []


def test_a_language_has_a_feed_from_its_first_page_to_its_last(tmp_path: Path) -> None:
    toml = f'{SITE}[feed]\nlimit = 5\n[languages]\nen = "English"\nde = "Deutsch"\n'
    write(tmp_path, {"site.toml": toml, "pages/index.md": "# Home"})
    built(tmp_path)
    feeds = {"feed.xml", "feed.json"}
    assert {name for name in tree(tmp_path) if "feed" in name} == feeds

    write(tmp_path, {"pages/index.de.md": "# Anfang"})
    built(tmp_path)
    assert {name for name in tree(tmp_path) if "feed" in name} == feeds | {"de/feed.xml", "de/feed.json"}

    (tmp_path / "pages/index.de.md").unlink()
    built(tmp_path)
    assert {name for name in tree(tmp_path) if "feed" in name} == feeds


@pytest.mark.parametrize(("language", "file"), [("de", "pages/index.de.md"), ("en", "pages/index.md")])
def test_a_language_without_its_front_page_is_told_which_file_is_missing(
    tmp_path: Path, language: str, file: str
) -> None:
    toml = f'{SITE}[feed]\nlimit = 5\n[languages]\nprefix_default = true\nen = "English"\nde = "Deutsch"\n'
    names = {"pages/index.md", "pages/index.de.md", "pages/a.md", "pages/a.de.md"} - {file}
    built(write(tmp_path, {"site.toml": toml, **dict.fromkeys(names, "# A page")}))

    told = {str(problem) for problem in check_built(read_site(tmp_path)) if "leads nowhere" in problem.what}

    link = f"the link https://example.org/{language}/ leads nowhere"
    right = f"expected the front page of its language, {file}"
    assert told == {f"out/{language}/feed.{kind}: {link}; {right}" for kind in ("json", "xml")}


def test_words_and_dates_are_in_the_language_of_the_page(tmp_path: Path) -> None:
    layout = (
        "{% load i18n %}{% translate 'Older' %} {{ page.date|date }} {{ page.date|date:'F' }} "
        "{% blocktranslate count n=2 %}{{ n }} page{% plural %}{{ n }} pages{% endblocktranslate %}"
    )
    plural = (
        'msgid "%(n)s page"\nmsgid_plural "%(n)s pages"\nmsgstr[0] "%(n)s Seite"\nmsgstr[1] "%(n)s Seiten"\n'
    )
    dated = "---\ndate: 2026-03-01\n---\n"
    write(
        tmp_path,
        {
            "site.toml": LANGUAGES,
            "templates/page.html": layout,
            GERMAN: MESSAGES.format("Älter") + plural,
            "pages/a.md": dated,
            "pages/a.de.md": dated,
        },
    )

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == "Older March 1, 2026 March 2 pages"
    assert page(tmp_path, "de/a/index.html") == "Älter 1. März 2026 März 2 Seiten"


def test_usual_words_are_translated_until_the_site_says_otherwise(tmp_path: Path) -> None:
    layout = "{% load i18n %}{% translate 'Newer' %} {% translate 'Older' %}"
    write(tmp_path, {"site.toml": LANGUAGES, "templates/page.html": layout, "pages/a.de.md": ""})
    built(tmp_path)
    before = page(tmp_path, "de/a/index.html")
    write(tmp_path, {GERMAN: MESSAGES.format("Früher")})

    built(tmp_path)

    assert (before, page(tmp_path, "de/a/index.html")) == ("Neuer Älter", "Neuer Früher")


def test_an_edited_catalogue_makes_those_pages_again_that_show_its_words(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "site.toml": LANGUAGES,
            "templates/page.html": "{{ content }}",
            "templates/list.html": "{% load i18n %}{% translate 'Older' %}",
            "pages/index.md": "",
            "pages/index.de.md": "",
            "pages/plain.de.md": "x",
        },
    )
    built(tmp_path)
    write(tmp_path, {GERMAN: MESSAGES.format("Früher")})

    added = built(tmp_path).reasons

    write(tmp_path, {GERMAN: MESSAGES.format("Älter")})
    assert list(added) == list(built(tmp_path).reasons) == ["de/index.html"]
    assert page(tmp_path, "de/index.html") == "Älter"


def test_an_edited_translation_makes_the_pages_again_that_name_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "site.toml": LANGUAGES,
            "templates/page.html": SWITCH,
            **{f"pages/{name}.md": "---\nslug: one\n---\n" for name in ("a", "a.de")},
            "pages/b.md": "x",
        },
    )
    built(tmp_path)
    write(tmp_path, {"pages/a.de.md": "---\nslug: eins\n---\n"})

    report = built(tmp_path)

    assert page(tmp_path, "one/index.html") == "en English /one/*;de Deutsch /de/eins/;"
    assert "b/index.html" not in report.reasons
    assert report.removed == ["de/one/index.html"]


@pytest.mark.parametrize(
    ("languages", "homes"),
    [("", "/"), ("[languages]\nen = {}\nde = {}\n", "/ /de/"),
     ('[languages]\nprefix_default = true\nen = {}\nde = { prefix = "deutsch" }\n', "/en/ /deutsch/")],
)  # fmt: skip
def test_a_site_has_a_home_in_each_language(tmp_path: Path, languages: str, homes: str) -> None:
    pages = ["pages/index.md", "pages/index.de.md"][: homes.count(" ") + 1]
    write(tmp_path, {"site.toml": SITE + languages, "templates/home.html": "{{ site.home }}"})

    built(write(tmp_path, dict.fromkeys(pages, "")))

    for home in homes.split():
        assert page(tmp_path, f"{home}index.html".lstrip("/")) == home


def test_a_link_leads_to_the_page_in_the_language_of_the_one_that_links(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "site.toml": LANGUAGES,
            "templates/page.html": "{% link 'a.md' %} {% link 'a.de.md' %}",
            **{f"pages/{name}.md": "" for name in ("a", "a.de", "b", "b.de", "b.ar")},
        },
    )

    built(tmp_path)

    assert page(tmp_path, "b/index.html") == "/a/ /de/a/"
    assert page(tmp_path, "de/b/index.html") == "/de/a/ /de/a/"
    assert page(tmp_path, "ar/b/index.html") == "/a/ /de/a/"


@pytest.mark.slow
def test_a_process_that_goes_on_follows_what_the_settings_say_now(tmp_path: Path) -> None:
    """As a preview does, which reads site.toml again when it was edited."""
    write(
        tmp_path,
        {
            "pages/a.de.md": "---\ndate: 2026-03-01T00:00:00Z\n---\n",
            "pages/a.md": "---\ndate: 2026-03-01T23:30:00Z\n---\n",
            "templates/page.html": "{{ page.date|date:'F j H' }}",
        },
    )
    code = (
        "import sys; from pathlib import Path; from sitebuilder.building import build;"
        "from sitebuilder.settings import read_site; folder = Path(sys.argv[1]); build(read_site(folder));"
        "(folder / 'site.toml').write_text(sys.argv[2]); build(read_site(folder))"
    )
    toml = '[site]\ntimezone = "Europe/Berlin"\n[languages]\nen = {}\nde = {}\n'

    subprocess.run([sys.executable, "-c", code, tmp_path, toml], check=True, cwd=ROOT)

    assert page(tmp_path, "de/a/index.html") == "März 1 01"
    assert page(tmp_path, "a/index.html") == "March 2 00"


FAULTS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "unknown": (
        {"site.toml": f"{SITE}[languages]\nen = {{}}\ngr = {{}}\n"},
        r"languages\.gr is no language that",
    ),
    "capitals": (
        {"site.toml": f"{SITE}[languages]\npt-BR = {{}}\n"},
        r"site\.toml: languages\.pt-BR is no language that Django knows; perhaps you meant pt-br",
    ),
    "setting": (
        {"site.toml": f'{SITE}[languages]\nen = {{ path = "x" }}\n'},
        r"languages\.en\.path is no setting; expected name, prefix",
    ),
    "direction": (
        {"site.toml": f'{SITE}[languages]\nen = {{ direction = "up" }}\n'},
        r"languages\.en\.direction is 'up'; expected ltr or rtl",
    ),
    "prefix": (
        {"site.toml": f'{SITE}[languages]\nen = {{}}\nde = {{ prefix = "" }}\n'},
        r"languages\.de has its pages at /, as en has; expected a prefix of its own",
    ),
    "default": (
        {"site.toml": SITE + 'language = "de"\n[languages]\nen = {}\nde = {}\n'},
        r"site\.language is 'de', and the first of \[languages\] is 'en'",
    ),
    "missing": (
        {"pages/a.fr.md": "x"},
        r"a\.fr\.md: its name says that it is in 'fr', which the site does not have; expected one of en, de",
    ),
    "lang": (
        {"pages/a.de.md": "---\nlang: ar\n---\n"},
        r"pages/a\.de\.md:2: lang is 'ar', and the file's name says 'de'; expected a file named a\.ar\.md",
    ),
    "twice": (
        {"pages/a.de.md": "x", "pages/a.de.html": "---\nslug: b\n---\nx"},
        r"it says the same in 'de' as pages/a\.de\.",
    ),
    "one path": (
        {"pages/a.de.md": "x", "pages/de/a.md": "x"},
        r"pages/de/a\.md:1: its address /de/a/ is also that of pages/a\.de\.md",
    ),
    "catalogue": ({GERMAN: 'msgid "a"\nmsgstr "b"\nnonsense\n'}, rf"{GERMAN}:3: the catalogue is broken"),
    "plural": (
        {GERMAN: 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n &;"\n'},
        rf"{GERMAN}:2: the catalogue is broken: .*; expected nplurals=2",
    ),
    "bytes": ({GERMAN: b"\xff\xfe"}, rf"{GERMAN}: it cannot be read"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_languages_is_told_and_the_last_good_output_stays(tmp_path: Path, fault: str) -> None:
    write(tmp_path, {"site.toml": LANGUAGES, "pages/index.md": "# Good", "pages/index.de.md": "# Gut"})
    built(tmp_path)
    before = tree(tmp_path)
    files, message = FAULTS[fault]

    with pytest.raises(SiteError, match=message):
        built(write(tmp_path, files))

    assert tree(tmp_path) == before


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_edited_equals_a_build_from_nothing(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    site = write(tmp_path / "site", {"site.toml": LANGUAGES, **EDITED})

    faults: list[str] = []
    for number in range(6):
        for _ in range(chance.randint(1, 3)):
            edit(site, chance)
        try:
            built(site)
        except SiteError as error:
            faults += [problem.what for problem in error.problems]
            continue
        assert tree(site) == clean_tree(site, tmp_path / f"clean-{number}")
        assert built(site).written == []
    assert all(" also that of " in fault for fault in faults)  # two pages with one slug


EDITED: dict[str, str | bytes] = {
    "templates/page.html": SWITCH + "{% link 'index.md' %}{{ site.direction }}{{ content }}",
    "templates/list.html": (
        "{% load i18n %}{% translate 'Older' %}{% for p in page.pages %}{{ p.title }}{% endfor %}"
    ),
    "templates/tag.html": "{{ tag.url }}{% for p in pages %}{{ p.title }} {{ p.url }}{% endfor %}",
    "pages/index.md": "# Home",
}


def edit(site: Path, chance: random.Random) -> None:
    name = chance.choice(["a", "posts/index", "posts/b", "index"])
    language = chance.choice(["", ".de", ".ar"])
    place = site / f"pages/{name}{language}.md"
    match chance.randrange(5):
        case 0:
            if f"{name}{language}" != "index":
                place.unlink(missing_ok=True)
        case 1:
            write(site, {GERMAN: MESSAGES.format(chance.choice(["Älter", "Früher"]))})
        case 2:
            prefix = chance.choice(["prefix_default = true\n", ""])
            german = chance.choice(["Deutsch", "German"])
            write(
                site,
                {
                    "site.toml": f"{SITE}[feed]\nlimit = 5\n[languages]\n{prefix}"
                    f'en = {{}}\nde = "{german}"\nar = {{}}\n'
                },
            )
        case _:
            matter = f"title: {chance.choice('XYZ')}\ntags: [{chance.choice(['red', 'blue'])}]"
            slug = f"\nslug: {chance.choice(['one', 'two'])}" if chance.random() < 0.3 else ""
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(f"---\n{matter}{slug}\ndate: 2026-01-01\n---\nText\n")
