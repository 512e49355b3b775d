"""Whatever is edited, a build that does what it must gives what a build from nothing gives, to the byte."""

import shutil
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sitebuilder.errors import Problem, SiteError
from tests.sitebuilder.pictures import picture
from tests.sitebuilder.sites import SITE, built, clean_tree, tree, write

PAGES = [f"posts/p{n}" for n in range(4)] + ["about", "docs/deep/one"]
WORDS = st.sampled_from(
    [
        "one",
        "**two**",
        "`{{ code }}`",
        "{{ page.title }}",
        "{% link 'posts/index.md' %}",
        "![](/static/a.png)",
        "{% image 'a.png' alt='' %}",
        "## {% if site.data.people %}{{ site.data.people|json }}{% endif %}",
        "{% for p in site.sections.posts %}[{{ p.title }}]({{ p.url }}) {{ p.summary }} {% endfor %}",
    ]
)
TAGS = st.lists(st.sampled_from(["red", "green", "blue"]), unique=True, max_size=2)
DAYS = st.sampled_from(["2026-01-01", "2026-01-02", "2999-01-01", ""])
ZONES = st.sampled_from(["UTC", "America/Lima", "Asia/Tokyo"])
BASE = (
    "<!doctype html><title>{{ page.title }} {{ site.name }} {{ page.date|date:'c' }}</title>"
    "{% include 'nav.html' %}"
    "{% block main %}{{ content }}"
    "{% if page.next %}<a href='{{ page.next.url }}'>{{ page.next.title }}</a>{% endif %}{% endblock %}"
    "<link href=\"{% asset 'site.css' %}\">{% include 'head.html' %}"
)
NAV = "{% if site.data.people %}{% for each in site.data.people %}{{ each }}{% endfor %}{% endif %}"
BUNDLE = (
    "{% compress css %}<link rel=stylesheet href=/static/one.css>"
    "<link rel=stylesheet href=/static/two.css>{% endcompress %}"
)
HEADS = ["", BUNDLE, "{% image 'a.png' alt='' %}", BUNDLE + "{% image 'a.png' alt='A' widths='4' %}"]
SHEETS = ["a { color: red }", "b{c:url(a.png)}", "b{c:url(b.png)}"]
SEARCH = "[search]\nenabled = true\nheadings = true\nbody = true\n"
IMAGES = "[images]\nwidths = [4, 8]\nformats = ['webp']\n"
DATA = ["data/people.json", "data/people.yaml", "data/people/x.json"]  # all of one name
ERRORS = (" also ", "there is no file static/")  # two pages of one address; an asset that was deleted
LISTING = (
    "{% extends 'page.html' %}{% block main %}"
    "{% for p in page.pages %}<li>{{ p.title }} {{ p.summary }}{% endfor %}"
    "{{ paginator.older }}{% endblock %}"
)
FILES: dict[str, str | bytes] = {
    "site.toml": f'{SITE}[feed]\nsection = "posts"\n{SEARCH}{IMAGES}',
    "templates/page.html": BASE,
    "templates/list.html": LISTING,
    "templates/nav.html": NAV,
    "templates/tag.html": "{{ tag.name }}{% for p in pages %}{{ p.title }}{% endfor %}",
    "templates/tags.html": "{% for tag in tags %}{{ tag.name }} {{ tag.pages }}{% endfor %}",
    "data/people.json": '["x"]',
    "templates/head.html": HEADS[-1],
    "static/site.css": "a{}",
    "static/one.css": SHEETS[0],
    "static/two.css": SHEETS[1],
    "static/a.png": picture(6, 4, kind="PNG"),
    "static/b.png": picture(10, 4, kind="PNG"),
    "pages/index.md": "# Home",
    "pages/posts/index.md": "---\ntitle: Posts\npaginate: 2\n---\n",
}


