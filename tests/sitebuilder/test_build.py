"""A build makes of a folder what its writer expects, and of its mistakes a message with the place."""

import re
from pathlib import Path

import orjson
import pytest

from sitebuilder.errors import SiteError
from tests.sitebuilder.sites import LAYOUT, SITE, built, page, tree, write

POSTS: dict[str, str | bytes] = {
    f"pages/posts/p{n}.md": f"---\ntitle: Post {n}\ndate: 2026-01-0{n}\ntags: [all, t{n % 2}]\n---\nText\n"
    for n in range(1, 6)
}


def test_a_page_becomes_a_file_at_its_address(tmp_path: Path) -> None:
    write(tmp_path, {"pages/about.md": "# About us\n\nWe are **two**.", "templates/page.html": LAYOUT})

    built(tmp_path)

    assert "<title>About us</title>" in page(tmp_path, "about/index.html")
    assert "<strong>two</strong>" in page(tmp_path, "about/index.html")


def test_flat_addresses_are_files_of_their_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"site.toml": f'{SITE}[build]\naddresses = "flat"\n', "pages/a/about.md": "x", "pages/index.md": "x"},
    )

    built(tmp_path)

    assert {"a/about.html", "index.html"} <= tree(tmp_path).keys()


@pytest.mark.parametrize(
    "matter",
    ['---\ntitle: "One"\n---\n', "+++\ntitle = 'One'\n+++\n"],
)
def test_front_matter_is_yaml_or_toml(tmp_path: Path, matter: str) -> None:
    write(tmp_path, {"pages/a.md": f"{matter}Body", "templates/page.html": LAYOUT})

    built(tmp_path)

    assert "<title>One</title>" in page(tmp_path, "a/index.html")


@pytest.mark.parametrize("context", ['{"title": "One", "colour": "red"}', "title: One\ncolour: red"])
def test_a_page_of_html_says_its_context_in_a_block(tmp_path: Path, context: str) -> None:
    text = (
        "{% extends 'page.html' %}{% block context %}"
        + context
        + "{% endblock %}{% block main %}{{ page.colour }}{% endblock %}"
    )
    write(tmp_path, {"pages/pricing.html": text, "templates/page.html": LAYOUT})

    built(tmp_path)

    assert page(tmp_path, "pricing/index.html").endswith("<title>One</title>red")


def test_code_in_markdown_is_never_read_as_a_template(tmp_path: Path) -> None:
    text = "{{ page.title }} `{{ nothing }}`\n\n```django\n{% nonsense %}\n```\n"
    write(tmp_path, {"pages/a.md": text, "templates/page.html": LAYOUT})

    built(tmp_path)

    assert "A <code>{{ nothing }}</code>" in page(tmp_path, "a/index.html")
    assert "nonsense" in page(tmp_path, "a/index.html")


@pytest.mark.parametrize("tag", ["", "{{ site.name }}"])
def test_a_template_s_comment_in_markdown_is_not_published(tmp_path: Path, tag: str) -> None:
    text = f"{tag}\n\n## One {{#id}}\n\nTwo{{# gone #}}.\n\n`{{# shown #}}`\n\n```\n{{# in a block #}}\n```\n"
    write(tmp_path, {"pages/a.md": text, "templates/page.html": "{{ content }}"})

    built(tmp_path)

    made = page(tmp_path, "a/index.html")
    assert '<h2 id="id">One</h2>\n<p>Two.</p>\n<p><code>{# shown #}</code></p>' in made
    assert "{# in a block #}" in made


def test_the_id_of_a_heading_begins_no_comment(tmp_path: Path) -> None:
    text = "## One {#id}\n\n`{# shown #}` #}"
    write(tmp_path, {"pages/a.md": text, "templates/page.html": "{{ content }}"})

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == '<h2 id="id">One</h2>\n<p><code>{# shown #}</code> #}</p>\n'


def test_a_section_lists_its_pages_newest_first_in_pages_of_a_size(tmp_path: Path) -> None:
    listing = (
        "{% for p in page.pages %}[{{ p.title }}]{% endfor %}{{ paginator.older }} {{ paginator.newer }}"
    )
    write(
        tmp_path, {"pages/posts/index.md": "---\npaginate: 2\n---\n", "templates/list.html": listing, **POSTS}
    )

    built(tmp_path)

    assert page(tmp_path, "posts/index.html") == "[Post 5][Post 4]/posts/page/2/ "
    assert page(tmp_path, "posts/page/2/index.html") == "[Post 3][Post 2]/posts/page/3/ /posts/"
    assert page(tmp_path, "posts/page/3/index.html") == "[Post 1] /posts/page/2/"


