"""A preview tells in the terminal what it did: a line a change, and one a mistake, each once."""

import io
import re

from sitebuilder.errors import Problem
from sitebuilder.serving.telling import MOST_PROBLEMS, InWords
from sitebuilder.serving.workshop import Update

NOTHING: list[Problem] = []
WRONG = Problem("there is no page b.md to link to", "pages/a.md", 3)


def told(*changes: tuple[list[str], list[str], list[Problem]]) -> list[str]:
    """The lines for changes: what changed, what was written, what is wrong."""
    stream = io.StringIO()
    teller = InWords("Example", stream)
    for changed, written, problems in changes:
        update = Update(changed, written)
        teller.tell(update, problems, left=1, total=25)
        update.is_level = True
        teller.tell(update, problems, left=0, total=25)
    lines = [re.sub(r"[\d.]+ m?s$", "T", line) for line in stream.getvalue().splitlines()]
    return [re.sub(r"^\d\d:\d\d:\d\d ", "", line) for line in lines]


def test_the_start_tells_how_much_is_shown_and_does_not_count_pictures_and_bundles_apart() -> None:
    first = ["site.toml", "pages/a.md"], [str(number) for number in range(30)], NOTHING
    assert told(first) == ["25 files are shown, after T"]


def test_a_change_tells_what_changed_and_how_much_that_took() -> None:
    start = ["site.toml"], ["a", "b"], NOTHING
    one, many = (["pages/a.md"], ["a"], NOTHING), (["a", "b", "c", "d"], ["a", "b"], NOTHING)
    assert told(start, one, many)[1:] == [
        "pages/a.md changed: 1 file, T",
        "a, b, c and 1 more changed: 2 files, T",
    ]


def test_a_mistake_is_told_once_and_so_is_its_end() -> None:
    start, again = (["site.toml"], ["a"], NOTHING), (["pages/a.md"], list[str](), [WRONG])
    assert told(start, again, again, (["pages/a.md"], ["a"], NOTHING))[1:] == [
        str(WRONG),
        "pages/a.md changed: 1 file, T",
        "All is well again",
    ]


def test_of_many_mistakes_the_first_are_told_and_the_others_counted() -> None:
    many = [Problem("broken", f"pages/{number}.md") for number in range(MOST_PROBLEMS + 2)]
    lines = told((["site.toml"], [], many))
    assert lines[-1] == "and 2 more mistakes"
    assert len(lines) == MOST_PROBLEMS + 1
