"""What processes tell each other: understood by whoever hears it, and no harm if it cannot be."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from tests.watercooler.conftest import RunningHub
from watercooler import whispers
from watercooler.frames import Say
from watercooler.memory_bus import MemoryBus
from watercooler.messages import BadMessage, close, revoke
from watercooler.presence import Change
from watercooler.whispers import Seen, Whisper, Whispers, Word, read_whisper, write_whisper

NOW = datetime(2026, 11, 21, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "whisper",
    [
        Seen(7, Change({3: "Ana"}, frozenset({4, 5}))),
        Word("process", "connection", 3, Say(7, "dragging", "task:12", {"column": 3})),
        Word("process", "connection", 3, Say(7, "dragging", "task:12", None)),
        revoke(3, at=NOW),
        revoke(3, board=7, at=NOW),
        close(7, at=NOW),
    ],
)
def test_what_is_whispered_is_understood(whisper: Whisper) -> None:
    assert read_whisper(write_whisper(whisper)) == whisper


@pytest.mark.parametrize(
    "words",
    [
        [],
        {},
        {"w": "sing"},
        {"w": "here", "b": 7},
        {"w": "here", "b": 7, "in": [[3]], "out": []},
        {"w": "here", "b": 7, "in": 3, "out": []},
        {"w": "say", "p": "process", "conn": "connection", "u": 3, "say": {"board": 7}},
        {"w": "control", "do": "dance"},
    ],
)
async def test_what_makes_no_sense_is_passed_over(
    hub: RunningHub, words: object, nothing_goes_wrong_unseen: list[Any]
) -> None:
    with pytest.raises(BadMessage):
        read_whisper(orjson.dumps(words))

    await hub.hub._bus.whisper(orjson.dumps(words))

    assert [line["event"] for line in nothing_goes_wrong_unseen] == ["unreadable whisper"]
    assert not hub.failed.is_set()


async def test_whispers_are_heard_in_order_and_too_many_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whispers, "WAITING_AT_MOST", 3)
    bus, heard = MemoryBus(), []
    all_heard = asyncio.Event()

    def hear(message: bytes) -> None:
        heard.append(read_whisper(message))
        if len(heard) == 3:
            all_heard.set()

    bus.listen(lambda event: None, lambda: None, hear)
    out = Whispers(bus)
    said = [Seen(board, Change({}, frozenset({3}))) for board in range(5)]
    for whisper in said:
        out.send(whisper)
    running = asyncio.create_task(out.run())
    await all_heard.wait()
    running.cancel()

    assert heard == said[:3]
