"""The commands, and what each takes."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from sitebuilder.errors import SiteError
from sitebuilder.failing import tell_problems
from sitebuilder.guesses import meant
from sitebuilder.settings import read_site
from sitebuilder.unchanged import Look

COMMANDS = {  # the module that holds each command, loaded when it is asked for
    "new": ("sitebuilder.commands.new", "make a site to start from"),
    "build": ("sitebuilder.commands.build", "bring the built site up to date"),
    "serve": ("sitebuilder.commands.serve", "show the site in a browser while it is written"),
    "explain": (
        "sitebuilder.commands.explain",
        "tell what a page of the built site is made of, and why it would be built again",
    ),
    "check": (
        "sitebuilder.checking",
        "look for broken links, missing pictures and other faults in the built site",
    ),
    "publish": ("sitebuilder.commands.publish", "build and check the site, and make it live at a stage"),
    "diff": ("sitebuilder.publishing.diff", "compare the built site with what is live at a stage"),
    "releases": ("sitebuilder.publishing.history", "list what was published to a stage, and what is live"),
    "rollback": ("sitebuilder.publishing.rollback", "make an earlier release live again"),
}


WITHOUT_SITE = {"new"}


def run(words: list[str], look: Look | None = None) -> int:
    """Run a command, which may go on from a first look; what is wrong is told."""
    options = parsed(words or ["--help"])
    options.look = look
    command = import_module(COMMANDS[options.command][0])
    try:
        if options.command in WITHOUT_SITE:
            return int(command.run(options))
        return int(command.run(read_site(options.site), options))
    except SiteError as error:
        tell_problems(error.problems, as_json=getattr(options, "json", False))
        return 1


def parsed(words: list[str]) -> argparse.Namespace:
    """What the words ask for; ends with 2, the usage and what was meant where they ask for nothing known."""
    asked = asked_for(words)
    parser, commands = parsers(asked)
    if asked and asked not in COMMANDS:
        right = meant(asked, COMMANDS, f"expected one of {', '.join(COMMANDS)}")
        parser.error(f"there is no command {asked}; {right}")
    options, strangers = parser.parse_known_args(words)
    if strangers:
        command = commands[options.command]
        known = [name for action in command._actions for name in action.option_strings]
        right = meant(strangers[0].partition("=")[0], known) if strangers[0].startswith("-") else ""
        command.error(f"unrecognized arguments: {' '.join(strangers)}{f'; {right}' if right else ''}")
    return options


def parsers(asked: str) -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """A parser of all commands, and those of each, of which the one that is asked for knows its options."""
    parser = argparse.ArgumentParser(
        prog="python -m sitebuilder",
        description="Make a site of a folder of pages: write, build, check and publish it.",
        epilog="`python -m sitebuilder new my-site` makes one; COMMAND --help tells more of a command.",
    )
    parser.add_argument("--version", action=Version, nargs=0, help="print the version, and exit")
    add_site(parser, Path())
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, purpose) in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        if name == asked:  # the others need not be loaded to be listed
            import_module(module).add_arguments(command)
        if name not in WITHOUT_SITE:
            add_site(command, argparse.SUPPRESS)
    return parser, commands.choices


class Version(argparse.Action):
    """`--version`, which other commands need not know."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from sitebuilder.versions import in_words  # noqa: PLC0415

        sys.stdout.write(f"{in_words()}\n")
        parser.exit()


def add_site(parser: argparse.ArgumentParser, default: object) -> None:
    """Take the site before the command and after it; only the one before has a default."""
    parser.add_argument(
        "--site",
        type=Path,
        default=default,
        metavar="FOLDER",
        help="the folder of the site, which holds site.toml (default: the one that you are in)",
    )


def asked_for(words: list[str]) -> str:
    """The first word that is no option, nor the folder of the site, which may be called as a command is."""
    before = argparse.ArgumentParser(prog="python -m sitebuilder", add_help=False)
    before.add_argument("--site")
    _, rest = before.parse_known_args(words)
    return next((word for word in rest if not word.startswith("-")), "")
