"""Show how far long work has come: on a terminal, and only of work that takes a while."""

import os
import sys
import time
from typing import TextIO

QUIET_SECONDS = 1.0  # at the start
STEP_SECONDS = 0.1  # between two lines


class Progress:
    """A line on a terminal's standard error that is written over until the work is done; else nothing."""

    def __init__(self, total: int = 0, stream: TextIO | None = None) -> None:
        self.total = total
        self._stream = stream or sys.stderr
        self._process = os.getpid()  # a forked worker stays silent
        self._is_terminal = self._stream.isatty()
        self._is_shown = False
        self._next = time.monotonic() + QUIET_SECONDS

    def tell(self, share: float) -> None:
        """Say which share of the whole is done, from 0 to 1."""
        if self._is_terminal and time.monotonic() >= self._next and os.getpid() == self._process:
            self._next = time.monotonic() + STEP_SECONDS
            self._is_shown = True
            self._stream.write(f"\r\x1b[K{self.total * share:.0f} of {self.total} files")
            self._stream.flush()

    def clear(self) -> None:
        """Take the line away; work that follows has its own quiet time."""
        if self._is_shown and os.getpid() == self._process:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
        self._is_shown = False
        self._next = time.monotonic() + QUIET_SECONDS
