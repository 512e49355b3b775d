"""The views of a Django project that are part of its site, as the project's apps register them."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sitebuilder.errors import wrong


class Registered(NamedTuple):
    """A view by the name of its address, and what its addresses are made with."""

    name: str  # as `reverse` takes it: catalog:product-detail
    parameters: Callable[[], Iterable[Any]] | None
    key: Callable[..., object] | str | None
    file: str  # where it was registered
    line: int


registered: dict[str, Registered] = {}
projects: list[str] = []  # the settings of the one whose site is built, while it is


def register(
    name: str,
    parameters: Callable[[], Iterable[Any]] | None = None,
    *,
    key: Callable[..., object] | str | None = None,
) -> None:
    """Make a view part of the site, at the address of this name.

    `parameters` gives what each of its addresses is made with: a mapping, a tuple, or a single value; an
    empty list is no address. Without it, the address has no parameters.

    A page is rendered with every build, unless `key` tells that it would be as it was: a function that is
    called with the parameters of the address, or the name of a value that `parameters` gives beside them.

    Raises SiteError where the name was registered elsewhere before.
    """
    caller = sys._getframe(1)
    entry = Registered(name, parameters, key, shown(caller.f_code.co_filename), caller.f_lineno)
    other = registered.get(name, entry)
    if (other.file, other.line) != (entry.file, entry.line):
        what = f"the view {name} is registered by {other.file}:{other.line} too"
        raise wrong(what, entry.file, entry.line, "each view once")
    registered[name] = entry


def shown(file: str) -> str:
    """A file as one finds it from here."""
    here = os.getcwd() + os.sep
    return file.removeprefix(here)


def is_in_project() -> bool:
    return bool(projects)
