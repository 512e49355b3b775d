"""`explain`: tell what a page is made of, and why it would be built again."""

import argparse
import json
import sys
from typing import Any

from sitebuilder import manifest as remembered
from sitebuilder.building import Report, build
from sitebuilder.errors import wrong
from sitebuilder.guesses import meant
from sitebuilder.manifest import Made, Manifest
from sitebuilder.settings import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "page",
        metavar="PAGE",
        help="an address such as /posts/first/, or a file such as pages/posts/first.md",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for programs")


def run(site: Site, options: argparse.Namespace) -> int:
    manifest = remembered.load(site)
    path = next(
        (path for path, made in manifest.outputs.items() if matches(options.page, path, made.spec[1])), None
    )
    if path is None:
        raise wrong(f"no page {options.page} was built", right=right_for(options.page, site, manifest))
    report = build(site, dry_run=True)
    tell = as_json if options.json else in_words
    sys.stdout.write(tell(path, manifest.outputs[path], report))
    return 0


def in_words(path: str, made: Made, report: Report) -> str:
    lines = [f"/{path} is made of {made.spec[1] or made.spec[0]}. It read:"]
    lines += [f"  {name}".rstrip() for name in made.reads]
    lines += [f"It asked for {extra}." for extra in made.extras]
    reasons = report.reasons.get(path)
    if path in report.removed:
        lines.append("It would be removed: it is no longer part of the site.")
    else:
        lines.append(f"It would be built again: {'; '.join(reasons)}." if reasons else "It is up to date.")
    return "\n".join(lines) + "\n"


def as_json(path: str, made: Made, report: Report) -> str:
    kind, what, number = made.spec
    document: dict[str, Any] = {
        "path": path,
        "address": address_of(path),
        "kind": kind,
        "what": what,
        "number": number,
        "reads": [name.rstrip() for name in made.reads],
        "extras": made.extras,
        "reasons": report.reasons.get(path, []),
        "removed": path in report.removed,
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def right_for(asked: str, site: Site, manifest: Manifest) -> str:
    """What was meant, as far as one can tell."""
    if not manifest.outputs:
        return "a built site: run `python -m sitebuilder build` first"
    if (site.folder / asked).is_file():
        return "a page that was: run `python -m sitebuilder build` first, for a draft with --drafts"
    names = [*map(address_of, manifest.outputs), *(made.spec[1] for made in manifest.outputs.values())]
    return meant(asked, names, "an address of the built site, such as /")


def matches(asked: str, path: str, source: str) -> bool:
    return asked in (source, path, f"/{path}", address_of(path))


def address_of(path: str) -> str:
    return f"/{path.removesuffix('index.html')}"