def test_a_page_knows_its_neighbours_in_time(tmp_path: Path) -> None:
    layout = (
        "{% if page.previous %}<{{ page.previous.title }}{% endif %}"
        "{% if page.next %}>{{ page.next.title }}{% endif %}"
    )
    write(tmp_path, {"templates/page.html": layout, **POSTS})

    built(tmp_path)

    assert page(tmp_path, "posts/p1/index.html") == ">Post 2"
    assert page(tmp_path, "posts/p3/index.html") == "<Post 2>Post 4"
    assert page(tmp_path, "posts/p5/index.html") == "<Post 4"


def test_each_tag_has_a_page_with_what_bears_it(tmp_path: Path) -> None:
    tag = "{{ tag.name }}:{% for p in pages %}{{ p.title }},{% endfor %}"
    tags = "{% for tag in tags %}{{ tag.url }}={{ tag.pages }} {% endfor %}"
    write(tmp_path, {"templates/tag.html": tag, "templates/tags.html": tags, **POSTS})

    built(tmp_path)

    assert page(tmp_path, "tags/t0/index.html") == "t0:Post 4,Post 2,"
    assert page(tmp_path, "tags/index.html") == "/tags/all/=5 /tags/t0/=2 /tags/t1/=3 "


def test_tags_that_differ_by_signs_alone_have_pages_of_their_own(tmp_path: Path) -> None:
    tags = ["C", "C++", "C#", "Q+A", "#1"]
    write(tmp_path, {"templates/tag.html": "{{ tag.name }}", "pages/a.md": f"---\ntags: {tags}\n---\n"})

    built(tmp_path)

    shown = {path: content.decode() for path, content in tree(tmp_path).items() if path.startswith("tags/")}
    assert shown == {
        "tags/c/index.html": "C",
        "tags/c-plus-plus/index.html": "C++",
        "tags/c-sharp/index.html": "C#",
        "tags/q-plus-a/index.html": "Q+A",
        "tags/1/index.html": "#1",
    }


def test_drafts_and_pages_of_the_future_wait(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pages/a.md": "---\ndraft: true\n---\n",
            "pages/b.md": "---\ndate: 2999-01-01\n---\n",
            "pages/c.md": "",
        },
    )

    built(tmp_path)
    without = tree(tmp_path).keys()
    built(tmp_path, drafts=True)

    assert "c/index.html" in without
    assert not {"a/index.html", "b/index.html"} & without
    assert {"a/index.html", "b/index.html", "c/index.html"} <= tree(tmp_path).keys()


def test_an_alias_leads_to_where_the_page_is(tmp_path: Path) -> None:
    write(tmp_path, {"pages/new.md": "---\naliases: [/old/]\n---\n"})

    built(tmp_path)

    assert 'content="0; url=/new/"' in page(tmp_path, "old/index.html")


def test_feeds_a_sitemap_and_robots_are_made(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"site.toml": f'{SITE}[feed]\nsection = "posts"\nlimit = 2\n[search]\nenabled = true\n', **POSTS},
    )

    built(tmp_path)

    assert page(tmp_path, "feed.xml").count("<entry>") == 2
    assert [item["title"] for item in orjson.loads(page(tmp_path, "feed.json"))["items"]] == [
        "Post 5",
        "Post 4",
    ]
    assert page(tmp_path, "sitemap.xml").count("<loc>https://example.org/posts/") == 5
    assert "Sitemap: https://example.org/sitemap.xml" in page(tmp_path, "robots.txt")
    assert len(orjson.loads(page(tmp_path, "search.json"))) == 5


def test_data_is_read_from_any_of_its_formats(tmp_path: Path) -> None:
    show = (
        "{{ site.data.a.x }} {{ site.data.b.x }} {{ site.data.c.x }} "
        "{% for row in site.data.d %}{{ row.x }}{% endfor %} {{ site.data.e.f.x }}"
    )
    files = {
        "a.json": '{"x": 1}',
        "b.yaml": "x: 2",
        "c.toml": "x = 3",
        "d.csv": "x,y\n4,5\n",
        "e/f.json": '{"x": 6}',
    }
    write(
        tmp_path,
        {
            "templates/page.html": show,
            "pages/a.md": "",
            **{f"data/{name}": text for name, text in files.items()},
        },
    )

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == "1 2 3 4 6"


