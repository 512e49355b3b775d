"""The check finds each broken thing of a built site, and leaves its mended twin alone."""

import json
from argparse import ArgumentParser, Namespace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from sitebuilder import checking
from sitebuilder.checking import check
from sitebuilder.errors import SiteError
from tests.sitebuilder.checked_site import built, found, page, problems


def picture(width: int = 30, height: int = 20) -> bytes:
    png = BytesIO()
    Image.new("RGB", (width, height)).save(png, "PNG")
    return png.getvalue()


FILES: dict[str, str | bytes] = {
    "out/bread/index.html": page('<h2 id="part">Part</h2><a name="old">x</a>'),
    "out/flat.html": page(),
    "out/overview.html": page(),
    "out/overview.json": "[]",
    "out/é/index.html": page(),
    "out/a.css": "a { color: red }",
    "out/a.js": "",
    "out/a.png": picture(),
    "out/sprite.svg": "<svg/>",
}
SIZED = 'width="30" height="20"'
NOWHERE = "leads nowhere"


@pytest.mark.parametrize(
    ("broken", "says", "mended"),
    [
        (
            '<a href="/braed/">x</a>',
            "the link /braed/ leads nowhere; perhaps you meant /bread/",
            '<a href="/bread/">x</a>',
        ),
        ('<a href="braed/">x</a>', "the link braed/ leads nowhere", '<a href="bread/">x</a>'),
        (
            '<a href="../../braed/">x</a>',
            "the link ../../braed/ leads nowhere",
            '<a href="../../bread/?q=1">x</a>',
        ),
        ('<a href="https://example.org/braed/">x</a>', NOWHERE, '<a href="https://example.org/bread/">x</a>'),
        ('<a href="//example.org/braed/">x</a>', NOWHERE, '<a href="//example.org/bread/">x</a>'),
        (
            '<a href="/bread">x</a>',
            "the link /bread is only a redirect; expected /bread/",
            '<a href="/bread/">x</a>',
        ),
        ('<a href="/flat">x</a>', "perhaps you meant /flat.html", '<a href="/flat.html">x</a>'),
        ('<a href="/overview/">x</a>', "perhaps you meant /overview.html", '<a href="/overview.html">x</a>'),
        ('<a href="/overviews/">x</a>', "perhaps you meant /overview.html", '<a href="/overview.html">x</a>'),
        ('<a href="/bread.html">x</a>', "perhaps you meant /bread/", '<a href="/bread/">x</a>'),
        ('<a href="/e/">x</a>', NOWHERE, '<a href="/é/">x</a><a href="/%C3%A9/">x</a>'),
        (
            '<a href="http://[x/">x</a>',
            "cannot be read",
            '<a href="mailto:a@b.org">x</a><a href="tel:1">y</a>',
        ),
        ('<a href="#parts">x</a>', "names an id that is not there", '<a href="#parts">x</a><p id="parts">'),
        (
            '<a href="/bread/#parts">x</a>',
            "the link /bread/#parts names an id that is not there; perhaps you meant #part",
            (
                '<a href="/bread/#part">x</a><a href="/bread/#old">y</a>'
                '<a href="/bread/#top">z</a><a href="/bread/#:~:text=q">q</a>'
            ),
        ),
        (
            f'<img src="/b.png" alt="" {SIZED}>',
            "the image /b.png leads nowhere",
            f'<img src="/a.png" alt="" {SIZED}>',
        ),
        (
            f'<img src="/a.png" srcset="/b.png 2x" alt="" {SIZED}>',
            "the image /b.png leads nowhere",
            f'<img src="/a.png" srcset="/a.png 2x" alt="" {SIZED}>',
        ),
        ('<video src="/a.mp4"></video>', "the file /a.mp4 leads nowhere", '<video src="/a.png"></video>'),
        ('<script src="/b.js"></script>', "the script /b.js leads nowhere", '<script src="/a.js"></script>'),
        ('<p style="background: url(/b.png)">x</p>', NOWHERE, '<p style="background: url(/a.png)">x</p>'),
        ('<svg><use href="/b.svg#x"/></svg>', NOWHERE, '<svg><use href="/sprite.svg#x"/></svg>'),
        (
            f'<img src="/a.png" {SIZED}>',
            'has no alt attribute; expected alt="…", or alt="" for a picture that only decorates',
            f'<img src="/a.png" alt="" {SIZED}>',
        ),
        (
            '<img src="/a.png" alt="">',
            'the image /a.png has no width and height; expected width="30" height="20"',
            f'<img src="/a.png" alt="" {SIZED}><img src="/a.png" alt="" style="aspect-ratio: 3/2">',
        ),
        ('<p id="x"></p><p id="x"></p>', "id x is used more than once", '<p id="x"></p><p id="y"></p>'),
        ("<center>x</center>", "the center element is obsolete", "<div>x</div>"),
        ("<p>x &copy y</p>", "missing semicolon after character reference", "<p>x &copy; y</p>"),
        ('<p class="a" class="b">x</p>', "the HTML is broken: duplicate attribute", '<p class="a b">x</p>'),
    ],
)
def test_a_page_is_told_what_is_wrong_with_it(tmp_path: Path, broken: str, says: str, mended: str) -> None:
    (problem,) = found(
        tmp_path / "broken", {**FILES, "out/x/y/index.html": page(), "out/index.html": page(broken)}
    )

    assert says in problem
    assert problem.startswith("out/index.html:4: ")
    assert found(tmp_path / "mended", {**FILES, "out/index.html": page(mended)}) == []


