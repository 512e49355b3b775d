"""A summary is what a reader would read of the first paragraph, without holes."""

from html.parser import HTMLParser
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given, settings

from sitebuilder.markdown import render
from sitebuilder.metadata import has_tags
from sitebuilder.plain_text import summary_of, title_of
from tests.sitebuilder.sites import built, page, write

FRAGMENTS = st.sampled_from(
    [
        "λόγος", "μῦθος", "7", " ", " ", "\n", "*", "**", "***", "_", "__", "~", "~~", "`", "``", "\\",
        "\\\n", "  \n", "[", "]", "(", ")", "![", "](/x_y)", '](p.png "t")', "[λόγος](a_b)", "[λόγος][ref]",
        "[ref]", "![μῦθος](p.png)", "[^1]", "[^2]", "<https://a.b/c_d>", "http://a.b/_x_.", "www.a.b",
        "me@a.b", "<", ">", "&", "&amp;", "&lt;b&gt;", "&#42;", "&nbsp;", "<b>", "</b>",
        '<span title="a > b">', "</span>", "<br>", "<!-- no -->", '<img alt="no" src="x">', "{", "}", "#",
        "{#id}", "$", "^", "|", ":", "!", "'", '"', "-", "=", "+", "1.",
    ]
)  # fmt: skip
DEFINITIONS = "\n\n[ref]: /ref\n\n[^1]: A note.\n"


class Read(HTMLParser):
    """Gather the words that a reader sees of HTML, without pictures and the marks of footnotes."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen = self.unseen or (tag == "sup" and "fnref" in str(attrs))
        if tag == "br":
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.unseen = self.unseen and tag != "sup"

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)


def words_on_the_page(markdown: str) -> str:
    """What is read of a page that begins with a paragraph."""
    html = render(markdown).html
    assume(html.startswith("<p>"))
    reader = Read()
    reader.feed(html.partition("</p>")[0])
    reader.close()
    words = " ".join("".join(reader.words).split())
    assume(words)
    return words


@settings(deadline=None, max_examples=300)
@given(st.lists(FRAGMENTS, max_size=25).map("".join))
def test_a_paragraph_is_said_as_its_page_shows_it(paragraph: str) -> None:
    assume(not has_tags(paragraph))

    assert summary_of(paragraph + DEFINITIONS) == words_on_the_page(paragraph + DEFINITIONS)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("my_file_x and 2*3*4", "my_file_x and 234"),
        ("http://a.b/_my_file_x. **www.a_b_c.d**", "http://a.b/_my_file_x. www.a_b_c.d"),
        ("_one_, *two*, **three**, __four__, ***five***, ~~six~~", "one, two, three, four, five, six"),
        ("**a *b***, *args and **kwargs", "a b, *args and **kwargs"),
        ("a * b, 3 < 4 and 5 > 4", "a * b, 3 < 4 and 5 > 4"),
        (r"\*so\* `a_b*c*` `{{ x }}`", "*so* a_b*c* {{ x }}"),
        ("<https://a.b/c_d> <b>bold</b> <!-- not this -->", "https://a.b/c_d bold"),
        ("[a *link*](/x_y) ![picture](p.png) &amp; note[^1], none[^2]\n\n[^1]: n", "a link & note, none[^2]"),
        ("[one][a], [a] and [b]\n\n[a]: /x", "one, a and [b]"),
        ("`code` begins\\\nit<br>all", "code begins it all"),
        ("one<!-- two -->, <script>let three</script>four", "one, four"),
    ],
)
def test_markup_goes_and_what_is_written_stays(markdown: str, text: str) -> None:
    assert summary_of(markdown) == text


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("# A\n\nB\n---\n\nC.", "C."),
        ("> A\n\n- B\n\n  C\n\n1. D\n\n<p>E</p>\n\n|F|\n|-|\n\nG.", "G."),
        ("![A](a.png)\n\n<!-- B -->\n\n[C]: /c\n\n[^1]: D\n\nE.", "E."),
        ("    A\n\n```\nB\n\nC\n```\n", ""),
    ],
)
def test_a_summary_is_the_first_paragraph_that_has_words(body: str, summary: str) -> None:
    assert summary_of(body) == summary


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Text.\n\n# One *more* `{{ time }}` {#id}\n\n# Two", "One more {{ time }}"),
        ("```sh\n# no\n```\n\n# Yes #", "Yes"),
        ("> # A\n\nB\n=\n", "B"),
        ("## A\n\n#\n\n#B", ""),
        ("{% if a %}\n\n# {# no #}A {{ b }} c\n\n{% endif %}", "A c"),
        ("{% comment %}\n# Hidden\n{% endcomment %}\n\n# Shown", "Shown"),
        ("{{ a }}", ""),
    ],
)
def test_a_title_is_the_first_heading_of_the_first_level(body: str, title: str) -> None:
    assert title_of(body) == title


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("We sell {{ site.name }}.\n\nFor free.", "For free."),
        ("# A\n\nOf {% link 'a.md' %}.\n\nIn `{{ code }}`\nonly.", "In {{ code }} only."),
        ("{% comment %}\n\nNot this.\n\n{% endcomment %}\n\nThis.", "This."),
        ("{% if a %}\n\n{% if b %}\n\nNo.\n\n{% endif %}\n\nNor.\n\n{% endif %} and.\n\nYes.", "Yes."),
        ("```\n{% if x %}\n```\n\nOutside.", "Outside."),
        ("{# a note #} x {{ page.title }}", ""),
        ("{# {% if x %} #} One.\n\n{% if x %}{% endif %}", "One."),
        ("[One][a].\n\n[a]: {% link 'a.md' %}", "One."),
        ("One {% of a brace.\n\n{{ x }}", "One {% of a brace."),
        ("{% image 'a.png' alt='' %}", ""),
    ],
)
def test_a_summary_leaves_out_what_template_tags_have_a_part_in(body: str, summary: str) -> None:
    assert summary_of(body) == summary


def test_a_page_is_described_without_holes(tmp_path: Path) -> None:
    body = "We sell {{ site.name }} for {% if 1 %}free{% endif %} at http://a.b/my_file_x.\n\nSee my_file_x."
    write(tmp_path, {"pages/a.md": body, "templates/page.html": "{{ page.summary }}"})

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == "See my_file_x."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_page_has_its_title_whatever_ends_its_lines(tmp_path: Path, end: str) -> None:
    body = end.join(["---", "weight: 1", "---", "Text", "", "# Title"]).encode()
    write(tmp_path, {"pages/a.md": body, "templates/page.html": "{{ page.title }}: {{ page.weight }}"})

    built(tmp_path)

    assert page(tmp_path, "a/index.html") == "Title: 1"
