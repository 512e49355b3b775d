"""Measure the placeholder service beside its peers, all in one run."""

import argparse
import signal
from types import FrameType

from bench.placeholder import inside, scenarios
from bench.placeholder.loading import CONNECTIONS
from bench.placeholder.preparing import prepare
from bench.report import print_heading, print_targets


def main() -> None:
    asked = _parser().parse_args()
    _end_after(asked.minutes)
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


def _end_after(minutes: int) -> None:
    """Give up after a while, by an exception, so that everything is ended on the way out."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"not done within {minutes} minutes; choose fewer --rounds or --seconds")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(60 * minutes)


if __name__ == "__main__":
    main()
