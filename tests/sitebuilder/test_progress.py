"""Long work tells a terminal how far it has come, and nobody else."""

import io
import time

import pytest

from sitebuilder.progress import QUIET_SECONDS, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_a_terminal_is_told_of_work_that_takes_long_and_cleared_after_it(clock: list[float]) -> None:
    terminal = Terminal()
    progress = Progress(200, terminal)
    progress.tell(0.1)
    clock[0] = QUIET_SECONDS
    progress.tell(0.5)
    progress.clear()

    assert terminal.getvalue() == "\r\x1b[K100 of 200 files\r\x1b[K"


def test_what_is_no_terminal_is_told_nothing(clock: list[float]) -> None:
    pipe = io.StringIO()
    progress = Progress(200, pipe)
    clock[0] = QUIET_SECONDS
    progress.tell(0.5)
    progress.clear()

    assert pipe.getvalue() == ""
