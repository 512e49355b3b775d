"""Load YAML, and tell where a date or a number stands that cannot be: PyYAML only says that it cannot."""

from collections.abc import Callable
from typing import Any

import yaml

A_DATE = "a date such as 2026-01-31 or 2026-01-31T12:00:00+01:00"
MOST_SHOWN = 60  # characters of a value
KINDS = {  # what a value is taken for, and what would be right
    "tag:yaml.org,2002:timestamp": ("date", A_DATE),
    "tag:yaml.org,2002:int": ("whole number", "a whole number, or a text in quotes"),
    "tag:yaml.org,2002:float": ("number", "a number, or a text in quotes"),
    "tag:yaml.org,2002:bool": ("truth", "true or false"),
}


class WrongValue(yaml.MarkedYAMLError):
    """A value that looks like one of a kind, and is none."""

    def __init__(self, node: yaml.ScalarNode, reason: str) -> None:
        kind, self.right = KINDS[node.tag]
        what = f"{node.value[:MOST_SHOWN]} is no {kind}"
        super().__init__(problem=f"{what} ({reason})" if reason else what, problem_mark=node.start_mark)


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader, in C where there is one."""


def load_yaml(text: str) -> Any:
    """What a text of YAML says; raises yaml.YAMLError where it is none."""
    return yaml.load(text, Loader=Loader)  # noqa: S506 - it is a safe one


def with_place(construct: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def constructed(loader: Any, node: Any) -> Any:
        try:
            return construct(loader, node)
        except (ValueError, OverflowError) as error:
            raise WrongValue(node, str(error)) from None
        except (AttributeError, KeyError):  # of a text that is marked as what it is not: `!!bool x`
            raise WrongValue(node, "") from None

    return constructed


for tag in KINDS:
    Loader.add_constructor(tag, with_place(yaml.SafeLoader.yaml_constructors[tag]))
