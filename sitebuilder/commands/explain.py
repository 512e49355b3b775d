"""`explain`: tell what a page is made of, and why it would be built again."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from sitebuilder import manifest as remembered
from sitebuilder import reads as reading
from sitebuilder.building import Report, build, now
from sitebuilder.errors import SiteError, wrong
from sitebuilder.guesses import meant
from sitebuilder.library import Library
from sitebuilder.linking import why_it_waits
from sitebuilder.manifest import Made, Manifest
from sitebuilder.page_reading import is_page, read_page
from sitebuilder.settings import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "page",
        metavar="PAGE",
        help="an address such as /posts/first/, or a file such as pages/posts/first.md or out/feed.xml",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for programs")


def run(site: Site, options: argparse.Namespace) -> int:
    manifest = remembered.load(site)
    asked = names_of(options.page, site)
    path = next((path for path, made in manifest.outputs.items() if matches(asked, path, made.spec[1])), None)
    if path is None:
        raise not_built(options.page, asked, site, manifest)
    report = build(site, dry_run=True)
    tell = as_json if options.json else in_words
    sys.stdout.write(tell(path, manifest.outputs[path], report))
    return 0


def in_words(path: str, made: Made, report: Report) -> str:
    lines = [f"/{path} {maker(*made.spec)}. It read:"]
    lines += [f"  {reading.in_words(name)}" for name in made.reads]
    lines += [f"It asked for {extra}." for extra in made.extras]
    reasons = report.reasons.get(path)
    if path in report.removed:
        lines.append("It would be removed: it is no longer part of the site.")
    else:
        lines.append(f"It would be built again: {'; '.join(reasons)}." if reasons else "It is up to date.")
    return "\n".join(lines) + "\n"


def maker(kind: str, what: str, number: int) -> str:
    """What makes an output, as the rest of a sentence."""
    of, _, language = what.partition("@")
    within = f" in {language}" if language else ""
    page = f", as page {number} of its list" if number > 1 else ""
    words = {
        "copy": f"is a copy of {what}",
        "alias": f"leads to {what}",
        "tag": f"lists the pages of the tag {of}{within}{page}",
        "tags": f"lists the tags{within}",
        "atom": f"is a feed of {f'section {of}' if of else 'the site'}{within}",
        "json": f"is a feed of {f'section {of}' if of else 'the site'}{within}",
        "search": f"is the search index{within}",
    }
    return words.get(kind, f"is made of {what or kind}{page}")


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


def names_of(asked: str, site: Site) -> set[str]:
    """What a page may be asked for by: as it is, and by its file in the site or in the output."""
    files = {Path(os.path.normpath(start / asked)) for start in (site.folder, Path.cwd())}
    files |= {file.resolve() for file in files}
    roots = (site.folder, site.output)
    return {asked} | {
        file.relative_to(root).as_posix() for file in files for root in roots if file.is_relative_to(root)
    }


def matches(asked: set[str], path: str, source: str) -> bool:
    return not asked.isdisjoint((source, path, f"/{path}", address_of(path)))


def not_built(page: str, asked: set[str], site: Site, manifest: Manifest) -> SiteError:
    """Why there is no such page, and what was meant, as far as one can tell."""
    what = f"no page {page} was built"
    if not manifest.outputs:
        return wrong(what, right="a built site: run `python -m sitebuilder build` first")
    files = [name for name in asked if (site.folder / name).is_file()]
    for file in filter(is_page, files):
        if waits := why_it_waits(Library(site, [read_page(site, file)], now()), file):
            return wrong(f"{file} {waits}", right="a page that is published, or `build --drafts` before")
    if files:
        return wrong(what, right="a page that was: run `python -m sitebuilder build` first")
    names = [*map(address_of, manifest.outputs), *(made.spec[1] for made in manifest.outputs.values())]
    return wrong(what, right=meant(page, names, "an address of the built site, such as /"))


def address_of(path: str) -> str:
    return f"/{path.removesuffix('index.html')}"
