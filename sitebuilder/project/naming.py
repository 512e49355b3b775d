"""Find out what a project names its addresses, to say what would have been right."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver

from sitebuilder.guesses import meant


def right_name(name: str) -> str:
    """The registered name most like one that there is not."""
    names = sorted(set(names_of(get_resolver())))
    some = (
        f"a name of the project's urls, such as {', '.join(names[:5])}" if names else "urls that have names"
    )
    return meant(name, names, some, most=3, alike=0.5)


def right_parameters(name: str) -> str:
    """What the addresses of a name are made with; nothing, if there is no such name."""
    resolver: URLResolver = get_resolver()
    *namespaces, last = name.split(":")
    for namespace in namespaces:
        namespace = next(iter(resolver.app_dict.get(namespace, [])), namespace)  # noqa: PLW2901 - the app's usual one
        if namespace not in resolver.namespace_dict:
            return ""
        resolver = resolver.namespace_dict[namespace][1]
    found = [taken(bits) for bits, *_ in resolver.reverse_dict.getlist(last)]
    return " or ".join(dict.fromkeys(found))


def taken(bits: Any) -> str:
    return ", ".join(name for _, names in bits[:1] for name in names) or "no parameters"


def names_of(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for name in resolver.reverse_dict:
        if isinstance(name, str):
            yield f"{before}{name}"
    for namespace, (_, inner) in resolver.namespace_dict.items():
        yield from names_of(inner, f"{before}{namespace}:")
