"""No task of the hub ends unseen."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.watercooler.browser import PATIENCE_SECONDS
from tests.watercooler.conftest import RunningHub
from watercooler.messages import Event
from watercooler.tasks import Tasks


async def break_down() -> None:
    raise ValueError("broken")


async def end_at_once() -> None:
    return


async def wait_for_ever() -> None:
    await asyncio.get_running_loop().create_future()


@pytest.fixture
def lines(nothing_goes_wrong_unseen: list[Any]) -> list[Any]:
    """What was logged; a test that expects an error takes it out."""
    return nothing_goes_wrong_unseen


@pytest.mark.parametrize("work", [break_down, end_at_once])
async def test_work_that_should_never_end_and_does_is_a_failure(work: Any, lines: list[Any]) -> None:
    failed = asyncio.Event()
    tasks = Tasks(failed.set)

    tasks.keep(work, name="follow the bus")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await failed.wait()

    assert tasks.has_failed
    assert lines.pop()["task"] == "follow the bus"


async def test_work_that_was_cancelled_by_nobody_who_may_is_a_failure(lines: list[Any]) -> None:
    failed = asyncio.Event()
    task = Tasks(failed.set).start(wait_for_ever(), name="ping")

    task.cancel()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await failed.wait()

    assert isinstance(lines.pop()["exc_info"], asyncio.CancelledError)


async def test_work_that_is_done_is_no_failure() -> None:
    tasks = Tasks(lambda: pytest.fail("nothing failed"))

    await tasks.start(end_at_once(), name="catch up")

    assert not tasks.has_failed


async def test_a_stop_is_no_failure_and_leaves_nothing_running() -> None:
    tasks = Tasks(lambda: pytest.fail("nothing failed"))
    once = tasks.start(wait_for_ever(), name="catch up")
    tasks.keep(wait_for_ever, name="ping")

    await tasks.stop()

    assert once.cancelled()
    assert not tasks.has_failed


async def test_a_hub_that_cannot_catch_up_for_a_reason_nobody_foresaw_fails(
    hub: RunningHub, lines: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def merge(*_: Event) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(hub.hub.rooms, "merge_log", merge)
    browser = await hub.browser()

    await browser.subscribe(after=0)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await hub.failed.wait()

    assert lines.pop()["task"] == "catch up board 7"
