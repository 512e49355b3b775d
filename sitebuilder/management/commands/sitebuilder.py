"""`manage.py sitebuilder COMMAND`: what `python -m sitebuilder COMMAND` does, for the site of the project."""

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sitebuilder.command_line import COMMANDS, WITHOUT_SITE, add_site
from sitebuilder.management.running import run_command


class Command(BaseCommand):
    help = "Build, check and publish the site of this project."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", type=Path, metavar="FOLDER", help="the site's folder (of SITEBUILDER)")
        commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
        for name, (module, purpose) in COMMANDS.items():
            if name in WITHOUT_SITE:
                continue
            command = commands.add_parser(name, help=purpose)
            import_module(module).add_arguments(command)
            add_site(command, argparse.SUPPRESS)

    def handle(self, **options: Any) -> None:
        run_command(options["command"], options)
