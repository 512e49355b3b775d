"""A block that no template shows is an error, for what it says would be lost on every page."""

from pathlib import Path

import pytest

from sitebuilder.errors import SiteError
from tests.sitebuilder.sites import built, page, write

BASE = "<!doctype html>{% block title %}{% endblock %}{% if page %}{% block main %}{% endblock %}{% endif %}"
PAGE = "{% extends 'base.html' %}{% block main %}{% block text %}{{ content }}{% endblock %}{% endblock %}"
STRAY: dict[str, tuple[dict[str, str | bytes], str]] = {
    "in a template": (
        {"templates/page.html": "{% extends 'base.html' %}\n\n{% block mian %}x{% endblock %}"},
        "templates/page.html:3: {% block mian %} is no block of base.html; perhaps you meant main",
    ),
    "in a page": (
        {"pages/a.html": "---\ntitle: A\n---\n{% extends 'base.html' %}\n{% block mian %}x{% endblock %}"},
        "pages/a.html:5: {% block mian %} is no block of base.html; perhaps you meant main",
    ),
    "in a page with a context block": (
        {
            "pages/a.html":
            "{% extends 'page.html' %}{% block context %}\n{% endblock %}"
            "{% block b %}{% endblock %}",
        },
        "pages/a.html:2: {% block b %} is no block of page.html; expected one of main, text, title",
    ),
    "in the middle of three": (
        {
            "templates/middle.html": "{% extends 'base.html' %}\n{% block asied %}{% endblock %}",
            "templates/page.html": "{% extends 'middle.html' %}{% block asied %}{% endblock %}",
        },
        "templates/middle.html:2: {% block asied %} is no block of base.html; expected one of main, title",
    ),
    "in a condition": (
        {
            "templates/page.html":
            "{% extends 'base.html' %}{% if 1 %}"
            "\n{% block tilte %}{% endblock %}{% endif %}",
        },
        "templates/page.html:2: {% block tilte %} is no block of base.html; perhaps you meant title",
    ),
    "of what a variable names": (
        {
            "pages/a.md": "---\nbase: b.html\n---\n",
            "templates/b.html": "b",
            "templates/page.html": "{% extends page.base|default:0 %}{% block main %}{% endblock %}",
        },
        "templates/page.html:1: {% block main %} is no block of b.html; expected a template that has blocks",
    ),
    "of an included template": (
        {
            "templates/part.html": "{% extends 'base.html' %}{% block mian %}{% endblock %}",
            "pages/a.md": "\n{% include 'part.html' %}",
        },
        "templates/part.html:1: {% block mian %} is no block of base.html; perhaps you meant main",
    ),
    "of a built-in layout": (
        {
            "templates/o.html": "{% extends 'list.html' %}{% block mian %}{% endblock %}",
            "pages/a.md": "---\nlayout: o.html\n---\n",
        },
        "templates/o.html:1: {% block mian %} is no block of list.html; expected a template that has blocks",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", STRAY)
def test_a_block_that_no_template_shows_is_told_where_it_stands(tmp_path: Path, kind: str) -> None:
    files, message = STRAY[kind]
    common: dict[str, str | bytes] = {"templates/base.html": BASE, "templates/page.html": PAGE}
    site = write(tmp_path, (common if kind != "of a built-in layout" else {}) | files | {"pages/b.md": "x"})

    with pytest.raises(SiteError) as raised:
        built(site)

    assert message in [str(problem) for problem in raised.value.problems]


def test_blocks_of_all_ancestors_and_new_ones_inside_of_a_block_are_shown(tmp_path: Path) -> None:
    own = "{% extends 'page.html' %}{% block title %}T{% endblock %}"
    new = "{% block text %}{% block new %}N{% endblock %}{% endblock %}"
    site = write(
        tmp_path,
        {
            "templates/base.html": BASE,
            "templates/page.html": PAGE,
            "pages/a.html": own + new,
            "pages/b.html": "{% extends 'base.html' %}\n{% block context %}\ntitle: B\n{% endblock %}",
        },
    )

    built(site)

    assert page(site, "a/index.html") == "<!doctype html>TN"


def test_a_block_whose_last_place_an_edit_takes_away_is_told(tmp_path: Path) -> None:
    site = write(tmp_path, {"templates/base.html": BASE, "templates/page.html": PAGE, "pages/a.md": "x"})
    built(site)
    write(site, {"templates/base.html": BASE.replace("main", "text")})

    with pytest.raises(SiteError, match=r"block main %} is no block of base\.html"):
        built(site)