@pytest.mark.parametrize(
    ("broken", "says", "mended"),
    [
        (page(title=""), "no non-empty title element; expected <title> with words", page()),
        (page(lang=""), 'html element has no lang attribute; expected <html lang="…">', page()),
        (page().removeprefix("<!doctype html>\n"), "the page names no document type", page()),
        (
            page(head='<link rel="stylesheet" href="/b.css">'),
            "the stylesheet /b.css leads nowhere",
            page(head='<link rel="stylesheet" href="/a.css"><link rel="preconnect" href="/c">'),
        ),
        (
            page(head='<link rel="canonical" href="/bread/">'),
            "the canonical address '/bread/' is not absolute; expected https://…",
            page(head='<link rel="canonical" href="https://example.org/bread/">'),
        ),
        (
            page(head='<link rel="canonical" href="https://example.org/braed/">'),
            "the canonical https://example.org/braed/ leads nowhere",
            page(head='<link rel="canonical" href="https://example.org/bread/">'),
        ),
        (
            page(head='<meta property="og:image" content="https://example.org/b.png">'),
            "the preview https://example.org/b.png leads nowhere",
            page(head='<meta property="og:image" content="https://example.org/a.png">'),
        ),
        (
            page(head="<style>a{background:url('b.png')}</style>"),
            NOWHERE,
            page(head="<style>a{color:red}</style>"),
        ),
        (page(head='<base href="/bread/">'), "the base /bread/ moves every other address", page()),
    ],
)
def test_a_head_is_told_what_is_wrong_with_it(tmp_path: Path, broken: str, says: str, mended: str) -> None:
    (problem,) = found(tmp_path / "broken", {**FILES, "out/index.html": broken})

    assert says in problem
    assert found(tmp_path / "mended", {**FILES, "out/index.html": mended}) == []


@pytest.mark.parametrize(
    ("broken", "says", "mended"),
    [
        ("<div><p>x</p>", "<div> is not closed before </body>; expected </div>", "<div><p>x</p></div>"),
        ("<p>x</div>", "</div> closes nothing", "<p>x"),
        ("<b><i>x</b></i>", "<i> is not closed before </b>", "<b><i>x</i></b>"),
        ("<p><div>x</div></p>", "</p> closes nothing", "<p>y</p><div>x</div>"),
        ("<p><b><div>x</div></b></p>", "<div> stands in a paragraph", "<p><b>x</b></p>"),
        ("<p>x<br></br></p>", "</br> closes nothing; expected no </br>", "<p>x<br>y<br/></p>"),
        ("<table><p>x</p></table>", "<p> stands in <table>; expected", "<table><tr><td><p>x</p></table>"),
        (
            "<ul><p>x</p></ul>",
            "<p> stands in <ul>; expected <li> there",
            "<ul><li><p>x<li>y<ul><li>z</ul></ul>",
        ),
        (
            '<a href="/">x<a href="/">y</a></a>',
            "<a> stands in another <a>",
            '<a href="/">x</a><a href="/">y</a>',
        ),
        ("<select><option>x</p></select>", "</p> closes nothing", "<select><option>x<option>y</select>"),
        ("<svg><path></svg>", "<path> is not closed before </svg>", "<svg><path/><g></g></svg><math/>"),
        ("<dl><dt>x<dd>y</b></dl>", "</b> closes nothing", "<dl><dt>x<dd>y<dt>z<dd><p>q</dl>"),
        (
            "<table><thead><tr><th>x<tbody><tr><td>y</i></table>",
            "</i> closes nothing",
            "<table><thead><tr><th>x<tbody><tr><td><table><tr><td>y</table><td>z</table>",
        ),
    ],
)
def test_tags_that_do_not_match_are_found(tmp_path: Path, broken: str, says: str, mended: str) -> None:
    (problem,) = found(tmp_path / "broken", {"out/index.html": page(broken)})

    assert says in problem
    assert problem.startswith("out/index.html:4: ")
    assert found(tmp_path / "mended", {"out/index.html": page(mended)}) == []


