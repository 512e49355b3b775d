"""`manage.py build`: what `python -m sitebuilder build` does, for the site of the project."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sitebuilder.commands import build
from sitebuilder.management.running import run_command


class Command(BaseCommand):
    help = "Bring the built site up to date: its pages, and those of the views that are registered."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", type=Path, metavar="FOLDER", help="the site's folder (of SITEBUILDER)")
        build.add_arguments(parser)

    def handle(self, **options: Any) -> None:
        run_command("build", options)