def test_data_that_appears_under_a_name_that_was_asked_for_is_taken(tmp_path: Path) -> None:
    show = "{% if site.data.people %}{% for each in site.data.people %}{{ each }}{% endfor %}{% endif %}"
    write(tmp_path, {"templates/page.html": show, "pages/a.md": ""})
    shown = []

    for name in (None, "people.csv", "people.yaml", "people.json", "people/x.yaml"):
        if name:
            write(tmp_path, {f"data/{name}": f'["{name}"]'})
        built(tmp_path)
        shown.append(page(tmp_path, "a/index.html"))

    assert shown == ["", "", "people.yaml", "people.json", "x"]


def test_a_section_that_appears_under_a_name_that_was_asked_for_is_taken(tmp_path: Path) -> None:
    asking = "{% if site.sections.news %}news{% endif %}"
    built(write(tmp_path, {"site.toml": SITE, "templates/home.html": asking, "pages/index.md": ""}))
    write(tmp_path, {"pages/news/a.md": "x"})

    built(tmp_path)

    assert page(tmp_path, "index.html") == "news"


def test_a_loop_over_data_gives_its_names_and_follows_what_comes_and_goes(tmp_path: Path) -> None:
    text = "{% for name in site.data %}{{ name }}={{ site.data|get:name|json }} {% endfor %}({{ site.data }})"
    files: dict[str, str | bytes] = {
        "data/b.json": "[1]",
        "data/a.yaml": "x: 2",
        "data/people/ann.toml": "age = 3",
        "data/notes.txt": "none",
        "data/empty/notes.txt": "none",
    }
    write(tmp_path, {"pages/a.html": text, "templates/page.html": "{{ content }}", **files})
    built(tmp_path)
    first = page(tmp_path, "a/index.html")
    (tmp_path / "data/b.json").unlink()
    write(tmp_path, {"data/c.csv": "n\n1\n"})

    built(tmp_path)

    assert first == 'a={"x": 2} b=[1] people={"ann": {"age": 3}} (a, b, people)'
    assert page(tmp_path, "a/index.html").endswith("(a, c, people)")


def test_what_a_template_is_given_is_shown_as_words(tmp_path: Path) -> None:
    text = "{{ page }}; {{ site }}; {{ page.pages }}; {{ page.paginator }}; {{ site.sections.posts }}"
    files = {"pages/posts/index.md": "# All & more", "templates/list.html": text, **POSTS}

    built(write(tmp_path, {**files, "site.toml": SITE}))

    titles = ", ".join(f"Post {number}" for number in range(5, 0, -1))
    assert page(tmp_path, "posts/index.html") == f"All &amp; more; Example; {titles}; 1 / 1; posts"


def test_a_name_of_data_may_be_written_in_the_template(tmp_path: Path) -> None:
    text = '{% with found=site.data|get:"menu" %}{{ found.x }}{% endwith %}'
    write(
        tmp_path, {"pages/a.html": text, "templates/page.html": "{{ content }}", "data/menu.json": '{"x": 1}'}
    )

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == "1"


def test_a_loop_over_sections_gives_them_in_order_and_follows_what_comes_and_goes(tmp_path: Path) -> None:
    text = (
        "{% for section in site.sections %}{{ section }}:{% for page in section %}{{ page.title }}"
        "{% endfor %} {% endfor %}({{ site.sections }}) {{ site.sections|length }}"
        "{% for section in site.sections reversed %}"
        "{% if 'a' in site.sections %} {{ section.name }}{% endif %}{% endfor %}"
    )
    files: dict[str, str | bytes] = {"pages/b/c/x.md": "# X", "pages/b/y.md": "# Y", "pages/a/z.md": "# Z"}
    write(tmp_path, {"pages/all.html": text, "templates/page.html": "{{ content }}", **files})
    built(tmp_path)
    first = page(tmp_path, "all/index.html")
    (tmp_path / "pages/b/y.md").unlink()
    write(tmp_path, {"pages/d/index.md": "# D"})

    built(tmp_path)

    assert first == "a:Z b:Y b/c:X (a, b, b/c) 3 b/c b a"
    assert page(tmp_path, "all/index.html") == "a:Z b/c:X d: (a, b/c, d) 3 d b/c a"


