"""Write the colours of highlighted code as CSS, for readers of light and of dark pages."""

import re

from pygments.formatters import HtmlFormatter
from pygments.styles import get_all_styles, get_style_by_name
from pygments.token import Token
from pygments.util import ClassNotFound

from sitebuilder.contrast import Colour, as_text, colour_of, ink, readable
from sitebuilder.errors import wrong
from sitebuilder.guesses import meant

SELECTOR = ".highlight"
LIGHT, DARK = "default", "github-dark"  # styles of Pygments that are readable as they are
GROUND = re.compile(r"background-color: (#[0-9a-fA-F]{3,6})")
COLOUR = re.compile(r"(?<![-\w])(color: )(#[0-9a-fA-F]{3,6})")


def stylesheet(style_light: str, style_dark: str) -> str:
    """Return the colours of two styles of Pygments.

    Each stands in its own media query: one that a reader does not see cannot leak into the other. A colour
    that would be too faint on its ground is moved until it reaches WCAG AA.
    Raises SiteError, naming the nearest style, if Pygments has none of that name.
    """
    light, dark = rules(style_light), rules(style_dark)
    return (
        f"@media not all and (prefers-color-scheme: dark) {{\n{light}\n}}\n"
        f"@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    )


def rules(style: str) -> str:
    formatter: HtmlFormatter[str] = HtmlFormatter(style=known(style))
    ground = colour_of(get_style_by_name(style).background_color)
    tokens: list[str] = formatter.get_token_style_defs(SELECTOR)  # type: ignore[no-untyped-call]
    base = f"{SELECTOR} {{ background: {as_text(ground)}; color: {as_text(text_colour(style, ground))} }}"
    return "\n".join([base, *(readable_rule(rule, ground) for rule in tokens if SELECTOR in rule)])


def known(style: str) -> str:
    try:
        get_style_by_name(style)
    except ClassNotFound as error:
        styles = sorted(get_all_styles())
        right = meant(style, styles, f"one of {', '.join(styles)}")
        raise wrong(f"{style!r} is no style of Pygments", "site.toml", right=right) from error
    return style


def text_colour(style: str, ground: Colour) -> Colour:
    """The colour of plain code; a style that names none would take whatever the page has."""
    named = get_style_by_name(style).style_for_token(Token)["color"]
    return readable(colour_of(named), ground) if named else ink(ground)


def readable_rule(rule: str, ground: Colour) -> str:
    """A rule of Pygments, such as `.highlight .k { color: #008000; font-weight: bold } /* Keyword */`."""
    own = GROUND.search(rule)
    below = colour_of(own[1]) if own else ground
    if own and not COLOUR.search(rule):
        return rule.replace("{ ", f"{{ color: {as_text(ink(below))}; ", 1)
    return COLOUR.sub(lambda found: f"{found[1]}{as_text(readable(colour_of(found[2]), below))}", rule)
