"""Show problems to a person, grouped by file."""

from itertools import groupby

from sitebuilder.errors import Problem


def as_text(problems: list[Problem]) -> str:
    """Return problems under the name of each file, and how many there are."""
    if not problems:
        return "No problem found.\n"
    lines = []
    for file, group in groupby(problems, key=lambda problem: problem.file):
        lines.append(file or "The site")
        lines += [_line(problem) for problem in group]
        lines.append("")
    files = len({problem.file for problem in problems})
    lines.append(f"{_count(len(problems), 'problem')} in {_count(files, 'file')}.")
    return "\n".join(lines) + "\n"


def _line(problem: Problem) -> str:
    place = f"{problem.line:>5}" if problem.line else "     "
    advice = f"; {problem.advice}" if problem.right else ""
    return f"{place}  {problem.what}{advice}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
