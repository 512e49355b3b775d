"""Markdown becomes HTML as GitHub's does, with ids, links, footnotes and coloured code."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitebuilder.code_styles import stylesheet
from sitebuilder.errors import SiteError
from sitebuilder.highlighting import Highlighter
from sitebuilder.markdown import Entry, Heading, protected, render, toc

FENCE = "```"
PIECES = [
    *"#`~<>[]()!|*_\n\t\\&é",
    *(
        "\n\n",
        "# a",
        "# a {#a}",
        "## ",
        "```\n",
        "~~~py\n",
        "    ",
        "- ",
        "- [ ] ",
        "> ",
        "| a | b |\n|--|--|\n",
    ),
    *("[^1]", "[^1]: x\n", "![x](y)", "[x](y)", "https://x.org", "www.x.org", "a@b.org", "{{ x }}"),
    *("<div>", "</div>", "<h2>", "</h2>", "<a>", "</a>", '<b id="a">', "<!--", "-->", "<pre>", "</pre>"),
]
MARKUP = st.lists(st.text(max_size=12) | st.sampled_from(PIECES), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>\n"),
        ("~~gone~~", "<p><del>gone</del></p>\n"),
        ("# One", '<h1 id="one">One</h1>\n'),
        ("One\n===", '<h1 id="one">One</h1>\n'),
        ("## A *b* `c`", '<h2 id="a-b-c">A <em>b</em> <code>c</code></h2>\n'),
        ("# A\n# A\n# A", '<h1 id="a">A</h1>\n<h1 id="a-1">A</h1>\n<h1 id="a-2">A</h1>\n'),
        ("# A 1\n# A\n# A", '<h1 id="a-1">A 1</h1>\n<h1 id="a">A</h1>\n<h1 id="a-2">A</h1>\n'),
        ("# Über Größe: 中文!", '<h1 id="über-größe-中文">Über Größe: 中文!</h1>\n'),
        ("# हिन्दी", '<h1 id="हिन्दी">हिन्दी</h1>\n'),
        ("# C & `<b>`", '<h1 id="c--b">C &amp; <code>&lt;b&gt;</code></h1>\n'),
        ("# a_b - c", '<h1 id="a_b---c">a_b - c</h1>\n'),
        ("# !", '<h1 id="section">!</h1>\n'),
        ("# A {#own}", '<h1 id="own">A</h1>\n'),
        ("# Own\n# A {#own}", '<h1 id="own-1">Own</h1>\n<h1 id="own">A</h1>\n'),
        ("# A {#own}\n# B {#own}", '<h1 id="own">A</h1>\n<h1 id="own-1">B</h1>\n'),
        ('# A\n\n<p id="a">x</p>', '<h1 id="a-1">A</h1>\n<p id="a">x</p>'),
        ("<H2 class=x>Raw</H2>", '<H2 id="raw" class=x>Raw</H2>'),
        ("<!-- <h2>No</h2> www.x.org -->", "<!-- <h2>No</h2> www.x.org -->"),
        ('<i title="<h2>">x</i>', '<p><i title="<h2>">x</i></p>\n'),
        (
            "| a | b |\n|---|--:|\n| 1 | 2 |",
            (
                '<table><thead><tr><th>a</th><th style="text-align: right">b</th></tr></thead><tbody>\n'
                '<tr><td>1</td><td style="text-align: right">2</td></tr>\n</tbody></table>\n'
            ),
        ),
        ("- [ ] a", '<ul>\n<li><input disabled="" type="checkbox"/>\na</li>\n</ul>\n'),
        ("- [x] a", '<ul>\n<li><input disabled="" type="checkbox" checked=""/>\na</li>\n</ul>\n'),
        ("> [!NOTE]\n> a", '<blockquote class="markdown-alert-note">\n<p>a</p>\n</blockquote>\n'),
        ("<div class='x'>\n\n*a*\n\n</div>", "<div class='x'>\n<p><em>a</em></p>\n</div>"),
        ("*a", "<p>*a</p>\n"),
        ("", ""),
    ],
)
def test_a_source_becomes_this_html(source: str, html: str) -> None:
    assert render(source).html == html


@pytest.mark.parametrize(
    ("source", "inside"),
    [
        ("https://x.org/a", '<a href="https://x.org/a">https://x.org/a</a>'),
        ("see https://x.org/a.", 'see <a href="https://x.org/a">https://x.org/a</a>.'),
        ("(https://x.org/a_(b))", '(<a href="https://x.org/a_(b)">https://x.org/a_(b)</a>)'),
        ("https://x.org/?a=1&b=2", '<a href="https://x.org/?a=1&amp;b=2">https://x.org/?a=1&amp;b=2</a>'),
        ('https://x.org/"a', '<a href="https://x.org/%22a">https://x.org/"a</a>'),
        ("HTTPS://X.org", '<a href="HTTPS://X.org">HTTPS://X.org</a>'),
        ("www.x.org/a", '<a href="http://www.x.org/a">www.x.org/a</a>'),
        ("ana@x.org.", '<a href="mailto:ana@x.org">ana@x.org</a>.'),
        ("<https://x.org>", '<a href="https://x.org">https://x.org</a>'),
        ("**https://x.org**", '<strong><a href="https://x.org">https://x.org</a></strong>'),
        ("http://localhost:8000/", '<a href="http://localhost:8000/">http://localhost:8000/</a>'),
        ("[https://x.org](/y)", '<a href="/y">https://x.org</a>'),
        ("`https://x.org`", "<code>https://x.org</code>"),
        ("www.", "www."),
        ("www..org", "www..org"),
        ("https://a_b.c_d/", "https://a_b.c_d/"),
        ("xhttps://x.org", "xhttps://x.org"),
        ("ana@x", "ana@x"),
        ("ana@x.org-", "ana@x.org-"),
    ],
)
def test_a_bare_address_is_a_link_where_github_makes_one(source: str, inside: str) -> None:
    assert render(source).html == f"<p>{inside}</p>\n"


def test_footnotes_stand_at_the_end_numbered_as_they_are_cited() -> None:
    body = render(
        "[^b]: Second.\n\nx[^a] y[^b] z[^a]\n\n[^a]: First.\n\n    More.\n\nEnd.\n\n[^never]: cited\n"
    )

    assert body.html == (
        '<p>x<sup id="fnref-1"><a href="#fn-1" role="doc-noteref">1</a></sup>'
        ' y<sup id="fnref-2"><a href="#fn-2" role="doc-noteref">2</a></sup>'
        ' z<sup id="fnref-1-1"><a href="#fn-1" role="doc-noteref">1</a></sup></p>\n'
        "<p>End.</p>\n"
        '<section class="footnotes" role="doc-endnotes">\n<ol>\n'
        '<li id="fn-1">\n<p>First.</p>\n<p>More. <a href="#fnref-1" role="doc-backlink">↩</a>'
        ' <a href="#fnref-1-1" role="doc-backlink">↩</a></p>\n</li>\n'
        '<li id="fn-2">\n<p>Second. <a href="#fnref-2" role="doc-backlink">↩</a></p>\n</li>\n'
        "</ol>\n</section>\n"
    )


def test_of_two_footnotes_with_one_name_the_first_counts() -> None:
    html = render("a[^x]\n\n[^x]: One.\n\n[^x]: Two.\n").html

    assert "<p>One. <a" in html
    assert "Two" not in html


def test_an_uncited_footnote_is_left_out_and_an_undefined_one_is_text() -> None:
    assert render("a[^x]\n\n[^y]: b").html == "<p>a[^x]</p>\n"


def test_the_words_of_a_heading_are_told_without_markup() -> None:
    source = "text\n# A *b*c `d` &copy; ![tree](t.png)[^1] <i>e</i>\n\n[^1]: N."

    assert [heading.text for heading in render(source).headings] == ["A bc d © tree e"]


def test_headings_are_told_in_order() -> None:
    assert render("# A `b`\n### C & D\n").headings == (Heading(1, "a-b", "A b"), Heading(3, "c--d", "C & D"))


def test_a_table_of_contents_nests_by_level_whatever_is_skipped() -> None:
    levels = [Heading(level, str(place), "") for place, level in enumerate([3, 1, 2, 4, 2, 1])]

    assert toc(levels) == [
        Entry(3, "0", ""),
        Entry(1, "1", "", (Entry(2, "2", "", (Entry(4, "3", ""),)), Entry(2, "4", ""))),
        Entry(1, "5", ""),
    ]


@pytest.mark.parametrize("language", ["python", "Python,linenos", "python{1,3}", "python title=a.py"])
def test_fenced_code_is_coloured_by_classes(language: str) -> None:
    html = render(f"{FENCE}{language}\nx = '<'\n{FENCE}\n").html

    assert '<code class="language-python"><span class="n">x</span>' in html
    assert "&lt;" in html
    assert "style=" not in html


@pytest.mark.parametrize("language", ["", "no-such", "<b>"])
def test_code_of_no_known_language_stays_plain(language: str) -> None:
    html = render(f"{FENCE}{language}\n<x> & www.x.org {{{{ y }}}}\n{FENCE}\n").html

    assert ">&lt;x&gt; &amp; www.x.org {{ y }}\n</code></pre>" in html
    assert "<b>" not in html


def test_a_block_is_coloured_once_and_kept_in_the_store() -> None:
    store: dict[str, str] = {}
    source = f"{FENCE}python\nx = 1\n{FENCE}\n"
    first = render(source, highlight=Highlighter(store)).html
    key = next(iter(store))
    store[key] = "<pre>kept</pre>\n"

    again = render(source, highlight=Highlighter(store)).html

    assert "language-python" in first
    assert again == "<pre>kept</pre>\n"
    assert list(store) == [key]


def test_memory_forgets_the_block_that_was_longest_unused() -> None:
    store: dict[str, str] = {}
    highlight = Highlighter(store, size=2)
    for code in ("a", "b", "a", "c"):
        highlight("text", code)
    store.clear()

    kept = {code: highlight("text", code) for code in ("a", "c")}
    asked_for_kept = len(store)
    highlight("text", "b")

    assert (len(kept), asked_for_kept, len(store)) == (2, 0, 1)


def test_the_stylesheet_holds_each_style_within_its_own_media_query() -> None:
    css = stylesheet("default", "monokai")

    light, dark = css.split("@media (prefers-color-scheme: dark)")
    assert light.startswith("@media not all and (prefers-color-scheme: dark) {")
    assert "#008000" in light
    assert "#272822" in dark
    assert all(line.startswith((".highlight", "}", "@media", " {")) or not line for line in css.split("\n"))


def test_an_unknown_style_is_answered_with_the_nearest() -> None:
    with pytest.raises(SiteError, match="'monokay' is no style of Pygments; perhaps you meant monokai"):
        stylesheet("monokay", "default")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("a `b` c", ["`b`"]),
        ("a `` b ` c `` d", ["`` b ` c ``"]),
        (f"{FENCE}py\nx\n{FENCE}\ny", [f"{FENCE}py\nx\n{FENCE}"]),
        (f"~~~\n{FENCE}\n~~~", [f"~~~\n{FENCE}\n~~~"]),
        ("a\n\n    b\n\nc", ["b\n"]),
        ("- a\n\n      b\n", ["b\n"]),
        (f"> {FENCE}\n> x\n> {FENCE}", [f"{FENCE}\n> x\n> {FENCE}"]),
        ("é `ü` `日本` {{ x }}", ["`ü`", "`日本`"]),
        ("a ` b {{ x }}", []),
        ("{% if x %}\ny\n{% endif %}", []),
        ("", []),
    ],
)
def test_code_is_told_from_the_text_around_it(source: str, code: list[str]) -> None:
    pieces = protected(source)

    assert [piece for is_code, piece in pieces if is_code] == code
    assert "".join(piece for _, piece in pieces) == source


@settings(deadline=None)
@given(MARKUP)
def test_any_text_renders_and_the_ids_of_its_headings_are_unique(source: str) -> None:
    body = render(source)

    ids = [heading.id for heading in body.headings]
    assert len(ids) == len(set(ids))
    assert all(ids)
    assert toc(body.headings) or not body.headings


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["# a\n", "# b\n", "# a 1\n", "# a {#a-1}\n", "# a {#b}\n", "# b-1\n", "x[^1]\n\n"])
    )
)
def test_headings_and_footnotes_never_share_an_id(pieces: list[str]) -> None:
    html = render("\n".join([*pieces, "# fn 1", "[^1]: note"])).html

    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))


@settings(deadline=None)
@given(MARKUP)
def test_protected_pieces_join_to_the_source(source: str) -> None:
    pieces = protected(source)

    assert "".join(piece for _, piece in pieces) == source
    assert all(piece for _, piece in pieces)
    assert not any(before is after is False for (before, _), (after, _) in pairwise(pieces))
