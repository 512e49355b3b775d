"""The tags for bundles, pictures, stand-ins and the colours of code; each loads what it needs as it runs."""

import re
from typing import TYPE_CHECKING, Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.utils.safestring import SafeString

from sitebuilder.assets.files import static_file
from sitebuilder.errors import wrong
from sitebuilder.guesses import meant
from sitebuilder.reads import read
from sitebuilder.rendering import current
from sitebuilder.settings import Site, value
from sitebuilder.views import safe

if TYPE_CHECKING:
    from sitebuilder.assets.pictures import Asked

register = template.Library()

BUNDLE = re.compile(r"(css|js)( (file|inline|preload)( [\w-]+)?)?")
IMAGE_ATTRIBUTES = ("class", "id", "title", "style")


@register.simple_tag
def static(name: str) -> str:
    """The plain address of a file of static/; an error if there is none."""
    name = str.__str__(name)  # paths refuse Django's safe strings, which str() leaves safe
    static_file(current().site, name)
    return f"/static/{name}"


@register.tag
def compress(parser: Parser, token: Token) -> Node:
    """`{% compress css|js [file|inline|preload] [NAME] %}…{% endcompress %}`, as in django-compressor."""
    words = token.split_contents()[1:]
    if not BUNDLE.fullmatch(" ".join(words)):
        raise template.TemplateSyntaxError(
            f"{{% {token.contents} %}} names no bundle; expected {{% compress css %}} or {{% compress js %}} "
            "followed by file, inline or preload if needed, and then by a name"
        )
    kind, mode, name = [*words, *("css", "file", "")[len(words) :]]
    nodes = parser.parse(("endcompress",))
    parser.delete_first_token()
    return CompressNode(nodes, kind, mode, name)


class CompressNode(Node):
    def __init__(self, nodelist: NodeList, kind: str, mode: str, name: str) -> None:
        self.nodelist, self.kind, self.mode, self.name = nodelist, kind, mode, name

    def render(self, context: template.Context) -> SafeString:
        block = str.__str__(self.nodelist.render(context))
        key = ("compress", block, self.kind, self.mode, self.name)
        return safe(current().pieces.piece(key, lambda: self.made(block)))

    def made(self, block: str) -> str:
        from sitebuilder.assets.compressing import bundled  # noqa: PLC0415

        return bundled(current().pieces, block, self.kind, self.mode, self.name)


@register.simple_tag(takes_context=True)
def image(context: template.Context, name: str, **options: Any) -> SafeString:
    """A picture of static/, or with `./` before its name beside the page, in several sizes and formats."""
    from sitebuilder.assets.pictures import picture  # noqa: PLC0415

    pieces, name = current().pieces, str.__str__(str(name))
    source = context["page"].source if name.startswith("./") else ""
    asked = asked_image(name, {key: str.__str__(str(value)) for key, value in options.items()})
    return safe(pieces.piece((asked, source), lambda: picture(pieces, asked, source)))


def asked_image(name: str, options: dict[str, str]) -> "Asked":
    """The options of an `{% image %}` tag, checked."""
    from sitebuilder.assets.pictures import Asked  # noqa: PLC0415

    if "alt" not in options:
        raise wrong(f"the image {name} has no alt", right='alt="what it shows", or alt="" for decoration')
    alt, widths = options.pop("alt"), options.pop("widths", "")
    if not re.fullmatch(r"(\s*[1-9]\d{0,3})*\s*", widths):
        raise wrong(f"widths is {widths!r}", right='pixels, such as widths="400 800 1200"')
    known = {key: options.pop(key) for key in ("sizes", "loading") if key in options}
    if strange := sorted(options.keys() - set(IMAGE_ATTRIBUTES)):
        every = ("alt", "widths", "sizes", "loading", *IMAGE_ATTRIBUTES)
        right = meant(strange[0], every, ", ".join(every))
        raise wrong(f"{{% image %}} has no option {strange[0]}", right=right)
    return Asked(
        name, alt, tuple(map(int, widths.split())), attributes=tuple(sorted(options.items())), **known
    )


@register.simple_tag
def highlight_styles() -> SafeString:
    """The colours of code as CSS, for a `<style>` or a `{% compress css %}`; [highlight] names the styles."""
    read("settings")
    pieces = current().pieces
    return safe(pieces.piece("highlight_styles", lambda: code_styles(pieces.site)))


def code_styles(site: Site) -> str:
    from sitebuilder.code_styles import DARK, LIGHT, stylesheet  # noqa: PLC0415

    raw = site.table("highlight")
    return stylesheet(value(raw, "highlight.light", str, LIGHT), value(raw, "highlight.dark", str, DARK))


@register.tag
def placeholder(parser: Parser, token: Token) -> Node:
    """`{% placeholder 600x400 text="A map" bg="#eee" fg="#333" %}`: a stand-in for a picture to come."""
    words = token.split_contents()[1:]
    if not words:
        raise template.TemplateSyntaxError("{% placeholder %} has no size; expected one such as 600x400")
    options = token_kwargs(rest := words[1:], parser)
    if rest:
        raise template.TemplateSyntaxError(
            f"{{% {token.contents} %}}: {rest[0]} is no option; expected text=, alt=, bg=, fg= or class="
        )
    return PlaceholderNode(words[0].strip("\"'"), options)


class PlaceholderNode(Node):
    def __init__(self, size: str, options: dict[str, FilterExpression]) -> None:
        self.size, self.options = size, options

    def render(self, context: template.Context) -> SafeString:
        from sitebuilder.assets.standins import stand_in  # noqa: PLC0415

        options = {name: str.__str__(str(value.resolve(context))) for name, value in self.options.items()}
        return safe(stand_in(self.size, options))
