"""Read the addresses that a stylesheet names."""

import re

from sitebuilder.checking.facts import Facts, Reference

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
ADDRESS = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)


def read_stylesheet(text: str) -> Facts:
    """Return what `url()` and `@import` name in CSS."""
    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    found = ((next(filter(None, match.groups()), ""), match.start()) for match in ADDRESS.finditer(text))
    return Facts(
        references=[
            Reference(target, "file", text.count("\n", 0, place) + 1)
            for target, place in found
            if target and not target.startswith(("data:", "#"))
        ]
    )
