"""`{% compress %}` makes one small file of many, under a name that changes when one of them does."""

import base64
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sitebuilder.building import build
from sitebuilder.errors import SiteError
from sitebuilder.settings import read_site
from tests.sitebuilder.sites import built, clean_tree, page, tree, write

SHEETS = '<link rel="stylesheet" href="/static/css/a.css"><link rel="stylesheet" href="/static/css/b.css">'
FILES: dict[str, str | bytes] = {
    "static/css/a.css": "a  { color : red }  /* a word */",
    "static/css/b.css": "b { color: blue }",
    "static/js/a.js": "var a = 1; // a word\nfunction one() { return 1 }",
    "static/js/b.js": "(function () { two() })()",
    "pages/index.md": "# Home",
}


def with_layout(folder: Path, layout: str, **files: str | bytes) -> Path:
    return write(
        folder,
        {
            **FILES,
            **files,
            "templates/page.html": "{% extends 'list.html' %}",
            "templates/list.html": f"<!doctype html>\n{layout}{{{{ content }}}}",
        },
    )


def css(folder: Path, block: str) -> str:
    """The only bundle that a block of style sheets makes."""
    built(with_layout(folder, f"{{% compress css %}}{block}{{% endcompress %}}"))
    (bundle,) = (content for name, content in tree(folder).items() if name.startswith("static/bundles/"))
    return bundle.decode()


def test_style_sheets_and_styles_become_one_small_file_in_their_order(tmp_path: Path) -> None:
    assert css(tmp_path, f"{SHEETS}<style>c {{ color: red }}</style>") == (
        "a{color:red}b{color:blue}c{color:red}"
    )


def test_scripts_become_one_in_which_a_missing_semicolon_breaks_nothing(tmp_path: Path) -> None:
    block = (
        '{% compress js %}<script src="/static/js/a.js"></script><script src="/static/js/b.js"></script>'
        '<script>if (1 < 2 && "</b>") { c = `a   b // c` }</script>{% endcompress %}'
    )

    built(with_layout(tmp_path, block))

    (script,) = (content for name, content in tree(tmp_path).items() if name.startswith("static/bundles/"))
    assert script.decode() == (
        'var a=1;function one(){return 1};(function(){two()})();if(1<2&&"</b>"){c=`a   b // c`};'
    )


def test_a_bundle_is_named_by_its_content_and_a_browser_can_prove_it(tmp_path: Path) -> None:
    built(with_layout(tmp_path, f"{{% compress css %}}{SHEETS}{{% endcompress %}}"))

    found = re.search(r'href="/(\S+)" integrity="sha384-(\S+)"', page(tmp_path, "index.html"))
    assert found
    assert re.fullmatch(r"static/bundles/styles\.[0-9a-f]{10}\.css", found[1])
    content = tree(tmp_path)[found[1]]
    assert base64.b64decode(found[2]) == hashlib.sha384(content).digest()


def test_what_is_loaded_differently_is_bundled_apart(tmp_path: Path) -> None:
    block = (
        f'{{% compress css %}}{SHEETS}<link rel="stylesheet" href="/static/css/b.css" media="print">'
        '{% endcompress %}{% compress js %}<script src="/static/js/a.js"></script>'
        '<script defer src="/static/js/b.js"></script>{% endcompress %}'
    )

    built(with_layout(tmp_path, block))

    html = page(tmp_path, "index.html")
    assert html.count("<link") == html.count("<script") == 2
    assert html.count(' media="print">') == html.count(" defer></script>") == 1


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("css inline", r"<style>a\{color:red\}b\{color:blue\}</style>"),
        ("css preload", r'<link rel="preload" href="/static/bundles/styles\.\w+\.css" as="style" integrity='),
        ("css file base", r'href="/static/bundles/base\.\w+\.css"'),
    ],
)
def test_a_bundle_can_be_inline_or_preloaded_or_have_a_name(tmp_path: Path, words: str, shown: str) -> None:
    built(with_layout(tmp_path, f"{{% compress {words} %}}{SHEETS}{{% endcompress %}}"))

    assert re.search(shown, page(tmp_path, "index.html"))


