"""The command `publish`: make what was built live at a stage."""

import argparse

from sitebuilder.publishing.publishing import Checks, Outcome, difference, nothing_to_check, publish, refuse
from sitebuilder.publishing.stages import Stage, find_stage
from sitebuilder.publishing.targets import Target, open_target
from sitebuilder.publishing.telling import (
    add_json,
    add_stage,
    change_lines,
    exit_code,
    outcome_json,
    print_json,
    print_line,
    summary,
)
from sitebuilder.settings import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_stage(parser)
    parser.add_argument("--dry-run", action="store_true", help="publish nothing; show what would change")
    add_json(parser)


def run(site: Site, options: argparse.Namespace, *, checks: Checks = nothing_to_check) -> int:
    """Publish, unless `checks` finds a problem; there is no way round them."""
    return exit_code(lambda: work(site, options, checks), as_json=options.json)


def work(site: Site, options: argparse.Namespace, checks: Checks) -> None:
    stage = find_stage(site, options.stage)
    target = open_target(site, stage)
    if options.dry_run:
        rehearse(site, stage, target, options, checks)
        return
    outcome = publish(site, target, checks=checks)
    if options.json:
        print_json({"stage": stage.name, **outcome_json(outcome)})
    else:
        tell(stage, target, outcome)


def rehearse(site: Site, stage: Stage, target: Target, options: argparse.Namespace, checks: Checks) -> None:
    """Do all of a publish that changes nothing."""
    changes = difference(site, target)
    refuse(checks(site))
    if options.json:
        print_json({"stage": stage.name, "changes": changes.to_json()})
        return
    print_line(f"Would change at {stage.name} ({target.where}): {summary(changes)}.")
    print_line("\n".join(change_lines(changes)) or "What was built is live already.")


def tell(stage: Stage, target: Target, outcome: Outcome) -> None:
    if not outcome.switched:
        print_line(f"{stage.name} shows what was built already: release {outcome.release.id}.")
    else:
        print_line(f"{stage.name} is now at release {outcome.release.id} ({target.where}).")
        print_line(f"{summary(outcome.changes)}:")
        print_line("\n".join(change_lines(outcome.changes)))
        if outcome.was:
            print_line(f"To go back: python -m sitebuilder rollback {outcome.was} --stage {stage.name}")
    if outcome.left:
        print_line(f"Old releases could not be removed: {outcome.left}")
