"""Run a command of the site builder on the site of a project, and tell its mistakes as Django does."""

import argparse
import sys
from contextlib import nullcontext, redirect_stdout
from importlib import import_module
from typing import Any

from django.core.management.base import CommandError

from sitebuilder.command_line import COMMANDS
from sitebuilder.errors import SiteError
from sitebuilder.failing import print_problems
from sitebuilder.project.entering import project_site
from sitebuilder.readers import outlasting_readers


def run_command(name: str, options: dict[str, Any]) -> None:
    """Run it in the project; raises CommandError with all that is wrong, and exits as it does."""
    output = options.get("stdout")  # of call_command
    with outlasting_readers(), redirect_stdout(output) if output else nullcontext():
        code = exit_code(name, options)
    if code:
        sys.exit(code)


def exit_code(name: str, options: dict[str, Any]) -> int:
    try:
        with project_site(options["site"]) as site:
            return int(import_module(COMMANDS[name][0]).run(site, argparse.Namespace(**options, look=None)))
    except SiteError as error:
        if options.get("json"):
            print_problems(error.problems)
        raise CommandError(
            "\n".join(["the site cannot be built as it is", *map(str, error.problems)])
        ) from error
