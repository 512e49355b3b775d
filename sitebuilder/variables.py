"""Show a template's variables as Django shows them, in a third of its time: a list is hardly anything else.

What is simple is looked up here; whatever is not, or fails, Django itself shows or tells of.
"""

from collections.abc import Callable
from html import escape
from typing import Any, cast

from django.template import Context, Template
from django.template.base import FilterExpression, Variable, VariableNode, render_value_in_context
from django.utils.safestring import SafeString

LOOKUP_ERRORS = (TypeError, AttributeError, KeyError, ValueError, IndexError)  # after which Django goes on
FLAGS = ("expects_localtime", "needs_autoescape", "is_safe")  # of filters that want more than a value


def hasten(template: Template) -> None:
    """Let the simple variables of a template be shown by us: a parser makes nodes of Django's class only."""
    for node in template.nodelist.get_nodes_by_type(VariableNode):
        if isinstance(node, VariableNode) and is_simple(node.filter_expression):
            node.__class__ = SimpleVariableNode
            cast(SimpleVariableNode, node).prepare()


def is_simple(expression: FilterExpression) -> bool:
    """Whether an expression is a name and what hangs on it, and filters that take a value and constants."""
    variable = expression.var
    return (
        isinstance(variable, Variable)
        and variable.lookups is not None
        and not variable.translate
        and not any(getattr(function, flag, False) for function, _ in expression.filters for flag in FLAGS)
        and not any(is_variable for _, given in expression.filters for is_variable, _ in given)
    )


class SimpleVariableNode(VariableNode):
    """`{{ entry.url }}` or `{{ entry.date|date:"Y" }}`."""

    name: str  # entry
    path: tuple[str, ...]  # url
    filters: list[tuple[Callable[..., Any], tuple[Any, ...]]]  # each with the constants that it takes

    def prepare(self) -> None:
        self.name, *path = self.filter_expression.var.lookups
        self.path = tuple(path)
        self.filters = [
            (function, tuple(constant for _, constant in given))
            for function, given in self.filter_expression.filters
        ]

    def render_annotated(self, context: Context) -> str:
        try:
            value = self.value(context)
            if type(value) is SafeString:
                return value
            if type(value) is str and context.autoescape:
                return escape(value)
            return render_value_in_context(value, context)
        except Exception:  # noqa: BLE001 - Django fails in the same way, and tells more of it
            return str(super().render_annotated(context))

    def value(self, context: Context) -> Any:
        """What is to be shown; raises whatever stands in the way, also what may have to be called."""
        value = context[self.name]
        for part in self.path:
            if callable(value):
                break
            value = member(value, part)
        if callable(value):
            raise TypeError("Django decides whether it is called")
        for function, constants in self.filters:
            value = function(value, *constants)
        return value


def member(value: Any, name: str) -> Any:
    """The item or the attribute of this name: an item first, as in all of Django's templates."""
    if hasattr(type(value), "__getitem__"):
        try:
            return value[name]
        except LOOKUP_ERRORS:
            pass
    return getattr(value, name)
