"""Write HTML shorter, where `[html] minify = true` asks for it, without changing what a browser shows.

Spaces are left as they are in `<pre>`, `<code>` and `<textarea>`, and one is left between words and inline
elements. Scripts and styles are not touched: `{% compress %}` minifies them.
"""

from sitebuilder.settings import Site, value


def is_asked_for(site: Site) -> bool:
    return value(site.table("html"), "html.minify", bool, False)


def minified(html: str) -> str:
    """The same document in fewer bytes, and in HTML that every validator takes."""
    from minify_html import minify  # noqa: PLC0415 - few sites ask for it

    return minify(
        html,
        keep_closing_tags=True,
        keep_html_and_head_opening_tags=True,
        keep_input_type_text_attr=True,  # which style sheets select by
        keep_ssi_comments=True,
    )
