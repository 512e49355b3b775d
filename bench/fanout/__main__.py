"""Measure the hub's fan-out beside its peers', all in one run."""

import argparse
import resource
import sys

from bench.fanout import memory, scenarios
from bench.fanout.preparing import prepare
from bench.fanout.scenarios import Asked
from bench.fanout.servers import PEERS
from bench.report import print_heading, print_targets
from bench.time_limit import give_up_after

SCENARIOS = {
    "crowd": scenarios.crowd,
    "many": scenarios.many,
    "boards": scenarios.boards,
    "redis": scenarios.redis,
    "growth": memory.growth,
    "stuck": memory.stuck,
}
KINDS = {kind.__name__.lower(): kind for kind in PEERS}
FILES = memory.SIZES[-1] + 200  # descriptors a server needs


def main() -> None:
    asked = _parser().parse_args()
    _allow_files()
    give_up_after(asked.minutes, fewer="with --scenarios or --peers")
    programs = prepare()
    names = ", ".join(asked.scenarios)
    print_heading("Fan-out", f"{names}; a CPU second is one of all the server's processes together")
    run = Asked(programs, tuple(KINDS[name] for name in asked.peers), asked.rounds)
    targets = [target for name in asked.scenarios for target in SCENARIOS[name](run)]
    print_targets(targets)


def _parser() -> argparse.ArgumentParser:
    scenes = "\n".join(f"  {name:<14}{scene.__doc__}" for name, scene in SCENARIOS.items())
    peers = "\n".join(f"  {name:<14}{kind.__doc__}" for name, kind in KINDS.items())
    parser = argparse.ArgumentParser(
        prog="script/bench fanout",
        description=__doc__,
        epilog=f"scenarios:\n{scenes}\n\npeers:\n{peers}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--scenarios", nargs="+", choices=SCENARIOS, default=list(SCENARIOS), metavar="NAME")
    parser.add_argument("--peers", nargs="+", choices=KINDS, default=list(KINDS), metavar="NAME")
    parser.add_argument("--rounds", type=int, default=3, help="of each scenario; medians are printed (3)")
    parser.add_argument("--minutes", type=int, default=12, help="then the run is given up (12)")
    return parser


def _allow_files() -> None:
    """Raise the limit on open files, for all that is started here too."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < FILES:
        sys.exit(f"A process may open {most} files here; {FILES} are needed: see `ulimit -Hn`")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    main()
