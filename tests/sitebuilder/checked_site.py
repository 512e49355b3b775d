"""A small site, already built, for the check to look at."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sitebuilder.checking import check
from sitebuilder.errors import Problem
from sitebuilder.settings import Site, read_site

URL = "https://example.org"


def page(
    body: str = "", *, head: str = "", title: str = "<title>A page</title>", lang: str = ' lang="en"'
) -> str:
    """Return a page with nothing wrong but what `body` and `head` bring."""
    whole_head = f'<head><meta charset="utf-8">{title}{head}</head>'
    return f"<!doctype html>\n<html{lang}>{whole_head}\n<body>\n{body}\n</body></html>\n"


def built(folder: Path, files: Mapping[str, str | bytes], *, url: str = URL, **table: Any) -> Site:
    """Write `files` below `folder`; those of `out/` are what was built. `table` is [check] of site.toml."""
    settings = "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
    toml = f'[site]\nname = "Example"\nurl = "{url}"\n[check]\n{settings}'
    for name, content in {"site.toml": toml, "out/index.html": page(), **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_site(folder)


def found(folder: Path, files: Mapping[str, str | bytes], **options: Any) -> list[str]:
    """Return the problems of a built site as people read them."""
    return [str(problem) for problem in problems(folder, files, **options)]


def problems(folder: Path, files: Mapping[str, str | bytes], **options: Any) -> list[Problem]:
    """Return the problems of a built site."""
    return check(built(folder, files, **options))
