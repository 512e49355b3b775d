"""Show what is wrong as HTML: each problem with its place, what would be right, and the lines around it."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from sitebuilder.errors import Problem

LINES_AROUND = 3
MOST_SHOWN = 20  # problems; one cause can break every page
MOST_CHARACTERS = 300  # of a line
OWN = "/.sitebuilder"


def problems_html(folder: Path, problems: list[Problem]) -> str:
    """The problems as a list; empty without any."""
    if not problems:
        return ""
    items = "".join(f"<li>{problem_html(folder, problem)}</li>" for problem in problems[:MOST_SHOWN])
    more = len(problems) - MOST_SHOWN
    rest = f"<p>And {more} more.</p>" if more > 0 else ""
    return f"<ol>{items}</ol>{rest}"


def problem_html(folder: Path, problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    parts = [f'<p class="what">{escape(problem.what)}</p>']
    if place:
        parts.insert(0, f'<p class="place">{escape(place)}</p>')
    if problem.right:
        advice = problem.advice[:1].upper() + problem.advice[1:]
        parts.append(f'<p class="right">{escape(advice)}</p>')
    if problem.line and (lines := excerpt(folder / problem.file, problem.line)):
        parts.append(f'<pre tabindex="0"><code>{lines}</code></pre>')
    return "".join(parts)


def excerpt(file: Path, line: int) -> str:
    """The lines around one, which is marked."""
    try:
        lines = file.read_bytes().decode(errors="replace").splitlines()
    except OSError:
        return ""
    first = max(1, line - LINES_AROUND)
    return "".join(numbered(range(first, line + LINES_AROUND + 1), lines, line))


def numbered(numbers: Iterable[int], lines: list[str], marked: int) -> Iterable[str]:
    for number in numbers:
        if number <= len(lines):
            text = f"{number:>5}  {escape(lines[number - 1][:MOST_CHARACTERS])}\n"
            yield f"<mark>{text}</mark>" if number == marked else text


def whole_page(title: str, content: str) -> bytes:
    """A page of ours, in the place of one that the site does not have."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{OWN}/problems.css"></head>'
        f'<body class="whole"><main><h1>{escape(title)}</h1>{content}</main></body></html>'
    ).encode()
