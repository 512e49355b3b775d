"""Stand-ins, the colours of code, plain addresses of assets, and HTML in fewer bytes."""

import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from PIL import ImageColor
from pygments.styles import get_all_styles

from sitebuilder.code_styles import stylesheet
from sitebuilder.contrast import ENOUGH, colour_of, contrast
from sitebuilder.errors import SiteError
from tests.sitebuilder.sites import SITE, built, page, write


def shown(folder: Path, template: str, **files: str | bytes) -> str:
    """The home page that a template makes."""
    built(write(folder, {"templates/home.html": template, "pages/index.md": "", **files}))
    return page(folder, "index.html")


def drawing(html: str) -> ElementTree.Element:
    found = re.search(r'src="data:image/svg\+xml,([^"]+)"', html)
    assert found
    return ElementTree.fromstring(unquote(found[1]))


def test_a_placeholder_is_a_drawing_of_its_size_within_the_page(tmp_path: Path) -> None:
    html = shown(tmp_path, "{% placeholder 600x400 %}")

    svg = drawing(html)
    assert (svg.get("width"), svg.get("height")) == ("600", "400")
    assert "".join(svg.itertext()) == "600 × 400"
    assert html.endswith('alt="600 × 400" width="600" height="400">')


def test_a_placeholder_says_what_will_be_there_in_its_own_colours(tmp_path: Path) -> None:
    tag = '{% placeholder 60x40 text=page.what bg="#eee" fg="RebeccaPurple" class="wide" alt="Soon" %}'

    html = shown(tmp_path, tag, **{"pages/index.md": "---\nwhat: \"A <b> & 'c'\"\n---\n"})

    svg = drawing(html)
    assert "".join(svg.itertext()) == "A <b> & 'c'"
    assert [element.get("fill") for element in svg] == ["#eeeeee", "#663399"]
    assert html.endswith('alt="Soon" width="60" height="40" class="wide">')


def test_a_colour_has_a_name_whether_or_not_pillow_was_asked_for_it_before(tmp_path: Path) -> None:
    """Pillow remembers those that it was asked for in another form."""
    ImageColor.getrgb("teal")

    svg = drawing(shown(tmp_path, "{% placeholder 60x40 bg='teal' %}"))

    assert svg[0].get("fill") == "#008080"


@pytest.mark.parametrize("ground", ["#000", "#fff", "navy", "#777"])
def test_the_letters_of_a_placeholder_can_be_read(tmp_path: Path, ground: str) -> None:
    svg = drawing(shown(tmp_path, f'{{% placeholder 60x40 bg="{ground}" %}}'))

    back, letters = (colour_of(element.get("fill") or "") for element in svg)
    assert contrast(back, letters) >= ENOUGH


FAULTS = {
    "": "has no size; expected one such as 600x400",
    "600": "the size is '600'; expected such as 600x400, of at most 4000 pixels a side",
    "0x10": "the size is '0x10'",
    "4001x10": "the size is '4001x10'",
    "60x40 red": "red is no option; expected text=",
    '60x40 bg="rde"': "bg is 'rde'; perhaps you meant red",
    '60x40 size="3"': "has no option size; expected text, alt",
    f'60x40 text="{"x" * 201}"': "the text has 201 characters; expected at most 200",
}


@pytest.mark.parametrize("arguments", FAULTS)
def test_a_placeholder_that_cannot_be_drawn_is_told_with_its_place(tmp_path: Path, arguments: str) -> None:
    with pytest.raises(SiteError, match=r"templates/home\.html:2: .*" + FAULTS[arguments]):
        shown(tmp_path, f"x\n{{% placeholder {arguments} %}}")


@pytest.mark.parametrize("tag", ["asset", "static"])
def test_an_asset_that_is_not_there_is_told_with_its_place_and_the_nearest_name(
    tmp_path: Path, tag: str
) -> None:
    message = r"templates/home\.html:2: there is no file static/stile\.css; perhaps you meant css/style\.css"

    with pytest.raises(SiteError, match=message):
        shown(tmp_path, f"x\n{{% {tag} 'stile.css' %}}", **{"static/css/style.css": ""})


