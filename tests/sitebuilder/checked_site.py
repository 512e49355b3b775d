"""A small site, already built, for the check to look at."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sitebuilder.checking import check
from sitebuilder.errors import Problem
from sitebuilder.settings import Site

URL = "https://example.org"


def page(
    body: str = "", *, head: str = "", title: str = "<title>A page</title>", lang: str = ' lang="en"'
) -> str:
    """Return a page with nothing wrong but what `body` and `head` bring."""
    whole_head = f'<head><meta charset="utf-8">{title}{head}</head>'
    return f"<!doctype html>\n<html{lang}>{whole_head}\n<body>\n{body}\n</body></html>\n"


def built(folder: Path, files: Mapping[str, str | bytes], *, url: str = URL, **table: Any) -> Site:
    """Write `files` below `folder`; those of `out/` are what was built. `table` is [check] of site.toml."""
    for name, content in {"out/index.html": page(), **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Site(
        folder=folder,
        name="Example",
        url=url,
        language="en",
        output=folder / "out",
        state=folder / ".sitebuilder",
        addresses="folder",
        raw={"check": table},
    )


def found(folder: Path, files: Mapping[str, str | bytes], **options: Any) -> list[str]:
    """Return the problems of a built site as people read them."""
    return [str(problem) for problem in problems(folder, files, **options)]


def problems(folder: Path, files: Mapping[str, str | bytes], **options: Any) -> list[Problem]:
    """Return the problems of a built site."""
    return check(built(folder, files, **options))
