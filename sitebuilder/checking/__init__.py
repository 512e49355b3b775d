"""Find what is broken in a built site, and say where in its sources."""

import sys
from argparse import ArgumentParser, Namespace

from sitebuilder import manifest as remembered
from sitebuilder.checking.inspecting import check
from sitebuilder.checking.reporting import as_text
from sitebuilder.comparing import tell_if_outdated
from sitebuilder.errors import Problem
from sitebuilder.failing import print_problems
from sitebuilder.settings import Site

__all__ = ["add_arguments", "check", "check_built", "run"]


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command `check` takes."""
    parser.add_argument(
        "--external", action="store_true", help="also ask other sites whether the pages linked there answer"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for programs")


def run(site: Site, options: Namespace) -> int:
    """Print what is wrong with the built site; 1 if anything is."""
    tell_if_outdated(site)
    problems = check_built(site, external=options.external)
    if options.json:
        print_problems(problems)
    else:
        sys.stdout.write(as_text(problems))
    return 1 if problems else 0


def check_built(site: Site, *, external: bool = False) -> list[Problem]:
    """Check what was built, with the source of each file as the build remembers it."""
    outputs = remembered.load(site).outputs
    return check(site, sources={path: made.spec[1] for path, made in outputs.items()}, external=external)
