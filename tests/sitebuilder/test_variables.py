"""Variables are shown as Django alone shows them, whatever they are and however they fail."""

import datetime
from pathlib import Path
from string import ascii_letters
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Engine, Template
from django.template.defaultfilters import date
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from pytest_django.fixtures import Settings

from sitebuilder.dates import Dates
from sitebuilder.library import Library
from sitebuilder.locality import Locality
from sitebuilder.rendering import Renderer
from sitebuilder.settings import read_site
from sitebuilder.variables import SimpleVariableNode, hasten
from tests.sitebuilder.sites import SITE, built, page, write


class Entry(NamedTuple):
    """It has items and attributes, as a tag of a site has."""

    title: str
    size: int


class Awkward:
    """What a template may meet in the objects of others."""

    shown = "<b>"
    safe = mark_safe("<b>")

    @property
    def broken(self) -> str:
        raise RuntimeError("it is broken")

    def called(self) -> str:
        return "<i>"

    def hungry(self, _: int) -> str:
        return "never"


class Both(dict[str, str]):
    """An item counts before an attribute of its name."""

    title = "attribute"


VALUES: dict[str, Any] = {
    "text": "a < b & 'c'",
    "safe": mark_safe("<b>bold</b>"),
    "number": 1234.5,
    "nothing": None,
    "day": datetime.date(2026, 1, 31),
    "moment": datetime.datetime(2026, 1, 31, 23, 30, tzinfo=datetime.UTC),
    "entry": Entry("One & two", 3),
    "awkward": Awkward(),
    "both": Both(title="item"),
    "empty": Both(),
    "list": ["x", {"deep": "<y>"}],
    "function": lambda: {"inside": "<z>"},
}
SHOWN = [
    *VALUES, "entry.title", "entry.size", "awkward.shown", "awkward.safe", "awkward.called",
    "awkward.hungry", "both.title",
    "empty.title", "list.0", "list.1.deep", "function.inside", "moment.year", "text.upper",
    "text|upper", "text|slice:':3'", "text|default:'x'", "nothing|default:'<x>'", "safe|upper", "text|safe",
    "moment|date:'j F Y H:i'", "moment|time", "number|add:'1'", "text|cut:entry.title", "list|join:', '",
    "text|add:safe", "'<constant>'", "_('constant')", "12.5",
]  # fmt: skip
FAILING = [
    "missing", "text.missing", "entry.missing", "list.7", "awkward.broken", "nothing.at",
    "missing|upper", "number|date:missing", "awkward.broken.more", "text|truncatewords:text.no",
]  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """That of a renderer, which tags ask."""
    site = read_site(write(tmp_path, {"site.toml": f'{SITE}timezone = "Asia/Tokyo"\n'}))
    renderer = Renderer(site, Library(site, [], datetime.datetime.now(datetime.UTC)), {})
    renderer.begin()
    return renderer.engine


@pytest.mark.parametrize("expression", SHOWN)
@pytest.mark.parametrize("pattern", ["{{ %s }}", "{%% autoescape off %%}{{ %s }}{%% endautoescape %%}"])
def test_a_variable_is_shown_as_django_shows_it(engine: Engine, pattern: str, expression: str) -> None:
    slow, fast = templates(pattern % expression, engine)

    assert fast.render(Context(VALUES)) == slow.render(Context(VALUES))


@pytest.mark.parametrize("expression", FAILING)
def test_a_variable_fails_as_django_lets_it_fail(engine: Engine, expression: str) -> None:
    slow, fast = (failure(template) for template in templates(f"\n{{{{ {expression} }}}}", engine))

    assert fast == slow
    assert fast[2] == 2  # the line


def test_dates_are_those_of_the_time_zone_and_the_language_that_a_template_sets(engine: Engine) -> None:
    _, fast = templates("{{ moment|date:'j F H:i' }}", engine)

    shown = []
    for zone in ("Asia/Tokyo", "UTC", "Asia/Tokyo"):
        with timezone.override(zone), translation.override("de"):
            shown.append(fast.render(Context(VALUES)))

    assert [words.split()[0] for words in shown] == ["1", "31", "1"]


@pytest.mark.parametrize("language", ["en", "de", "pt"])
@pytest.mark.parametrize(
    "form", [*(f"x {letter}" for letter in ascii_letters), "", None, "SHORT_DATE_FORMAT", R"j \o\f F\\", 5]
)
def test_a_date_is_spelled_as_django_spells_it(engine: Engine, form: Any, language: str) -> None:
    moment = datetime.datetime(2026, 3, 1, 23, 30, 5, 70, tzinfo=datetime.UTC)

    here = Locality(language, ZoneInfo("Asia/Tokyo"))

    with translation.override(language), timezone.override("Asia/Tokyo"):
        assert Dates().told(moment, form, here) == date(timezone.localtime(moment), form)


