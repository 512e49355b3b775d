"""A browser that missed something is told it, wherever it is still written, or is sent for a snapshot."""

from __future__ import annotations

import asyncio

import pytest

from tests.watercooler.browser import PATIENCE_SECONDS
from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_event, make_events
from tests.watercooler.fake_board import FakeBoard
from watercooler.board_log import PAGE_EVENTS, PAGES_AT_MOST


async def test_what_the_hub_never_knew_is_read_from_the_board(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 8)
    browser = await hub.browser()

    await browser.subscribe(after=5)

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 8, "n": 3}
    assert await browser.hear_events(3) == [6, 7, 8]


async def test_more_than_one_page_of_the_log_is_read(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 1_100)
    browser = await hub.browser()

    await browser.subscribe(after=20)

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 1_100, "n": 1_080}
    assert await browser.hear_events(1_080) == list(range(21, 1_101))
    assert board.reads == 3


async def test_who_is_too_far_behind_for_a_replay_is_sent_for_a_snapshot(
    hub: RunningHub, board: FakeBoard
) -> None:
    board.logs[7] = make_events(1, PAGE_EVENTS * PAGES_AT_MOST + 1)
    browser = await hub.browser()

    await browser.subscribe(after=0)

    assert await browser.hear() == {"t": "reset", "b": 7, "why": "gone"}


async def test_a_log_with_a_hole_confirms_nobody(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = [make_event(1), make_event(3)]
    browser = await hub.browser()
    await browser.subscribe(after=0)
    await _asked(board)
    await browser.round_trip()  # hears no confirmation

    board.logs[7] = make_events(1, 3)

    assert (await browser.hear())["t"] == "sub"
    assert await browser.hear_events(3) == [1, 2, 3]


async def test_a_replay_of_many_bytes_arrives_whole_and_is_not_taken_for_slowness(
    hub: RunningHub, board: FakeBoard
) -> None:
    board.logs[7] = make_events(1, 500)
    for event in board.logs[7]:
        event["changes"][0]["now"] = {"description": "x" * 32 * 1024}
    browser = await hub.browser()

    await browser.subscribe(after=0)
    assert (await browser.hear())["n"] == 500
    assert await browser.hear_events(500) == list(range(1, 501))
    await hub.publish([make_event(501)])

    assert await browser.hear_events(1) == [501]


async def test_a_doubt_that_arises_while_the_board_is_asked_is_settled_by_asking_again(
    hub: RunningHub, board: FakeBoard
) -> None:
    browser = await hub.watcher(after=0)
    board.asked.clear()
    board.may_answer.clear()
    polling = asyncio.create_task(hub.hub.poll_all())
    await _asked(board)
    hub.hub.rooms.doubt()
    board.logs[7] = make_events(1, 1)
    board.may_answer.set()

    await polling

    assert await browser.hear_events(1) == [1]


async def test_the_board_is_asked_once_for_all_who_wait(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 8)
    board.may_answer.clear()
    browsers = [await hub.browser() for _ in range(5)]

    for browser in browsers:
        await browser.subscribe(after=8)
        await browser.round_trip()
    await _asked(board)
    board.may_answer.set()

    for browser in browsers:
        assert await browser.hear() == {"t": "sub", "b": 7, "s": 8, "n": 0}
    assert board.reads <= 2  # those who came after the question may need another


async def test_events_published_while_the_board_is_asked_follow(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 8)
    board.may_answer.clear()
    browser = await hub.browser()
    await browser.subscribe(after=5)
    await _asked(board)

    await hub.publish(make_events(9, 10))
    board.may_answer.set()

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 10, "n": 5}
    assert await browser.hear_events(5) == [6, 7, 8, 9, 10]


async def test_while_the_board_is_away_nobody_is_told_to_be_live(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 8)
    board.status = 502
    browser = await hub.browser()
    await browser.subscribe(after=5)
    await _asked(board)
    await browser.round_trip()  # hears no confirmation

    board.status = 200

    assert (await browser.hear())["t"] == "sub"
    assert await browser.hear_events(3) == [6, 7, 8]


