"""Whatever happens in whatever order, everyone's log is contiguous and each event is in it once.

Hypothesis writes events, loses, repeats and inverts them, lets people come and go, lets answers to
questions arrive late, restores a backup, trims the log and lets the bus forget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.watercooler.events import make_event
from watercooler.messages import Event
from watercooler.room import Delivery, Need, Page, Room

PEOPLE = st.sampled_from(["ana", "bo", "cy"])


@dataclass
class Person:
    """What one subscriber holds."""

    epoch: str
    seq: int
    live: bool = False
    gone: bool = False

    def take(self, frame: dict[str, Any]) -> None:
        """Act as the browser does, and object where the browser would see a gap."""
        assert not self.gone, f"{frame} came after the end"
        match frame["t"]:
            case "sub":
                self.live = True
                assert frame["s"] == self.seq + frame["n"]
            case "ev":
                assert self.live, f"{frame} came before the confirmation"
                assert frame["s"] == self.seq + 1
                assert frame["cid"] == f"{self.epoch}-{frame['s']}"
                self.seq += 1
            case _:
                self.gone = True


class RoomStates(RuleBasedStateMachine):
    """A board, its log, a bus and a room."""

    def __init__(self) -> None:
        super().__init__()
        self.room: Room[str] = Room(7)
        self.people: dict[str, Person] = {}
        self.epochs = 1
        self.log: list[Event] = []
        self.trimmed_to = 0
        self.remembered: list[Event] = []  # by the bus
        self.written: list[Event] = []  # ever, also what a restore took back
        self.answers: list[tuple[str, Need[str], Page | None]] = []

    @property
    def epoch(self) -> str:
        """The epoch now."""
        return f"epoch{self.epochs}"

    @rule(posted=st.booleans(), heard=st.booleans())
    def write(self, *, posted: bool, heard: bool) -> None:
        event = make_event(len(self.log) + 1, epoch=self.epoch)
        self.log.append(event)
        self.written.append(event)
        if posted:
            self.post(event)
        if heard:
            self.deliver(self.room.hear(event))

    @rule(data=st.data())
    def hear_any(self, data: st.DataObject) -> None:
        if self.written:
            self.deliver(self.room.hear(data.draw(st.sampled_from(self.written))))

    @rule(who=PEOPLE, behind=st.integers(0, 6))
    def come(self, who: str, behind: int) -> None:
        after = max(len(self.log) - behind, 0)
        self.people[who] = Person(self.epoch, after)
        self.deliver(self.room.subscribe(who, after=after, epoch=self.epoch))

    @rule(who=PEOPLE)
    def come_again(self, who: str) -> None:
        person = self.people.get(who)
        if person and not person.gone:
            self.people[who] = Person(person.epoch, person.seq)
            self.deliver(self.room.subscribe(who, after=person.seq, epoch=person.epoch))

    @rule(who=PEOPLE)
    def go(self, who: str) -> None:
        self.room.leave(who)
        self.people.pop(who, None)

    @rule()
    def lose_connection_to_the_bus(self) -> None:
        self.room.doubts += 1

    @rule(of_the_bus=st.booleans())
    def ask(self, *, of_the_bus: bool) -> None:
        need = self.room.need()
        if need and of_the_bus and self.remembered:
            self.answers.append(("bus", need, self.bus_page(need.after)))
        elif need and not of_the_bus:
            self.answers.append(("board", need, self.log_page(need.after)))

    @rule(count=st.integers(1, 3))
    def go_on_well(self, count: int) -> None:
        """Let everyone in who waits, and events happen as mostly: single answers rarely come to that."""
        self.fill()
        for _ in range(count):
            self.write(posted=True, heard=True)

    @rule()
    def poll(self) -> None:
        if need := self.room.position():
            self.answers.append(("board", need, self.log_page(need.after)))

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        if self.answers:
            self.merge(*self.answers.pop(data.draw(st.integers(0, len(self.answers) - 1))))

    @rule(keep=st.integers(0, 3))
    def let_the_bus_forget(self, keep: int) -> None:
        self.remembered = self.remembered[len(self.remembered) - keep :] if keep else []

    @rule()
    def trim_the_log(self) -> None:
        self.trimmed_to = max(self.trimmed_to, len(self.log) - 3)

    @rule(back=st.integers(0, 3))
    def restore_a_backup(self, back: int) -> None:
        self.log = self.log[: max(len(self.log) - back, self.trimmed_to)]
        self.epochs += 1
        self.log = [
            {**event, "epoch": self.epoch, "cid": f"{self.epoch}-{event['seq']}"} for event in self.log
        ]

    def teardown(self) -> None:
        """However it went, asking as the hub does makes everyone's end good."""
        self.room.doubts += 1
        self.fill()
        if need := self.room.position():
            self.merge("board", need, self.log_page(need.after))
        self.fill()
        assert self.room.need() is None
        for person in self.people.values():
            assert person.gone or (person.live, person.epoch, person.seq) == (True, self.epoch, len(self.log))

    def fill(self) -> None:
        """Ask the bus and the board in turn, until nothing is lacking."""
        for _ in range(20):
            if self.remembered and (need := self.room.need()):
                self.merge("bus", need, self.bus_page(need.after))
            if need := self.room.need():
                self.merge("board", need, self.log_page(need.after))

    def post(self, event: Event) -> None:
        """Append as the bus does."""
        known = self.remembered[-1] if self.remembered else None
        if known is None or known["epoch"] != event["epoch"]:
            self.remembered = [event]
        elif event["seq"] == known["seq"] + 1:
            self.remembered.append(event)

    def bus_page(self, after: int) -> Page:
        """Read as the bus does."""
        events = tuple(event for event in self.remembered if event["seq"] > after)
        return Page(self.remembered[-1]["epoch"], self.remembered[-1]["seq"] - len(events), events)

    def log_page(self, after: int) -> Page | None:
        """Read as the board does: None where the log does not reach back, or forward, that far."""
        if not self.trimmed_to <= after <= len(self.log):
            return None
        return Page(self.epoch, after, tuple(self.log[after:]))

    def merge(self, source: str, need: Need[str], page: Page | None) -> None:
        """Hand an answer to the room."""
        if page is None:
            self.deliver(self.room.trimmed(need))
        elif source == "bus":
            self.deliver(self.room.merge_history(need, page))
        else:
            self.deliver(self.room.merge_log(need, page))

    def deliver(self, deliveries: list[Delivery[str]]) -> None:
        """Hand each frame to whom it is for."""
        for delivery in deliveries:
            for frame in delivery.frames:
                for who in delivery.to:
                    self.people[who].take(orjson.loads(frame))


TestRoomStates = RoomStates.TestCase
TestRoomStates.settings = settings(max_examples=150, stateful_step_count=40, deadline=None, database=None)