def test_the_tags_of_a_django_project_work_as_they_are(tmp_path: Path) -> None:
    block = (
        "{% load compress static %}{% compress css %}<link href=\"{% static 'css/a.css' %}\" rel=stylesheet>"
    )

    built(with_layout(tmp_path, f"{block}{{% endcompress %}}"))

    assert "/static/bundles/styles." in page(tmp_path, "index.html")


def test_an_address_in_a_sheet_leads_to_a_file_with_a_hash_from_wherever_the_sheet_is(tmp_path: Path) -> None:
    sheet = (
        'a { background: url(../../img/x.png) } b { background: url("/static/img/x.png?v=1#top") }'
        "/* url(gone.png) */ c { content: 'url(gone.png)' } d { fill: url(#here) }"
        "e { background: url(data:image/gif;base64,AA) url(https://example.net/x.png) url(/favicon.ico) }"
    )
    write(tmp_path, {"static/img/x.png": b"one", "static/css/deep/c.css": sheet})

    done = css(tmp_path, '<link rel="stylesheet" href="/static/css/deep/c.css">')

    (hashed,) = (name for name in tree(tmp_path) if re.fullmatch(r"static/img/x\.[0-9a-f]{10}\.png", name))
    assert done == (
        f'a{{background:url("/{hashed}")}}b{{background:url("/{hashed}?v=1#top")}}'
        "c{content:'url(gone.png)'}d{fill:url(#here)}"
        "e{background:url(data:image/gif;base64,AA) url(https://example.net/x.png) url(/favicon.ico)}"
    )
    assert tree(tmp_path)[hashed] == b"one"


def link(name: str, more: str = "") -> str:
    return f'<link rel="stylesheet" href="{name}"{more}>'


AT = r"templates/list\.html:2: "
FAULTS: dict[str, tuple[str, str]] = {
    "missing": (
        link("/static/css/aa.css"),
        AT + r"there is no file static/css/aa\.css; perhaps you meant css/a\.css",
    ),
    "elsewhere": (link("https://cdn.example.net/a.css"), AT + "https://.*/a.css is on another site"),
    "not static": (link("/a.css"), AT + "/a.css cannot be bundled; expected an address"),
    "above": (link("/static/../site.toml"), AT + r"there is no file static/\.\./site\.toml"),
    "an icon": ('<link rel="icon" href="/static/x.png">', AT + "<link rel='icon'> is no style sheet"),
    "words": (f"{link('/static/css/a.css')} hello", AT + "hello cannot be part of a bundle of css"),
    "a script": ("<script>x</script>", AT + "<script> cannot be part of a bundle of css; expected"),
    "an id": (link("/static/css/a.css", " id=x"), AT + "the id of <link> would be lost in a bundle"),
    "sass": ('<style type="text/x-scss">a</style>', AT + "<style type='text/x-scss'> cannot be part"),
    "no end": ("<style>a{}", AT + "<style> has no end in this block"),
    "import": (link("/static/css/import.css"), r"static/css/import\.css:2: @import 'a\.css' would be lost"),
    "in the sheet": (link("/static/css/url.css"), r"static/css/url\.css:3: url\(x\.png\): there is no file"),
    "in a style": ("<style>a{b:url(x.png)}</style>", AT + r"url\(x\.png\) is relative to no file"),
    "no text": (link("/static/css/bytes.css"), r"static/css/bytes\.css: it is not UTF-8 text"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_bundled_is_told_with_its_place(tmp_path: Path, fault: str) -> None:
    block, message = FAULTS[fault]
    sheets: dict[str, str | bytes] = {
        "static/css/import.css": "a{}\n@import 'a.css';",
        "static/css/url.css": "a{}\n\nb{c:url(x.png)}",
        "static/css/bytes.css": b"\xff\xfe",
    }
    write(tmp_path, sheets)

    with pytest.raises(SiteError, match=message):
        built(with_layout(tmp_path, f"{{% compress css %}}{block}{{% endcompress %}}"))


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ('<script type="module" src="/static/js/a.js"></script>', "a module cannot be part of a bundle"),
        ('<script type="application/json">{}</script>', "<script type='application/json'> cannot"),
        ('<script src="//cdn.example.net/a.js"></script>', "is on another site"),
    ],
)
def test_a_script_that_is_none_of_the_old_kind_is_told(tmp_path: Path, script: str, message: str) -> None:
    with pytest.raises(SiteError, match=AT + ".*" + message):
        built(with_layout(tmp_path, f"{{% compress js %}}{script}{{% endcompress %}}"))