async def test_a_board_with_other_keys_is_as_good_as_away(hub: RunningHub, board: FakeBoard) -> None:
    keys, board.keys = board.keys, type(board.keys).random()
    browser = await hub.browser()
    await browser.subscribe(after=0)
    await _asked(board)
    await browser.round_trip()

    board.keys = keys

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 0, "n": 0}


async def test_another_epoch_sends_for_a_snapshot(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 8)
    browser = await hub.browser()

    await browser.subscribe(after=8, epoch="before the restore")

    assert await browser.hear() == {"t": "reset", "b": 7, "why": "epoch"}


async def test_who_is_ahead_of_the_log_is_sent_for_a_snapshot(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 8)
    browser = await hub.browser()

    await browser.subscribe(after=9)

    assert await browser.hear() == {"t": "reset", "b": 7, "why": "gone"}


async def test_a_bus_that_is_ahead_of_a_restored_board_keeps_nobody_waiting(
    hub: RunningHub, board: FakeBoard
) -> None:
    """It remembers what the restore took back, until somebody writes again."""
    await hub.publish(make_events(1, 8))
    board.epoch, board.logs[7] = "second", make_events(1, 2, epoch="second")

    browser = await hub.watcher(after=2, epoch="second")

    await hub.publish([make_event(3, epoch="second")])
    assert await browser.hear_events(1) == [3]


async def test_where_the_log_was_trimmed_a_snapshot_is_needed(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 8)
    board.trimmed_to = 6
    browser = await hub.browser()

    await browser.subscribe(after=5)

    assert await browser.hear() == {"t": "reset", "b": 7, "why": "gone"}


async def test_a_board_that_is_no_more_is_refused(hub: RunningHub, board: FakeBoard) -> None:
    board.logs.clear()
    browser = await hub.browser()

    await browser.subscribe(after=5)

    assert await browser.hear() == {"t": "no", "b": 7, "why": "board"}


@pytest.mark.parametrize("refusal", [{}, {"code": "no_route"}])
async def test_a_404_that_is_not_the_boards_own_is_as_good_as_away(
    hub: RunningHub, board: FakeBoard, refusal: dict[str, str]
) -> None:
    """A proxy answers so while the board behind it restarts."""
    board.status, board.refusal = 404, refusal
    browser = await hub.browser()
    await browser.subscribe(after=0)
    await _asked(board)
    await browser.round_trip()  # hears no refusal

    board.status = 200

    assert await browser.hear() == {"t": "sub", "b": 7, "s": 0, "n": 0}


async def test_an_epoch_that_begins_while_live_sends_for_a_snapshot(
    hub: RunningHub, board: FakeBoard
) -> None:
    board.logs[7] = make_events(1, 8)
    browser = await hub.watcher(after=8)

    await hub.publish([make_event(4, epoch="second")])

    assert await browser.hear() == {"t": "reset", "b": 7, "why": "epoch"}


async def test_an_event_nobody_announced_is_found_by_asking(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 8)
    browser = await hub.watcher(after=8)
    board.logs[7] = make_events(1, 10)

    await hub.hub.poll_all()

    assert await browser.hear_events(2) == [9, 10]


async def test_the_board_is_asked_again_and_again(start_hub: StartHub, board: FakeBoard) -> None:
    hub = await start_hub(poll_seconds=0.01)
    browser = await hub.watcher(after=0)

    board.logs[7] = make_events(1, 1)

    assert await browser.hear_events(1) == [1]


async def test_the_order_is_kept_when_the_first_post_after_a_restart_comes_too_early(
    hub: RunningHub, board: FakeBoard
) -> None:
    """The bus knows no top and takes 10; the room knows that 9 is missing, and reads it."""
    board.logs[7] = make_events(1, 8)
    browser = await hub.watcher(after=8)
    board.logs[7] = make_events(1, 10)

    await hub.publish([make_event(10)])

    assert await browser.hear_events(2) == [9, 10]


async def _asked(board: FakeBoard) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await board.asked.wait()
