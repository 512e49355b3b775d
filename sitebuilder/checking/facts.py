"""What one built file says about itself, read once and remembered by its content."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """An address that a file names: `what` is the kind of thing that it expects there, such as `image`."""

    target: str
    what: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong that the file alone shows.

    `needle` is the text to look for in the source; `about` is, in a feed, the address of the post.
    """

    what: str
    right: str = ""
    needle: str = ""
    line: int = 0
    about: str = ""


@dataclass(slots=True)
class Facts:
    """What a file names, offers and does wrong."""

    ids: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unsized: list[Reference] = field(default_factory=list)  # pictures without a width or a height
    is_page: bool = False

    def packed(self) -> list[Any]:
        """Return the facts as JSON can hold them."""
        return [
            self.ids,
            [[each.target, each.what, each.line] for each in self.references],
            [[each.what, each.right, each.needle, each.line, each.about] for each in self.findings],
            [[each.target, each.what, each.line] for each in self.unsized],
            self.is_page,
        ]


def unpacked(packed: list[Any]) -> Facts:
    """Return the facts that `packed` was made from."""
    ids, references, findings, unsized, is_page = packed
    return Facts(
        ids,
        [Reference(*each) for each in references],
        [Finding(*each) for each in findings],
        [Reference(*each) for each in unsized],
        is_page,
    )
