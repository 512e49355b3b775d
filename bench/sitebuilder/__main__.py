"""Measure the site builder beside other generators of static sites, all in one run."""

import argparse
import shutil
import tempfile
from pathlib import Path

from bench.report import print_heading, print_targets
from bench.sitebuilder.generators import PEERS
from bench.sitebuilder.preparing import PLACE, prepare
from bench.sitebuilder.scenarios import Asked, measure
from bench.time_limit import give_up_after


def main() -> None:
    asked = _parser().parse_args()
    give_up_after(asked.minutes, fewer="--sizes, --peers or --rounds")
    programs = prepare()
    place = Path(tempfile.mkdtemp(prefix="sites-", dir=asked.place or PLACE))
    kinds = [kind for kind in PEERS if asked.peers is None or kind.templates in asked.peers]
    print_heading(
        "Static sites",
        "Posts of 3 KB with code and tables, 20 tags, lists in pages of 20, feed, sitemap",
    )
    try:
        targets = measure(Asked(programs, place, asked.sizes, kinds, asked.rounds, not asked.no_serve))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print_targets(targets)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/bench sitebuilder", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[100, 1_000, 10_000], help="posts (100 1000 10000)"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="of each size below 5,000; medians are printed (3)"
    )
    parser.add_argument(
        "--peers", nargs="*", choices=[kind.templates for kind in PEERS], help="beside ours (all)"
    )
    parser.add_argument("--no-serve", action="store_true", help="leave the resident preview out")
    parser.add_argument("--place", type=Path, help="where the sites are written (var/bench/sitebuilder)")
    parser.add_argument("--minutes", type=int, default=15, help="then the run is given up (15)")
    return parser


if __name__ == "__main__":
    main()