def test_the_roles_of_books_are_known_and_made_up_ones_are_not(tmp_path: Path) -> None:
    body = '<a id="note" role="doc-noteref" href="#note">1</a><p role="bookmark">x</p>'

    problems = found(tmp_path, {"out/index.html": page(body)})

    assert len(problems) == 1
    assert "role value is not a defined ARIA role" in problems[0]


def test_a_stylesheet_names_what_is_missing_by_its_own_address(tmp_path: Path) -> None:
    css = "/* url(no.png)\n*/ @import 'b.css';\na { background: url( \"c.png\" ) }\n"
    css += "b { src: url(../a.png) url(data:x) }"

    assert found(tmp_path, {**FILES, "out/css/a.css": css}) == [
        "out/css/a.css:2: the file b.css leads nowhere; perhaps you meant /css/a.css",
        "out/css/a.css:3: the file c.png leads nowhere; perhaps you meant /a.png",
    ]


OUT = "leads out of the site, which lies below /docs/"


def test_a_site_below_a_path_is_checked_below_it(tmp_path: Path) -> None:
    files = {
        **FILES,
        "out/index.html": page(
            '<a href="/docs/braed/">x</a><a href="/docs/bread/">y</a><a href="/c/">z</a><a href="/">top</a>\n'
            '<a href="/bread/">it is below</a>'
        ),
    }

    assert found(tmp_path, files, url="https://example.org/docs/") == [
        "out/index.html:4: the link /docs/braed/ leads nowhere; perhaps you meant /docs/bread/",
        f"out/index.html:5: the link /bread/ {OUT}; expected /docs/bread/",
    ]


def test_two_files_with_one_address_are_found(tmp_path: Path) -> None:
    files = {
        "out/a.html": page(),
        "out/a/index.html": page(),
        "out/B/index.html": page(),
        "out/b/index.html": page(),
    }

    assert found(tmp_path, files) == [
        "out/a/index.html: the address /a/ is that of a.html too; expected an address of its own",
        "out/b/index.html: the address /b/ is that of B/index.html too; expected an address of its own",
    ]


def test_what_is_too_large_is_found_by_the_sites_own_limits(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"out/a.html": page("x" * 3000), "out/b.png": b"x" * 5000}

    assert found(tmp_path / "small", files, page_kb=2, image_kb=4) == [
        "out/a.html: the page has 3 KB; expected at most 2 KB (check.page_kb)",
        "out/b.png: the image has 5 KB; expected at most 4 KB (check.image_kb)",
    ]
    assert found(tmp_path / "large", files, page_kb=4, image_kb=5) == []


def test_what_the_site_ignores_is_left_alone(tmp_path: Path) -> None:
    files = {"out/google1.html": "google", "out/index.html": page('<a href="/app/x">x</a>')}

    assert len(found(tmp_path / "strict", files)) > 1
    assert found(tmp_path / "lax", files, ignore=["google*.html", "/app/*"]) == []


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"page_kb": "9"}, "site.toml: check.page_kb is '9'; expected a whole number"),
        ({"image_kb": 0}, "site.toml: check.image_kb is 0; expected a whole number of KB, at least 1"),
        ({"ignore": "x"}, "site.toml: check.ignore is 'x'; expected a list"),
        (
            {"ignore": [1]},
            'site.toml: check.ignore is [1]; expected a list of texts, such as ["google*.html"]',
        ),
        ({"pages": 1}, "site.toml: check.pages is no setting; perhaps you meant page_kb"),
    ],
)
def test_a_wrong_setting_is_refused(tmp_path: Path, table: dict[str, object], says: str) -> None:
    with pytest.raises(SiteError) as refused:
        found(tmp_path, {}, **table)

    assert str(refused.value) == says


def test_a_site_that_was_not_built_is_refused(tmp_path: Path) -> None:
    site = built(tmp_path, {})
    site.output.rename(tmp_path / "elsewhere")

    with pytest.raises(SiteError, match="is no folder; expected a site that was built"):
        check(site)


def test_a_problem_names_the_line_of_the_source_that_the_build_told(tmp_path: Path) -> None:
    site = built(
        tmp_path,
        {
            "out/x/index.html": page('<a href="/c%20d/">x</a>'),
            "pages/y.md": "# Y\n\nSee /c d/e and\n[x](</c d/>)\n",
        },
    )

    (problem,) = check(site, sources={"x/index.html": "pages/y.md"})

    assert (problem.file, problem.line) == ("pages/y.md", 4)


@pytest.mark.parametrize("source", ["pages/x.md", "pages/x.html", "pages/x/index.md"])
def test_a_source_is_guessed_where_the_build_told_none(tmp_path: Path, source: str) -> None:
    (problem,) = problems(tmp_path, {"out/x/index.html": page('<a href="/c/">x</a>'), source: "\n[x](/c/)\n"})

    assert (problem.file, problem.line) == (source, 2)