@pytest.mark.parametrize("words", ["", "less", "css quickly", "css file a b", "css file a/b"])
def test_a_tag_that_names_no_bundle_is_told(tmp_path: Path, words: str) -> None:
    with pytest.raises(SiteError, match=AT + ".*names no bundle; expected .* compress css"):
        built(with_layout(tmp_path, f"{{% compress {words} %}}{{% endcompress %}}"))


def test_an_edited_sheet_makes_the_pages_that_show_its_hash_again_and_no_other(tmp_path: Path) -> None:
    plain: dict[str, str | bytes] = {
        "pages/plain.md": "---\nlayout: plain.html\n---\n",
        "templates/plain.html": "x",
    }
    built(
        with_layout(
            tmp_path, f"{{% compress css %}}{SHEETS}{{% endcompress %}}", **plain, **{"pages/a.md": "x"}
        )
    )
    before = tree(tmp_path)

    report = built(write(tmp_path, {"static/css/b.css": "b { color: green }"}))

    assert report.written == ["a/index.html", "index.html", "static/css/b.css"]
    assert b"b{color:green}" in b"".join(tree(tmp_path).values())
    assert len([name for name in tree(tmp_path) if "bundles" in name]) == 1  # the old one is swept
    assert len(tree(tmp_path)) == len(before)


def test_an_edited_picture_of_a_sheet_is_noticed_through_the_bundle(tmp_path: Path) -> None:
    write(tmp_path, {"static/x.png": b"one", "static/c.css": "a{b:url(x.png)}"})
    css(tmp_path, link("/static/c.css"))

    built(write(tmp_path, {"static/x.png": b"two"}))

    copies = [content for name, content in tree(tmp_path).items() if re.fullmatch(r"static/x\..*\.png", name)]
    assert copies == [b"two"]


def test_a_bundle_that_no_page_uses_any_more_is_removed(tmp_path: Path) -> None:
    css(tmp_path, SHEETS)

    report = built(with_layout(tmp_path, "nothing"))

    assert [name for name in report.removed if "bundles" in name] == report.removed != []


def test_many_pages_in_several_processes_make_what_one_process_makes(tmp_path: Path) -> None:
    pages: dict[str, str | bytes] = {f"pages/p{number}.md": "x" for number in range(250)}
    with_layout(tmp_path, f"{{% compress css %}}{SHEETS}{{% endcompress %}}", **pages)

    build(read_site(tmp_path, workers=3))

    assert tree(tmp_path) == clean_tree(tmp_path, tmp_path / "clean")


def test_a_site_that_asks_for_no_assets_loads_no_library_for_them(tmp_path: Path) -> None:
    write(tmp_path, {"pages/index.md": "# Home\n\n`x`\n"})
    program = (
        "import sys; from sitebuilder.__main__ import main; main(['--site', sys.argv[1], 'build']);"
        "print([name for name in ('compressor', 'PIL', 'minify_html', 'rcssmin') if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
