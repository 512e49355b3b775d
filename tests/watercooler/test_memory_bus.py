"""What the bus in memory lets go, and when."""

from __future__ import annotations

import orjson

from tests.watercooler.events import make_event, make_events
from watercooler.bus import Appended
from watercooler.memory_bus import Limits, MemoryBus
from watercooler.room import Page

EVENT_BYTES = len(orjson.dumps(make_event(41)))


async def test_memory_forgets_an_idle_board() -> None:
    now = [0.0]
    bus = MemoryBus(Limits(idle_seconds=600), clock=lambda: now[0])
    await bus.append([make_event(41)])
    now[0] = 599
    await bus.append([make_event(1, board=8)])

    now[0] = 601

    assert await bus.read(7, after=0) is None
    assert await bus.read(8, after=0) is not None


async def test_memory_forgets_the_longest_idle_board_when_there_are_too_many() -> None:
    bus = MemoryBus(Limits(boards=2))
    for board in (7, 8, 7, 9):
        await bus.append([make_event(1, board=board)])

    assert await bus.read(8, after=0) is None
    assert await bus.read(7, after=0) is not None


async def test_memory_is_bounded_by_bytes_for_each_board() -> None:
    bus = MemoryBus(Limits(board_bytes=3 * EVENT_BYTES))

    await bus.append(make_events(41, 45))

    assert await bus.read(7, after=0) == Page("first", 42, tuple(make_events(43, 45)))
    assert await bus.append([make_event(46)]) == Appended(tops={7: 46})


async def test_memory_keeps_the_place_of_an_event_that_is_too_large_to_be_kept() -> None:
    bus = MemoryBus(Limits(board_bytes=EVENT_BYTES - 1))

    await bus.append(make_events(41, 42))

    assert await bus.read(7, after=0) == Page("first", 42, ())
    assert await bus.append([make_event(44)]) == Appended(gaps={7: 42})


async def test_memory_is_bounded_by_bytes_in_all() -> None:
    bus = MemoryBus(Limits(bytes=3 * EVENT_BYTES))
    await bus.append(make_events(41, 42, board=7))
    await bus.append([make_event(41, board=8)])
    assert await bus.read(7, after=0) is not None

    await bus.append([make_event(42, board=8)])

    assert await bus.read(7, after=0) is None
    assert await bus.append([make_event(43, board=8)]) == Appended(tops={8: 43})
    assert await bus.read(8, after=0) == Page("first", 40, tuple(make_events(41, 43, board=8)))


async def test_memory_counts_no_bytes_of_an_epoch_that_is_over() -> None:
    bus = MemoryBus(Limits(bytes=3 * EVENT_BYTES))
    await bus.append(make_events(41, 43))

    await bus.append(make_events(11, 12, epoch="other"))

    assert await bus.read(7, after=0) == Page("other", 10, tuple(make_events(11, 12, epoch="other")))


async def test_what_is_remembered_is_what_was_posted_then() -> None:
    bus, event = MemoryBus(), make_event(1)
    await bus.append([event])

    event["verb"] = "task.changed since"

    page = await bus.read(7, after=0)
    assert page is not None
    assert page.events == (make_event(1),)
