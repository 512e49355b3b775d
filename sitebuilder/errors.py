"""What is wrong with a site, said so that its writer can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

PERHAPS = "perhaps you meant "  # what is right then begins with is a guess


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is, and what would be right."""

    what: str
    file: str = ""  # relative to the site's folder
    line: int = 0  # from 1; 0 where there is none
    right: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return f"{place}{self.what}{f'; {self.advice}' if self.right else ''}"

    @property
    def advice(self) -> str:
        """What would be right, as the end of a sentence: `expected a text`, `perhaps you meant base.html`."""
        return self.right if self.right.startswith(PERHAPS) else f"expected {self.right}"


class SiteError(Exception):
    """A site that cannot be built as it is: every problem that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


def wrong(what: str, file: str = "", line: int = 0, right: str = "") -> SiteError:
    """An error of a single problem."""
    return SiteError([Problem(what, file, line, right)])
