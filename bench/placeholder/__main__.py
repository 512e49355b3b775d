"""Measure the placeholder service beside its peers, all in one run."""

import argparse

from bench.placeholder import inside, scenarios
from bench.placeholder.loading import CONNECTIONS
from bench.placeholder.preparing import prepare
from bench.report import print_heading, print_targets
from bench.time_limit import give_up_after


def main() -> None:
    asked = _parser().parse_args()
    give_up_after(asked.minutes, fewer="--rounds or --seconds")
    programs = prepare()
    print_heading(
        "Placeholder pictures",
        f"{CONNECTIONS} kept-alive connections; a CPU second is one of all the server's processes together",
    )
    targets = scenarios.measure(programs, rounds=asked.rounds, seconds=asked.seconds)
    targets += inside.draw(programs)
    inside.explain()
    print_targets(targets)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/bench placeholder", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2, help="of each scenario; medians are printed (2)")
    parser.add_argument(
        "--seconds", type=int, default=3, help="that each server is asked for, a scenario (3)"
    )
    parser.add_argument("--minutes", type=int, default=5, help="then the run is given up (5)")
    return parser


if __name__ == "__main__":
    main()