def test_files_that_begin_with_a_dot_are_published_where_they_are_for_a_web_server(tmp_path: Path) -> None:
    published = [".htaccess", ".nojekyll", ".well-known/security.txt"]
    names = [*published, ".DS_Store", ".git/config", ".htaccess~"]
    write(tmp_path, {f"static/root/{name}": "x" for name in names})
    built(tmp_path)

    assert sorted(tree(tmp_path).keys() - {"robots.txt", "sitemap.xml"}) == published


def test_a_static_file_is_copied_and_an_asset_has_its_hash_in_its_name(tmp_path: Path) -> None:
    layout = "{% asset 'css/site.css' %}"
    files: dict[str, str | bytes] = {
        "static/css/site.css": "body{}",
        "static/root/favicon.ico": b"\0\1",
        "pages/a.md": "",
    }
    write(tmp_path, files | {"templates/page.html": layout})

    built(tmp_path)

    hashed = page(tmp_path, "a/index.html").lstrip("/")
    assert tree(tmp_path)[hashed] == tree(tmp_path)["static/css/site.css"] == b"body{}"
    assert tree(tmp_path)["favicon.ico"] == b"\0\1"


BROKEN = {
    "{{ nothing }}": (r"pages/a\.md:3: nothing is not defined here; expected a name that is", "pages/a.md"),
    "{% endif %}": (r"pages/a\.md:3: {% endif %} is no tag here; expected {% if %} before it", "pages/a.md"),
    "{% include 'gone.html' %}": (r"pages/a\.md:3: there is no template gone\.html", "pages/a.md"),
    "{{ site.data.0 }}": (r"pages/a\.md:3: site\.data\.0 is not defined here", "pages/a.md"),
    "{% url 'home' %}": (
        r"pages/a\.md:3: {% url %} .* needs a Django project; expected {% link",
        "pages/a.md",
    ),
    "{% link 'gone.md' %}": (r"pages/a\.md:3: there is no page pages/gone\.md", "pages/a.md"),
    "{% for each in page.gone %}{% empty %}none{% endfor %}": (
        r"pages/a\.md:3: page\.gone is not defined here; expected a name that is, or {% if %} before it",
        "pages/a.md",
    ),
    "{% if 1 %}{% for a in gone|slice:':3' %}{{ a }}{% endfor %}{% endif %}": (
        r"pages/a\.md:3: gone is not",
        "pages/a.md",
    ),
    "{% regroup gone by kind as kinds %}": (r"pages/a\.md:3: gone is not defined here", "pages/a.md"),
    "{% with three=gone|slice:':3' %}{% endwith %}": (r"pages/a\.md:3: gone is not defined", "pages/a.md"),
    "{{ gone|upper|default:'x' }}": (r"pages/a\.md:3: gone is not defined here", "pages/a.md"),
    "{{ page.title|default:gone }}": (
        r"pages/a\.md:3: gone is not defined here; expected a name that is, or {% if %} before it$",
        "pages/a.md",
    ),
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_mistake_in_a_page_is_told_with_its_file_and_line(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"pages/a.md": f"One\n\n{text}\n"})

    with pytest.raises(SiteError, match=BROKEN[text][0]):
        built(tmp_path)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{% if gone %}x{% elif gone|length > 1 %}y{% else %}z{% endif %}", "z"),
        ("{% firstof gone page.gone 'x' %}", "x"),
        ("{% ifchanged gone %}x{% endifchanged %}", "x"),
        ("{{ gone|default:'<x>' }} {{ page.gone|default:page.title|upper }}", "<x> A"),
        ("{{ gone|default_if_none:'x' }}", "x"),
        ("{% for each in page.gone|default:'' %}x{% empty %}none{% endfor %}", "none"),
        ("{% with a=gone|default:'x' %}{{ a }}{% endwith %}", "x"),
        ("{% absolute page.gone|default:'/x/' %}", "https://example.org/x/"),
        ("{% include 'shown.html' with a=gone|default:'x' only %}", "x"),
    ],
)
def test_a_template_may_ask_for_a_name_that_nothing_defines(tmp_path: Path, text: str, shown: str) -> None:
    templates: dict[str, str | bytes] = {"templates/page.html": text, "templates/shown.html": "{{ a }}"}
    write(tmp_path, {"pages/a.md": "", **templates})

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == shown