def test_what_stands_in_a_template_is_told_once(tmp_path: Path) -> None:
    body = page('<a href="/c/">x</a>\n<center>x</center>')
    files: dict[str, str | bytes] = {f"out/{name}/index.html": body for name in ("one", "two", "three")}

    assert found(tmp_path, {**files, "templates/base.html": '<a href="/c/">x</a>\n<center>x</center>'}) == [
        "templates/base.html:1: the link /c/ leads nowhere; expected a file of this site",
        "templates/base.html:2: the center element is obsolete",
    ]


def test_markup_is_found_where_a_source_has_it_once(tmp_path: Path) -> None:
    files = {
        "out/one/index.html": page("<p>x</p>\n<div class='a'><p>y</p>"),
        "out/two/index.html": page("<div>\n<div>"),
        "pages/one.md": "x\n\n<div class='a'><p>y</p>\n",
        "pages/two.md": "<div>\n<div>\n",
    }
    right = "expected </div> before </body>"

    assert found(tmp_path, files) == [
        f"pages/one.md:3: <div> is not closed before </body>; {right}",
        f"pages/two.md: <div> is not closed before </body> (line 4 of out/two/index.html); {right}",
        f"pages/two.md: <div> is not closed before </body> (line 5 of out/two/index.html); {right}",
    ]


def test_guesses_at_what_was_meant_come_to_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitebuilder.checking.addresses.MOST_GUESSES", 1)
    links = '<a href="/braed/">x</a><a href="/bredd/">y</a>'

    first, second = found(tmp_path, {**FILES, "out/index.html": page(links)})

    assert first.endswith("perhaps you meant /bread/")
    assert second.endswith("expected a file of this site")


def test_what_no_source_shows_is_told_with_its_place_in_the_output(tmp_path: Path) -> None:
    (problem,) = found(
        tmp_path, {"out/x/index.html": page('\n<a href="/c/">x</a>'), "pages/x.md": "{{ link }}"}
    )

    assert problem.startswith(
        "pages/x.md: the link /c/ leads nowhere (line 5 of out/x/index.html); perhaps you meant /x/"
    )


def test_a_file_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    site = built(tmp_path, {"out/index.html": page('<a href="/c/">x</a>')})
    before = check(site)
    memory = site.state / "check.json"
    memory.write_text(memory.read_text().replace('"/c/"', '"/kept/"'))

    kept = check(site)
    (site.output / "index.html").write_text(page('<a href="/d/">x</a>'))
    changed = check(site)

    assert ["/c/" in problem.what for problem in before] == [True]
    assert ["/kept/" in problem.what for problem in kept] == [True]
    assert ["/d/" in problem.what for problem in changed] == [True]


def test_what_an_older_check_remembered_is_forgotten(tmp_path: Path) -> None:
    site = built(tmp_path, {"out/index.html": page('<a href="/c/">x</a>')})
    check(site)
    memory = site.state / "check.json"
    kept = json.loads(memory.read_text().replace('"/c/"', '"/kept/"'))
    memory.write_text(json.dumps({**kept, "readers": "older"}))

    (problem,) = check(site)

    assert "/c/" in problem.what


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"readers": "old", "facts": {"x": 1}}'])
def test_a_damaged_memory_is_forgotten(tmp_path: Path, damage: str) -> None:
    site = built(tmp_path, {".sitebuilder/check.json": damage})

    assert check(site) == []


def test_the_command_prints_problems_by_file_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = built(tmp_path, {"out/index.html": page('<a href="/c/">x</a>'), "pages/index.md": "[x](/c/)"})

    code = checking.run(site, options())

    assert code == 1
    assert capsys.readouterr().out == (
        "pages/index.md\n    1  the link /c/ leads nowhere; expected a file of this site\n\n"
        "1 problem in 1 file.\n"
    )


def test_the_command_prints_json_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = built(
        tmp_path,
        {
            "out/index.html": page('<a href="/c/">x</a>'),
            "pages/index.md": "\n\n[x](/c/)",
        },
    )

    code = checking.run(site, options("--json"))

    assert code == 1
    assert json.loads(capsys.readouterr().out) == {
        "problems": [
            {
                "what": "the link /c/ leads nowhere",
                "file": "pages/index.md",
                "line": 3,
                "right": "a file of this site",
            }
        ]
    }


def test_the_command_is_content_with_a_sound_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checking.run(built(tmp_path, FILES), options()) == 0
    assert capsys.readouterr().out == "No problem found.\n"


def options(*arguments: str) -> Namespace:
    parser = ArgumentParser()
    checking.add_arguments(parser)
    return parser.parse_args(arguments)
