"""The command `diff`: say how what was built differs from what is live."""

import argparse

from sitebuilder.comparing import tell_if_outdated
from sitebuilder.publishing.publishing import difference
from sitebuilder.publishing.stages import find_stage
from sitebuilder.publishing.targets import open_target
from sitebuilder.publishing.telling import (
    add_json,
    add_stage,
    change_lines,
    exit_code,
    print_json,
    print_line,
    summary,
)
from sitebuilder.settings import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_stage(parser)
    add_json(parser)


def run(site: Site, options: argparse.Namespace) -> int:
    return exit_code(lambda: work(site, options), as_json=options.json)


def work(site: Site, options: argparse.Namespace) -> None:
    stage = find_stage(site, options.stage)
    tell_if_outdated(site)
    changes = difference(site, open_target(site, stage))
    if options.json:
        print_json({"stage": stage.name, "changes": changes.to_json()})
        return
    print_line(f"Against {stage.name}: {summary(changes)}.")
    for line in change_lines(changes):
        print_line(line)
