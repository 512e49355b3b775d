"""How many newcomers a process lets in at once; who is one too many comes back a moment later.

A handshake costs about 0.35 ms of CPU: 10,000 clients that come back at once would hold up all the others for
four seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from random import randint
from time import monotonic

STRANGERS_AT_MOST = 2_000  # open sockets that have not yet said who they are


class Admission:
    """A bucket of tokens, one a handshake: it fills evenly and holds those of one second."""

    def __init__(self, handshakes_a_second: int, *, clock: Callable[[], float] = monotonic) -> None:
        self.strangers: set[object] = set()
        self._clock = clock
        self._rate = handshakes_a_second
        self._tokens = float(handshakes_a_second)
        self._filled = clock()  # when, in seconds of the clock

    def is_exhausted(self) -> bool:
        """Say whether a newcomer would be turned away now."""
        return self._tokens_now() < 1 or len(self.strangers) >= STRANGERS_AT_MOST

    def refusal(self) -> str | None:
        """Let a newcomer in, which takes a token, or say why not."""
        if len(self.strangers) >= STRANGERS_AT_MOST:
            return "strangers"
        if self._tokens_now() < 1:
            return "rate"
        self._tokens -= 1
        return None

    def _tokens_now(self) -> float:
        now = self._clock()
        self._tokens = min(self._rate, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        return self._tokens


def retry_after() -> str:
    """Give the seconds for a Retry-After header, spread so that those turned away do not return in step."""
    return str(randint(1, 5))  # noqa: S311 - no secret depends on it
