"""Why a request to the board cannot be done.

BoardError
├── Invalid     a value that can never be right
├── Refused     a rule of the board that stands against it now
├── Stale       the same fields were changed by another since
├── Missing     what is not there, or not for the asker to see
├── Forbidden   what the asker's role does not allow
├── Gone        a part of the log that is not kept
├── KeyReused   an idempotency key that was used for another request
└── Repeated    not a fault: the operation was done before; its event is attached
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from board.models.event import Event
    from board.wire import Wire


class BoardError(Exception):
    """Base: `code` for programs, `message` for people, `fields` to place the message in a form."""

    code = "invalid"

    def __init__(self, message: str, *, code: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields: Mapping[str, Sequence[str]] = {field: [message]} if field else {}


class Invalid(BoardError):
    pass


class Refused(BoardError):
    code = "refused"


class Missing(BoardError):
    code = "not_found"


class Forbidden(BoardError):
    code = "forbidden"


class Gone(BoardError):
    code = "gone"


class KeyReused(BoardError):
    code = "key_reused"


class Stale(BoardError):
    """`current` is the entity as it is; `fields` names those that both sides changed."""

    code = "changed"

    def __init__(self, message: str, *, fields: Mapping[str, Sequence[str]], current: "Wire") -> None:
        super().__init__(message)
        self.fields = fields
        self.current = current


class Repeated(Exception):
    """The operation with this key was done before."""

    def __init__(self, event: "Event") -> None:
        super().__init__(f"done before as event {event.seq}")
        self.event = event
