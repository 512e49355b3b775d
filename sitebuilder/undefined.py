"""Let a name that nothing defines be an error in a template, also where Django would go on without it.

`{% if %}`, `{% firstof %}` and `{% ifchanged %}` may ask for such a name; `|default` and `|default_if_none`
stand in for it.
"""

from collections.abc import Iterator
from typing import Any

from django.template import Context, Template
from django.template.base import FilterExpression, Node
from django.template.defaultfilters import default, default_if_none
from django.template.defaulttags import ForNode, RegroupNode

STAND_INS = (default, default_if_none)


class UndefinedVariable(Exception):
    """A template names what nothing defines."""


class Undefined(str):
    """What Django puts in the place of an undefined variable: here, an error (`string_if_invalid`)."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        raise UndefinedVariable(str(name))


class Defined(FilterExpression):
    """An expression whose name must be defined, whatever the tag says that asks."""

    __slots__ = ()

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        return super().resolve(context)


class WithStandIn(FilterExpression):
    """An expression such as `page.image|default:"none.png"`, whose name need not be defined."""

    __slots__ = ()

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        return super().resolve(context, ignore_failures=True)


def forbid_undefined(template: Template) -> None:
    """Make the expressions of a template strict: a parser makes those of Django's class only."""
    nodes = template.nodelist.get_nodes_by_type(Node)
    for node in nodes:
        if isinstance(node, ForNode):
            node.sequence.__class__ = Defined
        elif isinstance(node, RegroupNode):
            node.target.__class__ = Defined
    if "default" in template.source:  # most need not be looked through
        for expression in expressions_in([value for node in nodes for value in vars(node).values()]):
            if expression.filters and expression.filters[0][0] in STAND_INS:
                expression.__class__ = WithStandIn


def expressions_in(values: list[Any]) -> Iterator[FilterExpression]:
    for value in values:
        if isinstance(value, FilterExpression):
            yield value
        elif type(value) in (list, tuple):  # not the nodes inside of a node, which come by themselves
            yield from expressions_in(list(value))
        elif type(value) is dict:
            yield from expressions_in(list(value.values()))
