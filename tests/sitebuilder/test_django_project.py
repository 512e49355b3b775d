"""The views of a Django project are pages of its site, built, checked and swept with the others."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.template import TemplateSyntaxError
from django.test import override_settings
from django.utils import timezone

import sitebuilder
from sitebuilder.checking import check_built
from sitebuilder.errors import SiteError
from sitebuilder.project.entering import project_site
from sitebuilder.project.versions import settings_digest
from sitebuilder.registered import registered
from sitebuilder.serving.place import preview_of
from sitebuilder.serving.resident import Resident
from sitebuilder.settings import read_site
from tests.sitebuilder import shop
from tests.sitebuilder.projects import make_project
from tests.sitebuilder.sites import SITE, built, page, tree, write
from tests.sitebuilder.test_serve_edits import level

ROOT = Path(__file__).resolve().parents[2]
Build = Callable[..., dict[str, Any]]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(
        tmp_path, {"pages/index.md": "# Home", "templates/page.html": "<title>x</title>{{ content }}"}
    )


@pytest.fixture
def build(site: Path, db: None) -> Iterator[Build]:
    """Run `manage.py build --json` in a project of this process; what tests register is gone afterwards."""

    def run(*words: str) -> dict[str, Any]:
        output = StringIO()
        call_command("build", "--json", "--workers=1", *words, stdout=output)
        report: dict[str, Any] = orjson.loads(output.getvalue())
        return report

    shop.asked.clear()
    with override_settings(
        ROOT_URLCONF="tests.sitebuilder.shop",
        INSTALLED_APPS=[*settings.INSTALLED_APPS, "sitebuilder"],
        LANGUAGES=[("en", "English"), ("de", "German")],
        SITEBUILDER={"site": site},
    ):
        yield run
    registered.clear()


def groups(*names: str) -> list[Group]:
    return [Group.objects.create(name=name) for name in names]


@pytest.mark.slow
def test_manage_py_builds_the_pages_of_the_site_and_those_of_its_models(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}

    def manage(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, check=False
        )

    assert manage("migrate", "--run-syncdb").returncode == 0
    database = sqlite3.connect(project / "shop.sqlite3", isolation_level=None)
    products = [("red", "Red"), ("blue", "Blue"), *((f"p{number}", "Many") for number in range(120))]
    database.executemany("INSERT INTO catalog_product (slug, name, version) VALUES (?, ?, 1)", products)

    first = manage("build", "--verify", "--workers", "2")

    assert (first.returncode, first.stderr) == (0, "")
    assert page(project / "site", "products/red/index.html") == (
        "<!doctype html><title>Red</title>True https://example.org/products/red/ /about-us/"
    )
    assert "/products/red/" in page(project / "site", "about-us/index.html")
    assert orjson.loads(page(project / "site", "products.json"))["names"][:2] == ["Blue", "Many"]
    assert "<loc>https://example.org/products/red/</loc>" in page(project / "site", "sitemap.xml")

    database.execute("UPDATE catalog_product SET name = 'Crimson', version = 2 WHERE slug = 'red'")
    database.execute("DELETE FROM catalog_product WHERE slug = 'blue'")
    database.close()
    again = manage("build", "--json")
    assert again.stderr == ""
    report = orjson.loads(again.stdout)
    assert report["written"] == ["products.json", "products/red/index.html", "sitemap.xml"]
    assert report["removed"] == ["products/blue/index.html"]

    (project / "site/pages/more.md").write_text("# More")
    alone = subprocess.run(
        [sys.executable, "-m", "sitebuilder", "--site", "site", "build"],
        cwd=project, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (alone.returncode, alone.stdout) == (1, "")
    assert "only the project can make; expected `manage.py build`" in alone.stderr
    assert "products/red/index.html" in tree(project / "site")
    told = manage("sitebuilder", "explain", "/products.json").stdout
    assert "It would be built again: what shop:listing reads is unknown." in told

    unread = f"{sys.executable} manage.py sitebuilder explain /products.json | true"
    ran = subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", unread],
        cwd=project, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_view_is_rendered_each_time_and_written_where_it_differs(site: Path, build: Build) -> None:
    groups("one", "two")
    sitebuilder.register("shop:group", lambda: Group.objects.values("name"))
    build()

    again = build()

    assert shop.asked == ["one", "two"] * 2
    assert (again["written"], list(again["reasons"])) == (
        [],
        ["groups/one/index.html", "groups/two/index.html"],
    )
    assert again["reasons"]["groups/one/index.html"] == ["what shop:group reads is unknown"]


@pytest.mark.parametrize("is_named", [True, False])
def test_a_view_with_a_key_is_rendered_when_the_key_is_another(build: Build, is_named: bool) -> None:
    one, _ = groups("one", "two")
    versions = {"one": 1, "two": 1}
    if is_named:
        items = lambda: [{"name": name, "version": number} for name, number in versions.items()]  # noqa: E731
        sitebuilder.register("shop:group", items, key="version")
    else:
        sitebuilder.register("shop:group", lambda: versions, key=lambda name: {name: versions[name]})
    build()
    one.delete()
    Group.objects.create(name="one", pk=7)
    unnoticed = build()
    versions["one"] = 2

    noticed = build()

    assert unnoticed["reasons"] == {}
    assert noticed["written"] == ["groups/one/index.html"]
    assert shop.asked == ["one", "two", "one"]


def test_code_and_settings_of_the_project_make_a_view_with_a_key_again(build: Build, tmp_path: Path) -> None:
    groups("one")
    sitebuilder.register("shop:group", lambda: ["one"], key=lambda name: 1)
    templates = write(tmp_path / "shared", {"a.html": "a"})
    with override_settings(TEMPLATES=[{**settings.TEMPLATES[0], "DIRS": [templates]}]):
        build()
        quiet = build()
        write(templates, {"a.html": "changed"})

        report = build()

    assert quiet["reasons"] == {}
    assert report["reasons"] == {"groups/one/index.html": ["project changed"]}


def test_no_parameters_are_no_pages(site: Path, build: Build) -> None:
    sitebuilder.register("shop:group", lambda: Group.objects.values("name"))

    build()

    assert not [name for name in tree(site) if name.startswith("groups")]


def test_what_is_no_longer_there_is_swept_and_links_are_checked_with_the_rest(
    site: Path, build: Build
) -> None:
    one, _ = groups("one", "two")
    sitebuilder.register("shop:group", lambda: Group.objects.values_list("name"))
    write(site, {"pages/index.md": "[good](/groups/two/) [bad](/groups/one/)"})
    build()
    one.delete()

    report = build()

    assert report["removed"] == ["groups/one/index.html"]
    broken = [problem.what for problem in check_built(read_site(site)) if "leads nowhere" in problem.what]
    assert broken == ["the link /groups/one/ leads nowhere"]


def test_an_address_with_a_language_is_a_page_in_each_language(site: Path, build: Build) -> None:
    sitebuilder.register("hello")

    build()

    assert (page(site, "hello/index.html"), page(site, "de/hello/index.html")) == ("Monday", "Montag")
    other = '<xhtml:link rel="alternate" hreflang="de" href="https://example.org/de/hello/"/>'
    assert page(site, "sitemap.xml").count(other) == 2


def test_a_template_response_is_rendered_and_other_types_have_their_extension(
    site: Path, build: Build
) -> None:
    groups("one")
    sitebuilder.register("shop:odd", lambda: ["template"])
    sitebuilder.register("shop:names")

    build()

    assert page(site, "odd/template/index.html") == "made late"
    assert page(site, "names.txt") == "one"


def test_a_page_links_to_a_view_and_is_told_what_it_takes(site: Path, build: Build) -> None:
    write(site, {"pages/index.md": "{% url 'shop:group' 'one' %}"})
    build()
    assert "/groups/one/" in page(site, "index.html")
    write(site, {"pages/index.md": "\n{% url 'shop:group' slug='one' %}"})

    with pytest.raises(
        CommandError, match=r"pages/index\.md:2: .* not found; expected what shop:group takes: name"
    ):
        build()


def test_a_running_project_links_to_where_the_last_build_put_a_page(site: Path, build: Build) -> None:
    from sitebuilder.templatetags.sitebuilder import link

    write(site, {"pages/about.md": "---\nslug: us\n---\n"})
    build()

    assert link("about.md") == "/us/"
    with pytest.raises(TemplateSyntaxError, match=r"no page pages/abuot\.md .*; perhaps you meant about"):
        link("abuot.md")


def test_a_running_project_links_to_where_a_page_has_moved_meanwhile(site: Path, build: Build) -> None:
    from sitebuilder.templatetags.sitebuilder import link

    write(site, {"pages/about.md": "---\nslug: us\n---\n"})
    build()
    link("about.md")

    write(site, {"pages/about.md": "---\nslug: all-of-us\n---\n"})
    build()

    assert link("about.md") == "/all-of-us/"


def test_a_preview_has_the_pages_of_the_rows_that_there_are_now(site: Path, build: Build) -> None:
    """Rows that come, change and go are seen with the next edit of a file."""
    first, _ = groups("red", "blue")
    rows = Group.objects
    sitebuilder.register("shop:group", lambda: rows.values("name", "pk"), key="pk")
    sitebuilder.register("shop:names")

    with project_site(None) as whole:
        shown = Resident(preview_of(whole))
        level(shown)
        first.delete()
        groups("green")
        write(site, {"pages/index.md": "# Welcome"})
        level(shown)
        shown.close()

    assert shown.problems == []
    views = {path for path, output in shown.outputs.items() if output.kind == "view"}
    assert views == {"groups/blue/index.html", "groups/green/index.html", "names.txt"}
    assert (shown.site.output / "names.txt").read_text() == "blue,green"
    assert not (shown.site.output / "groups/red").exists()


def test_a_site_of_several_languages_needs_a_project_that_has_any(site: Path, build: Build) -> None:
    write(site, {"site.toml": f"{SITE}[languages]\nen = {{}}\nde = {{}}\n"})

    with (
        override_settings(USE_I18N=False),
        pytest.raises(CommandError, match=r"USE_I18N is False .* expected True"),
    ):
        build()


def test_a_dry_run_says_what_it_would_and_does_nothing(site: Path, build: Build) -> None:
    groups("one")
    sitebuilder.register("shop:group", lambda: Group.objects.values("name"))

    report = build("--dry-run")

    assert "groups/one/index.html" in report["written"]
    assert shop.asked == []
    assert not (site / "out").exists()


HERE = r"(?m)^tests/sitebuilder/test_django_project\.py:\d+: "
THERE = r"(?m)^tests/sitebuilder/shop\.py:\d+: "
FAULTS: dict[str, tuple[str, Any, str]] = {
    "no name": (
        "shop:gruop",
        None,
        HERE + "no url has the name 'shop:gruop'; perhaps you meant shop:group",
    ),
    "namespace": (
        "group",
        lambda: ["x"],
        HERE + "no url has the name 'group'; perhaps you meant .*shop:group",
    ),
    "parameters": (
        "shop:group",
        lambda: [{"slug": "x"}],
        HERE + "no url fits shop:group slug='x'; expected what it takes: name",
    ),
    "iterating": ("shop:group", lambda: 3, HERE + "the parameters of shop:group cannot be had: TypeError"),
    "up": ("shop:group", lambda: [".."], HERE + r"the address of shop:group '\.\.' is /groups/\.\./"),
    "file": (
        "shop:plain",
        lambda: ["page"],
        HERE + "the address of .* is /plain/page, .* expected a slash at",
    ),
    "hidden": ("shop:hidden", None, "/hidden/seen/, the address of shop:hidden, is answered by shop:hiding"),
    "404": ("shop:group", lambda: ["no"], THERE + r"the view shop:group 'no' raised Http404"),
    "status": (
        "shop:odd",
        lambda: ["missing"],
        THERE + "the view shop:odd 'missing' answered 404; expected 200",
    ),
    "redirect": (
        "shop:odd",
        lambda: ["moving"],
        THERE + "the view shop:odd 'moving' redirects to /elsewhere/",
    ),
    "stream": ("shop:odd", lambda: ["streaming"], THERE + "the view shop:odd 'streaming' streams its answer"),
    "raise": ("shop:odd", lambda: ["raising"], THERE + "the view shop:odd 'raising' raised KeyError: 'lost'"),
    "none": ("shop:odd", lambda: ["nothing"], THERE + "the view shop:odd 'nothing' gave a NoneType"),
    "token": ("shop:odd", lambda: ["token"], THERE + "the view shop:odd 'token' has a CSRF token"),
    "type": (
        "shop:odd",
        lambda: ["text"],
        THERE + "the view shop:odd 'text' answered with text/plain; expected .*such as /odd/text.txt",
    ),
    "extension": (
        "shop:odd-text",
        lambda: ["page"],
        THERE + "the view shop:odd-text 'page' answered with text/html; expected text/plain",
    ),
    "taken": (
        "shop:group",
        lambda: ["one", {"name": "one"}],
        "shop:group name='one': /groups/one/index.html is also made of shop:group 'one'",
    ),
    "page": (
        "shop:odd",
        lambda: ["taken"],
        "shop:odd 'taken': /odd/taken/index.html is also made of pages/odd/taken.md",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_view_that_can_be_no_page_is_told_and_nothing_is_written(
    site: Path, build: Build, fault: str
) -> None:
    groups("one")
    write(site, {"pages/odd/taken.md": "x"})
    build()
    before = tree(site)
    name, parameters, message = FAULTS[fault]
    sitebuilder.register(name, parameters)

    with pytest.raises(CommandError, match=message):
        build()

    assert tree(site) == before


KEYS = {
    "an object": (lambda name: Group(name=name), "the key of shop:group 'one' is .*; expected text, numbers"),
    "an error": (lambda name: 1 // 0, "the key of shop:group 'one' cannot be had: ZeroDivisionError"),
    "a name": ("version", "the key of shop:group is named 'version', and the parameters have no names"),
}


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_that_is_none_is_told(build: Build, kind: str) -> None:
    key, message = KEYS[kind]
    sitebuilder.register("shop:group", lambda: ["one"], key=key)  # type: ignore[arg-type]

    with pytest.raises(CommandError, match=HERE + message):
        build()


def test_a_program_reads_what_ended_a_command_of_the_project(site: Path, build: Build) -> None:
    write(site, {"pages/a.md": "---\ndraft: perhaps\n---\n"})
    output = StringIO()

    with pytest.raises(CommandError, match="draft is 'perhaps'"):
        call_command("build", "--json", "--workers=1", stdout=output)

    assert orjson.loads(output.getvalue()) == {
        "problems": [
            {"what": "draft is 'perhaps'", "file": "pages/a.md", "line": 2, "right": "true or false"}
        ]
    }


def test_a_name_is_registered_once(build: Build) -> None:
    for _ in range(2):
        sitebuilder.register("shop:names")  # the same line twice, as when a module is loaded again

    with pytest.raises(SiteError, match=HERE + "the view shop:names is registered by .* too"):
        sitebuilder.register("shop:names")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (None, "no site is named; expected SITEBUILDER = "),
        ({"sight": "x"}, r"SITEBUILDER\['sight'\] is no setting; perhaps you meant site"),
        ({"site": "/nowhere"}, "there is no site.toml in /nowhere"),
    ],
)
def test_a_site_that_is_not_there_is_told(build: Build, options: Any, message: str) -> None:
    with override_settings(SITEBUILDER=options), pytest.raises(CommandError, match=message):
        build()


def test_a_site_outside_of_a_project_knows_nothing_of_views(tmp_path: Path, build: Build) -> None:
    sitebuilder.register("shop:names")
    write(tmp_path / "alone", {"site.toml": SITE, "pages/a.md": "x"})

    built(tmp_path / "alone")

    assert tree(tmp_path / "alone").keys() == {"a/index.html", "robots.txt", "sitemap.xml"}


def test_a_page_tells_dates_in_the_zone_that_the_project_has_set(site: Path, build: Build) -> None:
    write(
        site,
        {
            "templates/page.html": "<title>x</title>{{ page.date|date:'H:i' }}",
            "pages/index.md": "---\ndate: 2026-01-31 23:30:00+00:00\n---\n",
        },
    )

    with timezone.override("Asia/Tokyo"):
        build()

    assert page(site, "index.html") == "<title>x</title>08:30"


def test_in_a_project_a_date_is_of_the_time_zone_of_the_project(site: Path, build: Build) -> None:
    shown = "<title>x</title>{{ page.date|date:'c' }}"
    write(site, {"templates/page.html": shown, "pages/index.md": "---\ndate: 2026-01-31\n---\n"})

    for zone, told in (
        ("America/Los_Angeles", "2026-01-31T00:00:00-08:00"),
        ("Asia/Tokyo", "2026-01-31T00:00:00+09:00"),
    ):
        settings_digest.cache_clear()  # a process has one project, and that its settings
        with override_settings(TIME_ZONE=zone):
            build()

        assert page(site, "index.html") == f"<title>x</title>{told}"
        assert f"<lastmod>{told}</lastmod>" in page(site, "sitemap.xml")
