"""How many newcomers a process lets in at once; who is one too many comes back a moment later.

A handshake costs about 0.35 ms of CPU: 10,000 clients that come back at once would hold up all the others for
four seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import randint

STRANGERS_AT_MOST = 2_000  # open sockets that have not yet said who they are


class Admission:
    """A bucket of tokens, one a handshake: it fills evenly and holds those of one second."""

    def __init__(self, handshakes_a_second: int, *, clock: Callable[[], datetime]) -> None:
        self.strangers: set[object] = set()
        self._clock = clock
        self._rate = handshakes_a_second
        self._tokens = float(handshakes_a_second)
        self._filled = clock()

    def refusal(self) -> str | None:
        """Let a newcomer in, which takes a token, or say why not."""
        why = self.objection()
        if why is None:
            self._tokens -= 1
        return why

    def objection(self) -> str | None:
        """Say why a newcomer would not be let in now, if so."""
        if len(self.strangers) >= STRANGERS_AT_MOST:
            return "strangers"
        self._fill()
        return "rate" if self._tokens < 1 else None

    def _fill(self) -> None:
        now = self._clock()
        seconds = max(0.0, (now - self._filled).total_seconds())  # a clock may be set back
        self._tokens = min(self._rate, self._tokens + seconds * self._rate)
        self._filled = now


def retry_after() -> str:
    """Give the seconds for a Retry-After header, spread so that those turned away do not return in step."""
    return str(randint(1, 5))  # noqa: S311 - no secret depends on it
