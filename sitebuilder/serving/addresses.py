"""Find the output that an address asks for, as a plain web server would."""

from collections.abc import Container
from urllib.parse import quote, unquote

INDEX = "index.html"


def output_at(address: str, outputs: Container[str]) -> str | None:
    """The path of the output at an address; nothing but an output can be had."""
    path = unquote(address).removeprefix("/")
    if not path or path.endswith("/"):
        path += INDEX
    return path if path in outputs else None


def folder_at(address: str, outputs: Container[str]) -> str | None:
    """The address with a slash at its end, where that leads to a page."""
    path = unquote(address).removeprefix("/")
    return f"/{quote(path)}/" if path and f"{path}/{INDEX}" in outputs else None
