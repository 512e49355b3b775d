"""The board says where a room begins; from then on what the hub remembers is told at once."""

from __future__ import annotations

import asyncio

from tests.watercooler.browser import PATIENCE_SECONDS
from tests.watercooler.conftest import RunningHub
from tests.watercooler.events import make_event, make_events
from tests.watercooler.fake_board import FakeBoard


async def test_what_a_standing_room_remembers_is_replayed_without_waiting_for_the_board(
    hub: RunningHub, board: FakeBoard
) -> None:
    board.logs[7] = make_events(1, 4)
    await hub.watcher(after=4)
    await hub.publish(make_events(5, 8))
    board.may_answer.clear()
    browser = await hub.browser()

    await browser.subscribe(after=6)

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 8, "n": 2}
    assert await browser.hear_events(2) == [7, 8]


async def test_the_first_of_a_room_is_let_in_by_the_board_and_not_by_memory(
    hub: RunningHub, board: FakeBoard
) -> None:
    """A hub that was started anew takes whatever is posted first for the top; the log is ahead of it."""
    await hub.publish(make_events(5, 8))
    board.logs[7] = make_events(1, 10)
    browser = await hub.browser()

    await browser.subscribe(after=8)

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 10, "n": 2}
    assert await browser.hear_events(2) == [9, 10]
    assert board.reads == 1


async def test_a_room_that_is_level_with_the_board_is_not_asked_about_for_each_newcomer(
    hub: RunningHub, board: FakeBoard
) -> None:
    board.logs[7] = make_events(1, 8)
    await hub.watcher(after=8)
    reads = board.reads

    await hub.watcher(after=8)

    assert board.reads == reads


async def test_a_room_that_stands_already_is_mended_from_memory_alone(
    hub: RunningHub, board: FakeBoard
) -> None:
    browser = await hub.watcher(after=0)
    await hub.publish([make_event(1)])
    assert await browser.hear_events(1) == [1]
    reads = board.reads
    hub.hub.rooms.doubt()

    await hub.watcher(after=1)
    await hub.hub.poll_all()

    assert board.reads == reads + 1  # of the poll


async def test_while_the_board_is_away_a_standing_room_serves_alone(
    hub: RunningHub, board: FakeBoard
) -> None:
    board.logs[7] = make_events(1, 8)
    browser = await hub.watcher(after=8)
    board.status = 502
    reads = board.reads

    await hub.publish([make_event(9)])
    await hub.watcher(after=9)

    assert await browser.hear_events(1) == [9]
    assert board.reads == reads


async def test_who_is_ahead_of_the_hubs_memory_is_confirmed_only_when_the_board_has_spoken(
    hub: RunningHub, board: FakeBoard
) -> None:
    await hub.publish(make_events(5, 8))
    board.logs[7] = make_events(1, 10)
    board.may_answer.clear()
    browser = await hub.browser()
    await browser.subscribe(after=10)
    await _asked(board)
    await browser.round_trip()  # hears no confirmation

    board.may_answer.set()

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 10, "n": 0}


async def _asked(board: FakeBoard) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await board.asked.wait()