class Editing(RuleBasedStateMachine):
    """A writer edits, and builds now and then."""

    @initialize()
    def start(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="edits-"))
        self.site = write(self.root / "site", FILES)
        self.drafts = False
        for name in PAGES[:3]:
            self.write_page(name, name, "One", [], "2026-01-01", draft=False)

    def write_page(self, name: str, title: str, body: str, tags: list[str], day: str, *, draft: bool) -> None:
        date = f"date: {day}\n" if day else ""
        matter = f"---\ntitle: {title}\n{date}tags: {tags}\ndraft: {str(draft).lower()}\n---\n"
        write(self.site, {f"pages/{name}.md": f"{matter}{body}\n\n```python\nx = 1\n```\n"})

    @rule(
        name=st.sampled_from(PAGES),
        title=st.sampled_from(["A", "B", "C"]),
        body=WORDS,
        tags=TAGS,
        day=DAYS,
        draft=st.booleans(),
    )
    def edit_a_page(self, name: str, title: str, body: str, tags: list[str], day: str, draft: bool) -> None:
        self.write_page(name, title, body, tags, day, draft=draft)

    @rule(name=st.sampled_from(PAGES))
    def delete_a_page(self, name: str) -> None:
        (self.site / f"pages/{name}.md").unlink(missing_ok=True)

    @rule(old=st.sampled_from(PAGES), new=st.sampled_from(["moved", "posts/moved", "posts/p3"]))
    def rename_a_page(self, old: str, new: str) -> None:
        source = self.site / f"pages/{old}.md"
        if source.exists():
            source.replace(self.site / f"pages/{new}.md")

    @rule(mark=st.sampled_from(["<p>", "<hr>", ""]))
    def edit_the_layout(self, mark: str) -> None:
        write(self.site, {"templates/page.html": BASE + mark})

    @rule(mark=st.sampled_from(["<nav>", "{{ site.url }}", "{{ site.sections.posts|length }}"]))
    def edit_an_include(self, mark: str) -> None:
        write(self.site, {"templates/nav.html": mark})

    @rule(layout=st.sampled_from(["", "{{ page.title }}!{{ content }}"]))
    def add_or_remove_a_layout_of_the_home_page(self, layout: str) -> None:
        (self.site / "templates/home.html").unlink(missing_ok=True)
        if layout:
            write(self.site, {"templates/home.html": layout})

    @rule(name=st.sampled_from(["x", "y"]), file=st.sampled_from(DATA))
    def edit_data(self, name: str, file: str) -> None:
        write(self.site, {file: f'["{name}"]'})

    @rule(file=st.sampled_from(DATA))
    def delete_data(self, file: str) -> None:
        (self.site / file).unlink(missing_ok=True)

    @rule(css=st.sampled_from(["a{}", "b{}", "c{}"]))
    def edit_an_asset(self, css: str) -> None:
        write(self.site, {"static/site.css": css})

    @rule(head=st.sampled_from(HEADS))
    def add_or_remove_the_tags_of_assets(self, head: str) -> None:
        write(self.site, {"templates/head.html": head})

    @rule(name=st.sampled_from(["one", "two"]), css=st.sampled_from(SHEETS))
    def edit_a_bundled_sheet(self, name: str, css: str) -> None:
        write(self.site, {f"static/{name}.css": css})

    @rule(name=st.sampled_from(["static/a", "static/b", "images/a"]), width=st.sampled_from([5, 9]))
    def edit_a_picture(self, name: str, width: int) -> None:
        write(self.site, {f"{name}.png": picture(width, 4, kind="PNG")})

    @rule(name=st.sampled_from(["static/a.png", "images/a.png", "static/b.png", "static/two.css"]))
    def delete_an_asset(self, name: str) -> None:
        (self.site / name).unlink(missing_ok=True)

    @rule(size=st.sampled_from([0, 1, 3]))
    def edit_the_size_of_lists(self, size: int) -> None:
        write(self.site, {"pages/posts/index.md": f"---\ntitle: Posts\npaginate: {size}\n---\n"})

    @rule(
        name=st.sampled_from(["Example", "Other"]),
        addresses=st.sampled_from(["folder", "flat"]),
        more=st.sampled_from(["markdown = true\n", "[html]\nminify = true\n", ""]),
        zone=ZONES,
    )
    def edit_the_settings(self, name: str, addresses: str, more: str, zone: str) -> None:
        toml = str(FILES["site.toml"]).replace('"Example"', f'"{name}"\ntimezone = "{zone}"')
        write(self.site, {"site.toml": f'{toml}{more}[build]\naddresses = "{addresses}"\n'})

    @rule(drafts=st.booleans())
    def show_or_hide_drafts(self, drafts: bool) -> None:
        self.drafts = drafts

    @rule(number=st.integers(0, 40), is_gone=st.booleans())
    def touch_the_output(self, number: int, is_gone: bool) -> None:
        if names := sorted(tree(self.site)):
            file = self.site / "out" / names[number % len(names)]
            file.unlink() if is_gone else file.write_text("touched")

    @invariant()
    def a_build_gives_what_a_build_from_nothing_gives(self) -> None:
        elsewhere = self.root / "clean"
        shutil.rmtree(elsewhere, ignore_errors=True)
        before, problems = tree(self.site), list[Problem]()
        try:
            built(self.site, drafts=self.drafts)
        except SiteError as error:
            problems = error.problems
        if problems:
            assert all(any(error in problem.what for error in ERRORS) for problem in problems), problems
            assert tree(self.site) == before
            with pytest.raises(SiteError) as raised:
                clean_tree(self.site, elsewhere, drafts=self.drafts)
            assert set(raised.value.problems) == set(problems)
            return
        assert tree(self.site) == clean_tree(self.site, elsewhere, drafts=self.drafts)
        assert built(self.site, drafts=self.drafts).written == []

    def teardown(self) -> None:
        if hasattr(self, "root"):
            shutil.rmtree(self.root)


Editing.TestCase.settings = settings(
    max_examples=200, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
)
TestEditing = Editing.TestCase
