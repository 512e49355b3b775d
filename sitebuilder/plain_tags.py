"""What templates of a site without a Django project are told when they ask for a view."""

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import url as url_of_django

from sitebuilder.errors import wrong

register = template.Library()


class UrlOfNoView(template.Node):
    """`{% url %}`, which is an error only where it is reached."""

    def render(self, context: template.Context) -> str:
        right = "{% link %} with a page's file, or a site of a project that is built by manage.py"
        raise wrong("{% url %} gives the address of a view, which needs a Django project", right=right)


@register.tag
def url(parser: Parser, token: Token) -> UrlOfNoView:
    url_of_django(parser, token)  # which tells of words that it cannot take
    return UrlOfNoView()
