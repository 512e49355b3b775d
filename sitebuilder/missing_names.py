"""Say what a template asked for that is not there, and what it may have meant; loaded only when it did."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping

from django.template import Context, Engine, TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import VariableDoesNotExist

from sitebuilder.guesses import meant, nearest, perhaps
from sitebuilder.undefined import UndefinedVariable
from sitebuilder.views import Names

CONSTANTS = ("True", "False", "None")  # every context has them
NO_TAG = re.compile(r"Invalid block tag on line \d+: '([^']*)'(?:, expected (.*?))?\. Did you forget")
NO_FILTER = re.compile(r"Invalid filter: '(.*)'")
NO_LIBRARY = re.compile(r"'(.*)' is not a registered tag library")


def told(error: Exception, engine: Engine) -> tuple[str, str]:
    """What is wrong with a template, in a line, and what would be right."""
    if isinstance(error, TemplateDoesNotExist):
        right = meant(str(error), templates_of(engine), "a file in templates/, such as page.html")
        return f"there is no template {error}", right
    if isinstance(error, UndefinedVariable):
        return of_variable(str(error), error.__context__)
    if isinstance(error, VariableDoesNotExist):
        return of_variable(str(error.params[0]), error)
    if isinstance(error, TemplateSyntaxError):
        return of_syntax(str(error), engine)
    return f"{type(error).__name__}: {error}", ""  # whatever a filter or a tag of the site raises


def templates_of(engine: Engine) -> Iterator[str]:
    """The names of all templates."""
    for root in map(str, engine.dirs):
        for folder, _, names in os.walk(root):
            yield from (os.path.relpath(os.path.join(folder, name), root) for name in names)


def of_variable(name: str, error: BaseException | None) -> tuple[str, str]:
    """What is wrong with `page.titel`; Django notes on its error where it looked for which part of it."""
    what = f"{name} is not defined here"
    if isinstance(error, VariableDoesNotExist) and len(error.params) == 2:
        part, place = error.params
        before, after = around(name, str(part))
        likely = owners(str(part), place) or nearest(str(part), names_in(place))
        if guess := perhaps(f"{before}{each}{after}" for each in likely):
            return what, f"{guess}, or {{% if {name} %}} before it"
    return what, "a name that is, or {% if %} before it"


def around(name: str, part: str) -> tuple[str, str]:
    """What stands before and after a part of `page.data.dat`, with the dots."""
    parts = name.split(".")
    place = parts.index(part) if part in parts else 0
    return "".join(f"{each}." for each in parts[:place]), "".join(f".{each}" for each in parts[place + 1 :])


def owners(name: str, place: object) -> list[str]:
    """`page.title` for a bare `title`, where the page or the site has it."""
    known = place.flatten() if isinstance(place, Context) else {}
    return [f"{owner}.{name}" for owner in ("page", "site") if name in names_in(known.get(owner, ()))][:1]


def names_in(place: object) -> list[str]:
    """What a template can ask an object for."""
    known: Iterable[object] = dir(place)
    if isinstance(place, Context):
        known = place.flatten()
    elif isinstance(place, (Mapping, Names)):
        known = iter(place)
    return [name for name in map(str, known) if not name.startswith("_") and name not in CONSTANTS]


def of_syntax(said: str, engine: Engine) -> tuple[str, str]:
    """What is wrong with the markup of a template, as Django says it or, of a missing name, as we do."""
    if found := NO_TAG.match(said):
        return f"{{% {found[1]} %}} is no tag here", right_tag(found[1], found[2] or "", engine)
    if found := NO_FILTER.match(said):
        filters = {name for library in engine.template_builtins for name in library.filters}
        right = loading(found[1], engine, "filters") or meant(found[1], filters)
        return f"there is no filter {found[1]}", right
    if found := NO_LIBRARY.match(said):
        known = ", ".join(engine.libraries)
        return f"there is no library {found[1]} to load", meant(found[1], engine.libraries, f"one of {known}")
    return said.partition("\n")[0], ""


def right_tag(name: str, ends: str, engine: Engine) -> str:
    """What to write for a tag that there is not; `ends` tells those that would end what is open."""
    tags = {each for library in engine.template_builtins for each in library.tags}
    opening = name.removeprefix("end")
    if opening != name and opening in tags:
        return ends or f"{{% {opening} %}} before it"
    closing = set(re.findall(r"'([^']*)'", ends))
    guess = perhaps(f"{{% {each} %}}" for each in nearest(name, tags | closing))
    return loading(name, engine, "tags") or guess or ends


def loading(name: str, engine: Engine, kind: str) -> str:
    """How to load the library that has a tag or a filter of this name, if one has."""
    for library, contents in engine.template_libraries.items():
        if name in getattr(contents, kind):
            return f"{{% load {library} %}} before it"
    return ""