IN_ANOTHER_ZONE = [
    "{{ moment|utc|date:'H:i' }}",
    "{{ moment|timezone:'Europe/Paris'|date:'H:i' }}",
    "{% timezone 'America/Lima' %}{{ moment|date:'H:i' }}{% endtimezone %}",
    "{% timezone None %}{{ moment|date:'H:i' }}{% endtimezone %}",
    "{% localtime off %}{{ moment|date:'H:i' }}{% endlocaltime %}",
    "{% localtime off %}{{ moment|localtime|date:'H:i' }}{% endlocaltime %}",
    "{% localtime off %}{% localtime on %}{{ moment|date:'H:i' }}{% endlocaltime %}{% endlocaltime %}",
    "{% timezone 'UTC' %}{% localtime off %}{{ moment|date:'H:i' }}{% endlocaltime %}{% endtimezone %}",
    "{% localtime off %}{% timezone 'UTC' %}{{ moment|date:'H:i' }}{% endtimezone %}{% endlocaltime %}",
    "{% localtime off %}{% language 'de' %}{{ moment|date:'H:i' }}{% endlanguage %}{% endlocaltime %}",
    "{% for zone in zones %}{% timezone zone %}{{ moment|date:'H:i' }} {% endtimezone %}{% endfor %}",
]


@pytest.mark.parametrize("text", IN_ANOTHER_ZONE)
def test_a_page_tells_a_date_in_the_zone_that_its_template_sets_and_in_the_site_s_around_it(
    tmp_path: Path, settings: Settings, text: str
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    around = "{{ moment|date:'H:i' }}"
    template = f"{{% load tz i18n %}}{around} {text} {around}"
    django = Engine(libraries={name: f"django.templatetags.{name}" for name in ("tz", "i18n")})
    moment = datetime.datetime.fromisoformat("2026-02-01T01:30:00+02:00")
    shown = Context({"moment": moment, "zones": ["Asia/Tokyo", "UTC"]})
    write(
        tmp_path,
        {
            "templates/page.html": template.replace("moment", "page.date").replace("zones", "page.zones"),
            "pages/a.md": "---\ndate: 2026-02-01 01:30:00+02:00\nzones: [Asia/Tokyo, UTC]\n---\n",
        },
    )

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == django.from_string(template).render(shown)


def test_a_page_of_markdown_and_one_that_is_a_template_tell_dates_in_the_zone_that_they_set(
    tmp_path: Path, settings: Settings
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    text = "{% load tz %}{% timezone 'UTC' %}{{ page.date|date:'H:i' }}{% endtimezone %}"
    matter = "---\ndate: 2026-01-31 23:30:00+00:00\n---\n"
    write(
        tmp_path,
        {
            "templates/page.html": "{{ content }} {{ page.date|date:'H:i' }}",
            "pages/a.md": matter + text,
            "pages/b.html": matter + text,
        },
    )

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == "<p>23:30</p>\n 08:30"
    assert page(tmp_path, "b/index.html") == "23:30 08:30"


def test_a_page_tells_a_date_in_the_language_that_its_template_sets(tmp_path: Path) -> None:
    month = "{{ page.date|date:'F' }}"
    in_german = f"{{% language 'de' %}}{month}{{% endlanguage %}}"
    write(
        tmp_path,
        {
            "site.toml": f"{SITE}[languages]\nen = {{}}\nde = {{}}\n",
            "templates/page.html": f"{{% load i18n %}}{month} {in_german}",
            "pages/a.md": "---\ndate: 2026-05-31\n---\n",
            "pages/a.de.md": "---\ndate: 2026-05-31\n---\n",
        },
    )

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == "May Mai"
    assert page(tmp_path, "de/a/index.html") == "Mai Mai"


def test_the_variables_of_lists_and_blocks_are_hastened(engine: Engine) -> None:
    inner = "{{ x }}{% if x %}{{ x.y|date:'Y' }}{% endif %}"
    _, fast = templates(f"{{% block a %}}{{% for x in list %}}{inner}{{% endfor %}}{{% endblock %}}", engine)

    assert len(fast.nodelist.get_nodes_by_type(SimpleVariableNode)) == 2


def templates(text: str, engine: Engine) -> tuple[Template, Template]:
    slow, fast = Template(text, engine=engine), Template(text, engine=engine)
    hasten(fast)
    return slow, fast


def failure(template: Template) -> tuple[type[Exception], str, int]:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever Django raises
        template.render(Context(VALUES))
    return type(caught.value), str(caught.value), vars(caught.value)["template_debug"]["line"]
