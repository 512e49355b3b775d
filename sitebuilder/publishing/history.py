"""The command `releases`: list what was published, by whom, when, from which commit, and what is live."""

import argparse

from sitebuilder.publishing.publishing import told_plainly
from sitebuilder.publishing.stages import Stage, find_stage
from sitebuilder.publishing.targets import Target, open_target
from sitebuilder.publishing.telling import (
    add_json,
    add_stage,
    exit_code,
    print_json,
    print_line,
    release_json,
    release_line,
    switch_line,
)
from sitebuilder.settings import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_stage(parser)
    parser.add_argument(
        "--log",
        action="store_true",
        help="list every switch from one release to another, rollbacks too, the oldest first",
    )
    add_json(parser)


def run(site: Site, options: argparse.Namespace) -> int:
    return exit_code(lambda: work(site, options), as_json=options.json)


def work(site: Site, options: argparse.Namespace) -> None:
    stage = find_stage(site, options.stage)
    target = open_target(site, stage)
    with told_plainly(target.where):
        if options.json:
            tell_programs(stage, target)
        elif options.log:
            tell_switches(target)
        else:
            tell_people(stage, target)


def tell_programs(stage: Stage, target: Target) -> None:
    live = target.live()
    releases = [release_json(release, live) for release in target.releases()]
    switches = [switch.to_json() for switch in target.log()]
    print_json({"stage": stage.name, "live": live, "releases": releases, "switches": switches})


def tell_switches(target: Target) -> None:
    for switch in target.log():
        print_line(switch_line(switch))


def tell_people(stage: Stage, target: Target) -> None:
    live, releases = target.live(), target.releases()
    if not releases:
        print_line(f"Nothing was published to {stage.name} ({target.where}) yet.")
    for release in releases:
        print_line(release_line(release, live))
