"""The command `rollback`: make an earlier release live again, or a later one."""

import argparse

from sitebuilder.publishing.publishing import Outcome, roll_back
from sitebuilder.publishing.stages import Stage, find_stage
from sitebuilder.publishing.targets import open_target
from sitebuilder.publishing.telling import (
    WHERE,
    add_json,
    exit_code,
    outcome_json,
    print_json,
    print_line,
    summary,
)
from sitebuilder.settings import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "release",
        nargs="?",
        metavar="RELEASE",
        help="its id, as `releases` lists it, or how that begins or ends (default: the one before)",
    )
    parser.add_argument("--stage", metavar="STAGE", help=WHERE)
    add_json(parser)


def run(site: Site, options: argparse.Namespace) -> int:
    return exit_code(lambda: work(site, options), as_json=options.json)


def work(site: Site, options: argparse.Namespace) -> None:
    name, release = named(site, options)
    stage = find_stage(site, name)
    outcome = roll_back(open_target(site, stage), release)
    if options.json:
        print_json({"stage": stage.name, **outcome_json(outcome)})
    else:
        tell(stage, outcome)


def named(site: Site, options: argparse.Namespace) -> tuple[str | None, str | None]:
    """The stage and the release; a single word that is a stage's name means it, as for `publish`."""
    if options.stage is None and options.release in site.table("stage"):
        return options.release, None
    return options.stage, options.release


def tell(stage: Stage, outcome: Outcome) -> None:
    if not outcome.switched:
        print_line(f"{stage.name} shows release {outcome.release.id} already.")
        return
    print_line(f"{stage.name} is now at release {outcome.release.id}: {summary(outcome.changes)}.")
    if outcome.was:
        print_line(f"To undo: python -m sitebuilder rollback {outcome.was} --stage {stage.name}")
