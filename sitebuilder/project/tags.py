"""What `{% url %}` gives in the pages of a site that belongs to a project; that it was read is noted."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import url as url_of_django
from django.urls import NoReverseMatch

from sitebuilder.project.naming import right_name, right_parameters
from sitebuilder.reads import read

register = template.Library()


class RecordedUrl(template.Node):
    """The address of a view."""

    def __init__(self, node: Any) -> None:
        self.node = node

    def render(self, context: template.Context) -> str:
        read("project")
        try:
            return str(self.node.render(context))
        except NoReverseMatch as error:
            name = str(self.node.view_name.resolve(context))
            takes = right_parameters(name)
            right = f"what {name} takes: {takes}" if takes else right_name(name)
            first = str(error).partition(". ")[0]
            raise template.TemplateSyntaxError(f"{first}; expected {right}") from error


@register.tag
def url(parser: Parser, token: Token) -> RecordedUrl:
    return RecordedUrl(url_of_django(parser, token))
