"""Whatever a built file holds, reading it ends in facts."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitebuilder.checking.facts import Facts, unpacked
from sitebuilder.checking.remembering import READERS

PIECES = [
    *"<>/=\"'&;:# \n{}[]\\é",
    *(
        "<p>",
        "</p>",
        "<div",
        "</div>",
        "<table>",
        "<tr>",
        "<li>",
        "<ul>",
        "<svg>",
        "</svg>",
        "<a href='x'>",
        "</a>",
    ),
    *(
        "<!--",
        "<!doctype html>",
        "<img src=x>",
        "<script>",
        "</script>",
        "<b id=x>",
        "</b>",
        "<title>",
        "<base href=q>",
    ),
    *(
        "<feed>",
        "<entry>",
        "<urlset>",
        "<url>",
        "<loc>x</loc>",
        "<?xml",
        "url(",
        "@import",
        '{"version": "jsonfeed.org"',
    ),
    *('"items": [', '"id": 1', "null", "http://[", "srcset='a 1x,'", "style='a:url(x)'", "&amp", "\0"),
]
CONTENT = st.lists(st.text(max_size=8) | st.sampled_from(PIECES), max_size=25).map("".join)


@settings(deadline=None)
@pytest.mark.parametrize("suffix", sorted(READERS))
@given(content=CONTENT)
def test_any_content_can_be_read_and_remembered(suffix: str, content: str) -> None:
    facts = READERS[suffix](content)

    assert unpacked(json.loads(json.dumps(facts.packed()))) == facts


@settings(deadline=None)
@given(
    st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3))
)
def test_any_json_that_claims_to_be_a_feed_can_be_read(value: object) -> None:
    names = ("title", "items", "home_page_url", "feed_url")
    feed = {"version": "https://jsonfeed.org/version/1.1", **dict.fromkeys(names, value)}

    assert isinstance(READERS[".json"](json.dumps(feed)), Facts)
    assert isinstance(
        READERS[".json"](json.dumps({**feed, "items": [dict.fromkeys(("id", "url"), value)]})), Facts
    )
