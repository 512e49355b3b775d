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
    expiry_seconds: float = 5  # between looks for expired tickets
    poll_seconds: float = 30  # between questions to the board whether anything was missed
    poll_alone_seconds: float = 2  # the same while the bus is away
    goodbye_seconds: float = 6  # for clients that were sent away: Tornado waits 5 for their close frame
    bus_answer_seconds: float = 2  # then the bus is as good as away
    canary_seconds: float = 1  # between signs of life on the bus; three of them without one: the link is lost
    rejoin_seconds: float = 0.5  # between attempts to reach the bus
    compare_seconds: float = 10  # between comparisons of what was heard with what the bus has
    lease_seconds: float = 15  # then a process that is not heard of is dead, and its people are gone...
    renew_seconds: float = 5  # ...so it is renewed, and the people are counted anew, this often
    gather_seconds: float = 0.25  # in which comings and goings are gathered
    backoff_seconds: tuple[float, ...] = (0.1, 0.3, 1, 3, 5)  # the last one for ever
    clock: Callable[[], datetime] = utc_now

    def backoff(self, attempt: int) -> float:
        """Give the wait after this many failures, with jitter, so that hubs do not return in step."""
        return _with_jitter(self.backoff_seconds[min(attempt, len(self.backoff_seconds) - 1)])

    def rejoin_wait(self) -> float:
        """Give the wait before the next attempt to reach the bus, with jitter too."""
        return _with_jitter(self.rejoin_seconds)


def _with_jitter(longest: float) -> float:
    return uniform(longest / 2, longest)  # noqa: S311 - no secret depends on it
