"""tests/wire/frames.json is what the hub says and accepts; the browser's suite reads the same file."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.watercooler.conftest import RunningHub
from tests.watercooler.events import make_events, make_ticket
from tests.watercooler.fake_board import FakeBoard
from watercooler import frames
from watercooler.messages import BadMessage, Event

GOLDEN: dict[str, dict[str, dict[str, Any]]] = orjson.loads(
    (Path(__file__).parents[1] / "wire" / "frames.json").read_bytes()
)
CLIENT, HUB = GOLDEN["client"], GOLDEN["hub"]
EVENTS = [name for name in HUB if HUB[name]["t"] == "ev"]


def golden_event(name: str) -> Event:
    frame = HUB[name]
    return {
        "board": frame["b"],
        "epoch": "first",
        "seq": frame["s"],
        "verb": frame["verb"],
        "by": frame["by"],
        "at": frame["at"],
        "cid": frame["cid"],
        "changes": frame["changes"],
    }


def test_the_hub_reads_each_frame_of_a_client() -> None:
    token = CLIENT["hello"]["ticket"]

    assert {name: frames.parse_frame(orjson.dumps(frame)) for name, frame in CLIENT.items()} == {
        "hello": frames.Hello(1, token),
        "sub": frames.Subscribe(7, token, 1075, "Jx3f9Q"),
        "ticket": frames.Renew(7, token),
        "pong": frames.Pong(),
        "say": frames.Say(7, "dragging", "task:12", {"column": 3}),
        "say, taken back": frames.Say(7, "dragging", "task:12", None),
    }


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name, frame in CLIENT.items() for field in frame]
)
def test_no_field_of_a_client_may_be_missing(name: str, field: str) -> None:
    poor = {key: value for key, value in CLIENT[name].items() if key != field}

    with pytest.raises(BadMessage):
        frames.parse_frame(orjson.dumps(poor))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "singing"}, "expected one of dragging, editing"),
        ({"key": "k" * 101}, "101 characters; expected at most 100"),
        ({"d": {"text": "x" * 1024}}, "expected at most 1024"),
        ({"d": {"text": "ä" * 500}}, "expected at most 1024"),
        ({"d": [1]}, "of kind 'say'"),
    ],
)
def test_a_say_has_limits(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadMessage, match=why):
        frames.parse_frame(orjson.dumps(CLIENT["say"] | change))


@pytest.mark.parametrize("name", EVENTS)
async def test_an_event_is_told_as_agreed(hub: RunningHub, board: FakeBoard, name: str) -> None:
    event = golden_event(name)
    before = event["seq"] - 1
    board.logs[7] = [{**event, "seq": before}]
    browser = await hub.watcher(after=before)

    await hub.publish([event])

    assert await browser.hear() == HUB[name]


async def test_a_conversation_is_as_agreed(hub: RunningHub, board: FakeBoard) -> None:
    board.logs[7] = make_events(1, 1076)
    browser = await hub.stranger()

    await browser.say(**CLIENT["hello"] | {"ticket": make_ticket(hub.keys)})
    welcome = await browser.hear()
    await browser.say(**CLIENT["sub"] | {"ticket": make_ticket(hub.keys), "e": "first"})
    subscribed = await browser.hear()

    assert welcome.keys() == HUB["welcome"].keys()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", welcome["now"])
    assert subscribed == HUB["sub"]


def test_every_other_frame_of_the_hub_is_as_agreed() -> None:
    ana, cy = {3: "Ana"}, {5: "Cy"}
    say = frames.Say(7, "dragging", "task:12", {"column": 3})
    taken_back = frames.Say(7, "dragging", "task:12", None)
    made = {
        "welcome": frames.welcome(
            connection="Zk3hQ0vR1uA", now=datetime(2026, 11, 21, 13, tzinfo=UTC), ping_seconds=25
        ),
        "sub": frames.subscribed(7, seq=1076, count=1),
        "ping": frames.ping({7: 1078}),
        "reset after a restore": frames.reset(7, "epoch"),
        "reset where the log was trimmed": frames.reset(7, "gone"),
        "reset ahead of the log": frames.reset(7, "ahead"),
        "no, the ticket": frames.refused(7, "ticket"),
        "no, the board": frames.refused(7, "board"),
        "no, too many": frames.refused(7, "too many"),
        "here, all": frames.here(7, {4: "Bo"} | ana),
        "here, all of a crowd": frames.here(7, ana, more=41),
        "here, one came and one went": frames.here_changed(7, come=cy, gone=[4]),
        "here, one came": frames.here_changed(7, come=cy, gone=[]),
        "here, one went": frames.here_changed(7, come={}, gone=[5]),
        "here, one went of a crowd": frames.here_changed(7, come={}, gone=[], more=40),
        "say": frames.said(say, user=3, connection="Zk3hQ0vR1uA"),
        "say, taken back": frames.said(taken_back, user=3, connection="Zk3hQ0vR1uA"),
    }

    assert {name: orjson.loads(frame) for name, frame in made.items()} | {
        name: HUB[name] for name in EVENTS
    } == HUB


@pytest.mark.parametrize(
    ("length", "head"),
    [
        (0, "8100"),
        (125, "817d"),
        (126, "817e007e"),
        (65_535, "817effff"),
        (65_536, "817f0000000000010000"),
    ],
)
def test_text_is_framed_as_rfc_6455_says(length: int, head: str) -> None:
    payload = b"x" * length

    assert frames.text_frame(payload) == bytes.fromhex(head) + payload