def test_a_list_of_a_layout_that_nothing_defines_is_an_error_until_a_page_defines_it(tmp_path: Path) -> None:
    layout = "\n{% for each in page.authors %}{{ each }}{% endfor %}"
    write(tmp_path, {"pages/a.md": "", "templates/page.html": layout})

    with pytest.raises(SiteError, match=r"templates/page\.html:2: page\.authors is not defined here"):
        built(tmp_path)
    write(tmp_path, {"pages/a.md": "---\nauthors: [Ana]\n---\n"})
    built(tmp_path)

    assert page(tmp_path, "a/index.html") == "\nAna"


LINES = {
    "title: x\ndate: soon": "3: date is 'soon'; expected a date such as",
    "title: x\nupdated: 2025": "3: updated is 2025; expected a date such as",
    "title: x\nslug: ..": "3: slug is '..'; expected one part",
    "title: x\ntags:\n- red\n- '!!!'": "5: the tag '!!!' leaves nothing",
    "title: x\naliases: [/old/,\n  old/]\ndraft: true": "4: the alias is 'old/'; expected an address",
    "title: x\naliases:\n- 3": "4: the alias is 3; expected an address",
}


@pytest.mark.parametrize("matter", LINES)
@pytest.mark.parametrize("form", ["---\n{}\n---\n", "{{% block context %}}\n{}\n{{% endblock %}}\n"])
def test_a_value_of_front_matter_that_cannot_be_is_told_on_its_line(
    tmp_path: Path, matter: str, form: str
) -> None:
    name = "a.md" if form.startswith("-") else "a.html"
    site = write(tmp_path, {f"pages/{name}": form.format(matter)})

    with pytest.raises(SiteError) as raised:
        built(site)

    assert str(raised.value).startswith(f"pages/{name}:{LINES[matter]}")


def test_a_date_in_the_name_of_a_file_that_cannot_be_is_told_as_such(tmp_path: Path) -> None:
    site = write(tmp_path, {"pages/2026-13-01-a.md": "---\ntitle: x\n---\n"})

    with pytest.raises(
        SiteError, match=r"^pages/2026-13-01-a\.md: the date in its name is '2026-13-01'; exp"
    ):
        built(site)


