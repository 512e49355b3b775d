"""Bound the time that a run may take."""

import signal
from types import FrameType


def give_up_after(minutes: int, *, fewer: str) -> None:
    """Raise TimeoutError in the main thread when they are over, so that all is ended on the way out."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"not done within {minutes} minutes; choose fewer {fewer}")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(60 * minutes)
