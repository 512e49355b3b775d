"""Say plainly what the system refused, such as room on a full disk."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sitebuilder.errors import wrong

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def told_plainly(work: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Make `work` raise a SiteError, with the file, for what the system refuses it."""

    @wraps(work)
    def told(*given: Given.args, **named: Given.kwargs) -> Answer:
        try:
            return work(*given, **named)
        except OSError as error:
            right = "room, and the right to read and write; then build again"
            raise wrong(error.strerror or str(error), str(error.filename or ""), right=right) from error

    return told