FAULTS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "yaml": ({"pages/a.md": "---\ntitle: [\n---\n"}, r"pages/a\.md:\d: the front matter is no YAML"),
    "a colon": (
        {"pages/a.md": "---\ndraft: true\ntitle: Err: two\n---\n"},
        r'^pages/a\.md:3: .*; expected a value with a colon in quotes, such as title: "One: two"$',
    ),
    "a text": (
        {"pages/a.md": "---\ntitle\n---\n"},
        r"pages/a\.md:2: the front matter is a single value; exp",
    ),
    "no end": (
        {"pages/a.md": "---\ntitle: x\n"},
        r"pages/a\.md:1: the front matter has no end; expected a line ---",
    ),
    "a list": ({"pages/a.md": "---\n- x\n---\n"}, r"pages/a\.md:2: the front matter is a list"),
    "a date": ({"pages/a.md": "---\ndate: soon\n---\n"}, r"date is 'soon'; expected a date such as"),
    "a day that is none": (
        {"pages/a.md": "---\ntitle: x\ndate: 2026-13-01\n---\n"},
        r"pages/a\.md:3: .* 2026-13-01 is no date \(month must be in 1\.\.12\); expected a date such as 2026",
    ),
    "a time that is none": (
        {"pages/a.md": "---\nupdated: 2026-01-01 25:00:00\n---\n"},
        r"pages/a\.md:2: .* 2026-01-01 25:00:00 is no date \(hour must be in 0\.\.23\); expected a date",
    ),
    "a day of TOML that is none": (
        {"pages/a.md": "+++\ntitle = 'x'\ndate = 2026-02-30\n+++\n"},
        r"pages/a\.md:3: the front matter is no TOML: Invalid date or datetime; expected a date such as 2026",
    ),
    "a month of TOML that is none": (
        {"pages/a.md": "+++\ntitle = 'x'\ndate = 2026-13-01\n+++\n"},
        r"pages/a\.md:3: the front matter is no TOML: .*; expected a date such as 2026",
    ),
    "no boolean": (
        {"pages/a.md": "---\ndraft: !!bool x\n---\n"},
        r"a\.md:2: .* x is no truth; expected true",
    ),
    "a number too long": (
        {"pages/a.md": f"+++\nn = {'9' * 5000}\n+++\n"},
        r"pages/a\.md:2: .* cannot be read: Exceeds the limit",
    ),
    "a day in data": (
        {"pages/a.md": "{{ site.data.x.y }}", "data/x.yaml": "y: 2026-02-30"},
        r"data/x\.yaml: it cannot be read: 2026-02-30 is no date",
    ),
    "binary": ({"pages/a.md": b"\x89PNG\r\n\xff\xfe"}, r"pages/a\.md:1: it is not UTF-8 text"),
    "zero byte": ({"pages/a.md": "x\n\0"}, r"pages/a\.md:2: it holds the control character U\+0000"),
    "a mark of ours": ({"pages/a.md": "x\n\x020\x03"}, r"a\.md:2: it holds the control character U\+0002"),
    "two pages": ({"pages/a.md": "x", "pages/a/index.md": "y"}, r"its address /a/ is also that of"),
    "an alias": (
        {"pages/a.md": "x", "pages/b.md": "---\naliases: [/a/]\n---\n"},
        r"pages/b\.md:1: /a/index\.html is also made of pages/a\.md; expected another address",
    ),
    "two aliases": (
        {"pages/a.md": "---\naliases: [/old/]\n---\n", "pages/b.md": "---\naliases: [/old/]\n---\n"},
        r"pages/b\.md:1: /old/index\.html is also made of an alias of pages/a\.md; expected another",
    ),
    "the list of tags": (
        {
            "pages/a.md": "---\ntags: [x]\n---\n",
            "pages/tags/x.md": "",
            "templates/tag.html": "",
            "templates/tags.html": "",
        },
        r"^the tag x: /tags/x/index\.html is also made of pages/tags/x\.md; expected another address",
    ),
    "the sitemap": (
        {"pages/sitemap.xml": ""},
        r"^the site's sitemap: /sitemap\.xml is also made of pages/sitemap\.xml; expected another address",
    ),
    "alias out": ({"pages/a.md": "---\naliases: [/../x/]\n---\n"}, r"the alias is '/\.\./x/'"),
    "a feed of no section": (
        {"site.toml": f'{SITE}[tags]\n[feed]\nsection = "post"\n', "pages/posts/a.md": "x"},
        r"^site\.toml:6: feed\.section is 'post'; expected posts or none, for a feed of all pages$",
    ),
    "a feed without sections": (
        {"site.toml": f'{SITE}[feed]\nsection = "posts"\n', "pages/posts/a.png": "x"},
        r"feed\.section is 'posts'; expected none, for a feed of all pages$",
    ),
    "a tag": (
        {"pages/a.md": "---\ntags: [red, '!!!']\n---\n"},
        r"^pages/a\.md:2: the tag '!!!' leaves nothing for its address; expected a letter or a digit in it$",
    ),
    "a page of a list": (
        {
            "pages/a/index.md": "---\npaginate: 1\n---\n",
            **dict.fromkeys(("pages/a/1.md", "pages/a/page/2.md", "pages/a/3.md"), "x"),
        },
        r"/a/page/2/index\.html is also made of pages/a/",
    ),
    "a page of a tag": (
        {"pages/tags/red.md": "---\ntags: [red]\n---\n", "templates/tag.html": "x"},
        r"/tags/red/index\.html is also made of pages/tags/red\.md",
    ),
    "settings": ({"site.toml": "[site]\nname = 3\n"}, r"site\.toml:2: site\.name is 3; expected a text"),
    "no toml": ({"site.toml": "[site\n"}, r"site\.toml: .*; expected TOML"),
    "address": (
        {"site.toml": '[site]\nurl = "example.org"\n'},
        r"site\.url is 'example\.org'; expected an address",
    ),
    "template": ({"pages/a.md": "x", "templates/page.html": "x\n{% if %}"}, r"templates/page\.html:2: "),
    "data": ({"pages/a.md": "{{ site.data.x.y }}", "data/x.json": "{"}, r"data/x\.json: it cannot be read"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_and_the_last_good_output_stays(tmp_path: Path, fault: str) -> None:
    write(tmp_path, {"pages/good.md": "# Good"})
    built(tmp_path)
    before = tree(tmp_path)
    files, message = FAULTS[fault]

    with pytest.raises(SiteError, match=message):
        built(write(tmp_path, files))

    assert tree(tmp_path) == before


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, {f"pages/{n}.md": "---\n[\n---\n" for n in range(3)})

    with pytest.raises(SiteError) as raised:
        built(tmp_path)

    assert [problem.file for problem in raised.value.problems] == ["pages/0.md", "pages/1.md", "pages/2.md"]


