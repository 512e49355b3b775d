"""Find what is broken in a built site, and say where in its sources."""

import json
import sys
from argparse import ArgumentParser, Namespace

from sitebuilder.checking.inspecting import check
from sitebuilder.checking.reporting import as_json, as_text
from sitebuilder.settings import Site

__all__ = ["SOURCES", "add_arguments", "check", "run"]

SOURCES = "sources.json"  # the build may leave it in the site's state: {"a/index.html": "pages/a.md"}


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command `check` takes."""
    parser.add_argument("--external", action="store_true", help="ask other sites for the pages linked there")
    parser.add_argument("--json", action="store_true", help="print a list for programs")


def run(site: Site, options: Namespace) -> int:
    """Print what is wrong with the built site; 1 if anything is."""
    problems = check(site, sources=_sources(site), external=options.external)
    sys.stdout.write(as_json(problems) if options.json else as_text(problems))
    return 1 if problems else 0


def _sources(site: Site) -> dict[str, str]:
    try:
        sources = json.loads((site.state / SOURCES).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return sources if isinstance(sources, dict) else {}
