"""How long the hub waits for what: the intervals no operator has to think of, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import uniform

TICKET_GRACE = timedelta(seconds=25)


def utc_now() -> datetime:
    """Give the moment it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Intervals in seconds."""

    hello_seconds: float = 5  # then a connection without a hello ends
    expiry_seconds: float = 1  # between looks for expired tickets
    poll_seconds: float = 30  # between questions to the board whether anything was missed
    poll_alone_seconds: float = 2  # the same while the bus is away
    drain_seconds: float = 6  # Tornado waits 5 for the other side's close frame
    backoff_seconds: tuple[float, ...] = (0.1, 0.3, 1, 3, 5)  # the last one for ever
    clock: Callable[[], datetime] = utc_now

    def backoff(self, attempt: int) -> float:
        """Give the wait after this many failures, with jitter, so that hubs do not return in step."""
        longest = self.backoff_seconds[min(attempt, len(self.backoff_seconds) - 1)]
        return uniform(longest / 2, longest)  # noqa: S311 - no secret depends on it