def test_a_link_that_leads_in_a_circle_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"pages/a/b.md": "x"})
    (tmp_path / "pages/a/again").symlink_to(tmp_path / "pages")

    with pytest.raises(SiteError, match=r"pages/a/again.*leads back into a folder that holds it"):
        built(tmp_path)


@pytest.mark.parametrize("slug", ["..", ".", "/", "a/b", "../a", "a/", "!!!", "-"])
def test_a_slug_is_one_part_of_an_address(tmp_path: Path, slug: str) -> None:
    write(tmp_path, {"pages/a.md": f"---\nslug: '{slug}'\n---\n"})

    with pytest.raises(SiteError, match=rf"^pages/a\.md:2: slug is '{re.escape(slug)}'; expected one part"):
        built(tmp_path)


@pytest.mark.parametrize(
    "alias",
    [
        "old",
        "/./old/",
        "/old/.",
        "/old/../x",
        "/%2e%2E/x/",
        "/x/.%2e/",
        "/x%2f../",
        "//old/",
        "/a//b",
        "/a\\n",
    ],
)
def test_an_alias_is_an_address_that_browsers_ask_for(tmp_path: Path, alias: str) -> None:
    write(tmp_path, {"pages/a.md": f'---\naliases: ["{alias}"]\n---\n'})

    with pytest.raises(
        SiteError, match=r"^pages/a\.md:2: the alias is '.*'; expected an address of this site"
    ):
        built(tmp_path)


@pytest.mark.parametrize("alias", ["/", "/old", "/old/", "/old.html", "/a/..b/c..d/", "/2.0/"])
def test_an_alias_may_be_any_other_address(tmp_path: Path, alias: str) -> None:
    built(write(tmp_path, {"pages/a.md": f"---\naliases: [{alias}]\n---\n"}))

    path = alias[1:] if alias.endswith(".html") else f"{alias.strip('/')}/index.html".lstrip("/")
    assert "url=/a/" in page(tmp_path, path)


@pytest.mark.parametrize(
    "files",
    [
        {"pages/posts/index.md": "x"},
        {"pages/posts/a.md": "---\ndraft: true\n---\n"},
        {"pages/posts/a.md": "---\ndate: 2999-01-01\n---\n"},
    ],
)
def test_a_feed_of_a_section_that_has_no_posts_yet_is_empty(
    tmp_path: Path, files: dict[str, str | bytes]
) -> None:
    built(write(tmp_path, {"site.toml": f'{SITE}[feed]\nsection = "posts"\n', **files}))

    assert "<entry>" not in page(tmp_path, "feed.xml")


@pytest.mark.parametrize("addresses", ["folder", "flat"])
def test_a_tag_and_a_page_may_be_named_as_the_folder_of_further_pages_is(
    tmp_path: Path, addresses: str
) -> None:
    write(
        tmp_path,
        {
            "site.toml": f'{SITE}[build]\naddresses = "{addresses}"\n[tags]\npaginate = 1\n',
            "templates/tag.html": "<title>{{ tag.name }}</title>{{ paginator.number }}",
            "pages/posts/index.md": "---\npaginate: 1\n---\n",
            "pages/posts/page.md": "---\ntags: [page]\n---\n",
            "pages/posts/other.md": "---\ntags: [page]\n---\n",
        },
    )

    built(tmp_path)

    own = "posts/page/index.html" if addresses == "folder" else "posts/page.html"
    lists = {f"{name}/{number}index.html" for name in ("posts", "tags/page") for number in ("", "page/2/")}
    assert {own, *lists} <= tree(tmp_path).keys()
    assert page(tmp_path, "tags/page/page/2/index.html") == "<title>page</title>2"


def test_a_link_that_leads_out_of_the_site_is_followed(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"pages/a.md": "x", "static/own.txt": "own"})
    write(tmp_path / "shared", {"logo.svg": "<svg/>"})
    (site / "static/shared").symlink_to(tmp_path / "shared")

    built(site)

    assert tree(site)["static/shared/logo.svg"] == b"<svg/>"
