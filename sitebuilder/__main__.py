"""Run a command: `python -m sitebuilder build`; `--help` lists them all."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from sitebuilder.errors import SiteError
from sitebuilder.settings import read_site

COMMANDS = {  # the module that holds each command, loaded when it is asked for
    "build": ("sitebuilder.commands.build", "bring the built site up to date"),
    "explain": (
        "sitebuilder.commands.explain",
        "tell what a page is made of, and why it would be built again",
    ),
    "check": (
        "sitebuilder.checking",
        "look for broken links, missing pictures and other faults in the built site",
    ),
    "publish": ("sitebuilder.commands.publish", "build and check the site, and make it live at a stage"),
    "diff": ("sitebuilder.publishing.diff", "compare the built site with what is live at a stage"),
    "releases": ("sitebuilder.publishing.history", "list what was published to a stage"),
    "rollback": ("sitebuilder.publishing.rollback", "make an earlier release live again"),
}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sitebuilder", description="Build, check and publish a site."
    )
    parser.add_argument(
        "--site", type=Path, default=Path(), metavar="FOLDER", help="the site's folder (here)"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked = next((word for word in words if word in COMMANDS), "")
    for name, (module, purpose) in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        if name == asked:  # the others need not be loaded to be listed
            import_module(module).add_arguments(command)
    options = parser.parse_args(words)
    try:
        site = read_site(options.site)
        return int(import_module(COMMANDS[options.command][0]).run(site, options))
    except SiteError as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