def test_a_hidden_file_is_no_asset_for_its_edits_would_not_be_seen(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"there is no file static/\.hidden\.css"):
        shown(tmp_path, "{% asset '.hidden.css' %}", **{"static/.hidden.css": ""})


def test_the_colours_of_code_are_those_that_site_toml_names(tmp_path: Path) -> None:
    bundle = "{% compress css inline %}<style>{% highlight_styles %}</style>{% endcompress %}"
    toml = f'{SITE}[highlight]\nlight = "xcode"\ndark = "monokai"\n'

    usual = shown(tmp_path, bundle)
    chosen = shown(tmp_path, bundle, **{"site.toml": toml})

    assert "@media (prefers-color-scheme:dark){.highlight{background:#0d1117" in usual
    assert "@media (prefers-color-scheme:dark){.highlight{background:#272822" in chosen


def test_a_style_that_is_none_is_told(tmp_path: Path) -> None:
    toml = f'{SITE}[highlight]\nlight = "xcod"\n'

    with pytest.raises(
        SiteError, match=r"site\.toml: 'xcod' is no style of Pygments; perhaps you meant xcode"
    ):
        shown(tmp_path, "{% highlight_styles %}", **{"site.toml": toml})


@pytest.mark.parametrize("style", sorted(get_all_styles()))
def test_code_can_be_read_in_every_style(style: str) -> None:
    """Each colour of text has the contrast of WCAG AA with what is behind it."""
    rules = re.findall(r"\.highlight( \.\w+)? \{([^}]*)\}", stylesheet(style, style))
    (ground,) = {found[1] for _, rule in rules for found in [re.search(r"background: (#\w+)", rule)] if found}

    assert len(rules) > 20
    for _, rule in rules:
        own = re.search(r"background-color: (#\w+)", rule)
        colour = re.search(r"(?<!-)color: (#\w+)", rule)
        assert colour or not own
        if colour:
            assert contrast(colour_of(colour[1]), colour_of(own[1] if own else ground)) >= ENOUGH, rule


DOCUMENT = """<!doctype html>
<html lang="en">
<head><title>A page</title><!-- a word --></head>
<body>
  <p>One   <code>a  b</code>   <b>two</b>
  three</p>
  <pre>
x   y

z</pre>
  <textarea> a  b </textarea>
  <script>if (1  <  2) { "a   b" }</script>
</body>
</html>
"""


def test_html_is_made_shorter_on_request_and_shows_the_same(tmp_path: Path) -> None:
    toml = f"{SITE}[html]\nminify = true\n"

    plain = shown(tmp_path, DOCUMENT)
    small = shown(tmp_path, DOCUMENT, **{"site.toml": toml})

    assert plain.strip() == DOCUMENT.strip()
    assert len(small) < len(plain)
    for kept in (
        "<p>One <code>a  b</code> <b>two</b> three</p>",
        "x   y\n\nz</pre>",
        "<textarea> a  b </textarea>",
        '<script>if (1  <  2) { "a   b" }</script>',
        "</body></html>",
    ):
        assert kept in small
    assert "a word" not in small


def test_whether_html_is_minified_is_true_or_false(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"html\.minify is 'yes'; expected true or false"):
        shown(tmp_path, "x", **{"site.toml": f'{SITE}[html]\nminify = "yes"\n'})


def test_a_page_that_reads_no_setting_is_minified_too_when_that_changes(tmp_path: Path) -> None:
    write(tmp_path, {"templates/tags.html": "<p>a     b", "pages/a.md": "---\ntags: [x]\n---\n"})
    built(tmp_path)

    built(write(tmp_path, {"site.toml": f"{SITE}[html]\nminify = true\n"}))

    assert page(tmp_path, "tags/index.html") == "<p>a b"
