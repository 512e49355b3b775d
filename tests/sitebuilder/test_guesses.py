"""A name that is not there is told with the one that was meant, in one line, with its file and line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sitebuilder.errors import SiteError
from sitebuilder.guesses import MANY, meant, nearest
from sitebuilder.publishing.stages import find_stage
from sitebuilder.publishing.targets import open_target
from sitebuilder.settings import read_site
from tests.sitebuilder.sites import LAYOUT, SITE, built, page, write
from tests.sitebuilder.stepping import ROOT

FILES: dict[str, str | bytes] = {
    "site.toml": f'{SITE}motto = "slowly"\n[section.notes]\npage_layout = "page.html"\n',
    "pages/posts/first.md": "# First\n",
    "pages/notes/one.md": "# One\n",
    "templates/page.html": LAYOUT,
    "templates/parts/menu.html": "menu",
    "static/css/site.css": "a{}",
    "static/map.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    "data/people.json": '{"ana": {"name": "Ana"}}',
}
IN_TEMPLATES = {
    "{% link 'posts/frist.md' %}": "page pages/posts/frist.md to link to; perhaps you meant posts/first.md",
    "{% link 'first.md' %}": "there is no page pages/first.md to link to; perhaps you meant posts/first.md",
    "[a](posts/frist.md)": "which is no published page; perhaps you meant posts/first.md",
    "{% image 'mpa.svg' alt='' %}": "there is no file static/mpa.svg; perhaps you meant map.svg",
    "{% image 'map.svg' alt='' widhts='40' %}": "no option widhts; perhaps you meant widths",
    "{% asset 'sit.css' %}": "there is no file static/sit.css; perhaps you meant css/site.css",
    "{% placeholder 9x9 txet='x' %}": "has no option txet; perhaps you meant text",
    "{% include 'parts/mneu.html' %}": "no template parts/mneu.html; perhaps you meant parts/menu.html",
    "{{ page.titel }}": (
        "page.titel is not defined here; perhaps you meant page.title, or {% if page.titel %} before it"
    ),
    "{{ page.subtitel }}": "perhaps you meant page.subtitle, or {% if page.subtitel %} before it",
    "{{ site.moto }}": "site.moto is not defined here; perhaps you meant site.motto, or",
    "{{ site.zebra }}": "site.zebra is not defined here; expected a name that is, or {% if %} before it",
    "{{ stie.name }}": "stie.name is not defined here; perhaps you meant site.name, or",
    "{{ site.data.peopel.ana }}": "perhaps you meant site.data.people.ana, or",
    "{{ site.data.people.anna.name }}": "perhaps you meant site.data.people.ana.name, or",
    "{{ site.sections.post }}": "perhaps you meant site.sections.posts, or",
    "{% for post in site.pages %}{{ post.ulr }}{% endfor %}": "perhaps you meant post.url, or",
    "{{ page.title|default:zebra }}": "zebra is not defined here; expected a name that is",
    "{{ title }}": "title is not defined here; perhaps you meant page.title, or {% if title %} before it",
    "{{ motto|upper }}": "motto is not defined here; perhaps you meant site.motto, or",
    "{{ page.title|uper }}": "there is no filter uper; perhaps you meant upper",
    "{{ page.title|zebra }}": "there is no filter zebra",
    "{{ page.date|localtime }}": "there is no filter localtime; expected {% load tz %} before it",
    "{% lnik 'a' %}": "{% lnik %} is no tag here; perhaps you meant {% link %}",
    "{% translate 'Tags' %}": "{% translate %} is no tag here; expected {% load i18n %} before it",
    "{% if page %}{% endfi %}": "{% endfi %} is no tag here; perhaps you meant {% endif %}",
    "{% if page %}{% endfor %}": "{% endfor %} is no tag here; expected 'elif', 'else' or 'endif'",
    "{% endif %}": "{% endif %} is no tag here; expected {% if %} before it",
    "{% load i81n %}": "there is no library i81n to load; perhaps you meant i18n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("site"), FILES)


@pytest.mark.parametrize("text", IN_TEMPLATES)
def test_what_a_template_asks_for_in_vain_is_told_with_what_it_meant(site: Path, text: str) -> None:
    write(site, {"pages/a.md": f"---\ntitle: A\nsubtitle: B\n---\n{text}\n"})

    with pytest.raises(SiteError) as raised:
        built(site)

    assert IN_TEMPLATES[text] in str(raised.value)
    assert str(raised.value).startswith("pages/a.md:5: ")
    assert "\n" not in str(raised.value)


LAYOUTS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "of a page": (
        {"pages/a.md": "---\ntitle: pgae.html\nlayout: pgae.html\n---\n"},
        "pages/a.md:3: there is no template pgae.html; perhaps you meant page.html",
    ),
    "of a section": (
        {"site.toml": f'{SITE}[section.posts]\npage_layout = "pots.html"\n', "templates/post.html": ""},
        "site.toml:5: there is no template pots.html; perhaps you meant post.html",
    ),
    "of a layout": (
        {"templates/page.html": "\n{% extends 'bsae.html' %}", "templates/base.html": ""},
        "templates/page.html:2: there is no template bsae.html; perhaps you meant base.html",
    ),
    "like no other": (
        {"pages/a.md": "---\nlayout: zebra\n---\n"},
        "pages/a.md:2: there is no template zebra; expected a file in templates/, such as page.html",
    ),
}


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_layout_that_is_missing_is_told_where_it_is_named(tmp_path: Path, kind: str) -> None:
    files, message = LAYOUTS[kind]
    common: dict[str, str | bytes] = {"pages/posts/first.md": "x", "templates/page.html": LAYOUT}
    site = write(tmp_path, common | files)

    with pytest.raises(SiteError) as raised:
        built(site)

    assert str(raised.value) == message


SECTIONS = {
    "[section.post]\norder = 'title'": "4: section.post is no section; perhaps you meant posts",
    "[section.posts]\n[section . 'post']": "5: section.post is no section; perhaps you meant posts",
    "[section]\nposts.order = 'title'\npost.order = 'title'": "6: section.post is no section; perhaps you",
    "[section.notes]\n[sectoin.posts]\norder = 'title'": "5: sectoin is no setting; perhaps you meant",
    "[sectoin.posts]\norder = 'title'": "4: sectoin is no setting; perhaps you meant section",
}


@pytest.mark.parametrize("toml", SECTIONS)
def test_settings_of_a_misspelt_section_are_told_with_their_line(tmp_path: Path, toml: str) -> None:
    site = write(tmp_path, {"site.toml": f"{SITE}{toml}\n", "pages/posts/a.md": "x", "pages/notes/b.md": "x"})

    with pytest.raises(SiteError) as raised:
        built(site)

    assert str(raised.value).startswith(f"site.toml:{SECTIONS[toml]}")


@pytest.mark.parametrize(
    "files",
    [
        {"pages/My Notes/a.md": "---\ndraft: true\n---\n"},
        {"pages/My Notes/a.png": "x"},
        {"pages/My Notes/more/a.md": "x"},
        {"pages/zebra.md": "x"},
        {"pages/My Notes/a.de.md": "x", "site.toml": "[section.my-notes]\n[languages]\nen = 'E'\nde = 'D'\n"},
    ],
)
def test_settings_of_a_section_without_a_page_to_show_are_let_be(
    tmp_path: Path, files: dict[str, str | bytes]
) -> None:
    built(write(tmp_path, {"site.toml": f"{SITE}[section.my-notes]\norder = 'title'\n", **files}))


def test_a_table_of_the_sites_own_may_be_named_nearly_as_one_of_ours_that_is_there(tmp_path: Path) -> None:
    toml = f"{SITE}[section.posts]\n[sections.posts]\nicon = 'x'\n"

    built(write(tmp_path, {"site.toml": toml, "pages/posts/a.md": "x"}))


@pytest.mark.parametrize(
    ("matter", "message"),
    [
        ("description: B\ntitel: A", "3: titel is no key of a page; perhaps you meant title"),
        ("drfat: true", "2: drfat is no key of a page; perhaps you meant draft"),
        ("Tags: [a]", "2: Tags is no key of a page; perhaps you meant tags"),
        ("adte: 2026-01-31\ndtae: 2026-01-31", "3: dtae is no key of a page; perhaps you meant date"),
        ("hero:\n  sumary: A\nsumary: B", "4: sumary is no key of a page; perhaps you meant summary"),
        ("tilte: A\nlayuot: b.html", "2: tilte is no key of a page; perhaps you meant title"),
        ("upated: '2026-01-31'", "2: upated is no key of a page; perhaps you meant updated"),
        ("title: A\nwieght: 3", "3: wieght is no key of a page; perhaps you meant weight"),
    ],
)
def test_a_misspelt_key_of_front_matter_is_told_with_its_line(
    tmp_path: Path, matter: str, message: str
) -> None:
    site = write(tmp_path, {"pages/a.md": f"---\n{matter}\n---\n"})

    with pytest.raises(SiteError) as raised:
        built(site)

    assert str(raised.value).startswith(f"pages/a.md:{message}; a key of your own needs another name")


def test_all_keys_of_front_matter_that_are_misspelt_are_told_in_their_order(tmp_path: Path) -> None:
    site = write(tmp_path, {"pages/a.md": "---\ntitel: A\nwieght: 3\nsumary: B\ntags: 5\n---\n"})

    with pytest.raises(SiteError) as raised:
        built(site)

    assert [problem.line for problem in raised.value.problems] == [2, 3, 4, 5]


TEXTS = (
    *(
        "titles",
        "title2",
        "ogtitle",
        "title_de",
        "dc/title",
        "layouts",
        "land",
        "playout",
        "taglines",
        "slugs",
    ),
    *("meta_description", "prescription", "descriptor", "summary_de"),
)
OWN_KEYS = {
    **dict.fromkeys(TEXTS, "A"),
    **dict.fromkeys(("dates", "dated", "update", "data", "og/date"), "2026-01-31"),
    **dict.fromkeys(("height", "weights", "paginated"), 3),
    "etags": ["a"],
    "drafted": True,
}


@pytest.mark.parametrize("name", OWN_KEYS)
def test_a_key_that_no_slip_of_a_finger_makes_of_ours_is_let_be(tmp_path: Path, name: str) -> None:
    matter = json.dumps({name: OWN_KEYS[name]})
    site = write(tmp_path, {"pages/a.md": f"---\n{matter}\n---\n", "templates/page.html": LAYOUT})

    built(site)

    assert (site / "out/a/index.html").exists()


def test_keys_of_a_pages_own_are_let_be(tmp_path: Path) -> None:
    """What says something else than ours could, or stands beside ours, is meant."""
    own = "title: A\ntitles: B\ndata: people\ndates: [1, 2]\ntag: red\nauthor: Ana\nsubtitle: C\n"
    site = write(tmp_path, {"pages/a.md": f"---\n{own}---\n", "templates/page.html": "{{ page.titles }}"})

    built(site)

    assert page(site, "a/index.html") == "B"


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        ("prodution", "there is no stage 'prodution'; perhaps you meant production"),
        ("zebra", "there is no stage 'zebra'; expected one of production"),
        ("production", r"\[stage\.production\] `to` is 'foldr'; perhaps you meant folder"),
    ],
)
def test_a_stage_that_is_misspelt_is_told_with_what_was_meant(
    tmp_path: Path, stage: str, message: str
) -> None:
    site = read_site(write(tmp_path, {"site.toml": f"{SITE}[stage.production]\nto = 'foldr'\n"}))

    with pytest.raises(SiteError, match=message):
        open_target(site, find_stage(site, stage))


def test_a_file_of_the_same_name_elsewhere_is_meant_before_one_of_a_like_name() -> None:
    known = ["about/index.md", "b.css", "css/deep/down/a.css", "index.md", "posts/index.md"]

    assert nearest("a.css", known) == ["css/deep/down/a.css"]
    assert nearest("post/index.md", known) == ["posts/index.md"]
    assert nearest("INDEX.md", known, most=2)[0] == "index.md"


def test_among_thousands_of_names_those_that_begin_and_end_alike_are_looked_at() -> None:
    known = [f"posts/2026-{number:05}-a-note.md" for number in range(MANY * 10)]

    assert meant("posts/2026-00137-a-ntoe.md", known) == "perhaps you meant posts/2026-00137-a-note.md"
    assert meant("zebra", known, "a page") == "a page"


def test_a_build_without_a_mistake_loads_nothing_to_guess_with(tmp_path: Path) -> None:
    site = write(tmp_path, FILES | {"pages/a.md": "---\nauthor: Ana\n---\n{% image 'map.svg' alt='' %}"})
    code = (
        "import sys; from sitebuilder.__main__ import main\n"
        f"for words in ('build', 'check', 'explain /a/'): main(['--site', {str(site)!r}, *words.split()])\n"
        "print({'difflib', 'sitebuilder.missing_names', 'sitebuilder.versions'} & set(sys.modules))"
    )

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "set()"
