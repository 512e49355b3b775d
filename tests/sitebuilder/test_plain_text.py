"""A summary is what a reader would read of the first paragraph, without holes."""

from pathlib import Path

import pytest

from sitebuilder.plain_text import plain, summary_of
from tests.sitebuilder.sites import built, page, write


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("my_file_x and 2*3*4", "my_file_x and 2*3*4"),
        ("http://a.b/_my_file_x. **www.a_b_c.d**", "http://a.b/_my_file_x. www.a_b_c.d"),
        ("_one_, *two*, **three**, __four__, ***five***, ~~six~~", "one, two, three, four, five, six"),
        ("**a *b***, *args and **kwargs", "a b, *args and **kwargs"),
        ("a * b, 3 < 4 and 5 > 4", "a * b, 3 < 4 and 5 > 4"),
        (r"\*so\* `a_b*c*` `{{ x }}`", "*so* a_b*c* {{ x }}"),
        ("<https://a.b/c_d> <b>bold</b> <!-- not this -->", "https://a.b/c_d bold"),
        ("[a *link*](/x_y) ![picture](p.png) &amp; note[^1]", "a link picture & note"),
    ],
)
def test_markup_goes_and_what_is_written_stays(markdown: str, text: str) -> None:
    assert plain(markdown) == text


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("We sell {{ site.name }}.\n\nFor free.", "For free."),
        ("# A\n\nOf {% link 'a.md' %}.\n\nIn `{{ code }}`\nonly.", "In {{ code }} only."),
        ("{% comment %}\n\nNot this.\n\n{% endcomment %}\n\nThis.", "This."),
        ("{% if a %}\n\n{% if b %}\n\nNo.\n\n{% endif %}\n\nNor.\n\n{% endif %} and.\n\nYes.", "Yes."),
        ("```\n{% if x %}\n```\n\nOutside.", "Outside."),
        ("{# a note #} x {{ page.title }}", ""),
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
