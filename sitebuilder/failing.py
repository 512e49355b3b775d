"""Tell the problems that end a command: in words, and as a document to a program that asked for JSON."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict

from sitebuilder.errors import Problem


def tell_problems(problems: Iterable[Problem], *, as_json: bool) -> None:
    """Write a line a problem to the standard error, and for a program all to the standard output."""
    problems = list(problems)
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    if as_json:
        print_problems(problems)


def print_problems(problems: Iterable[Problem]) -> None:
    """Print `{"problems": [...]}`, each with what, file, line and right, on one line, as `serve` prints."""
    document = {"problems": [asdict(problem) for problem in problems]}
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
