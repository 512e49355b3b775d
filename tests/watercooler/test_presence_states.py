"""Whoever comes, goes or dies in whatever order, everyone's list ends as who is there.

Hypothesis lets people come to and go from several processes, carries what those whisper late, loses some of
it, lets the bus answer late, and kills processes.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import orjson
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from watercooler.presence import Change, Presence
from watercooler.room import Delivery

LISTED_AT_MOST = 2
NAMES = {1: "Ana", 2: "Bo", 3: "Cy"}


class Viewer:
    """A browser: what it was told."""

    def __init__(self, user: int) -> None:
        self.user = user
        self.people: dict[int, str] | None = None
        self.more = 0

    def take(self, frame: dict[str, Any]) -> None:
        """Act as the browser does."""
        if "all" in frame:
            self.people, self.more = {}, 0
        assert self.people is not None, f"{frame} came before the list"
        for person in frame.get("all", []) + frame.get("in", []):
            self.people[person["u"]] = person["name"]
        for user in frame.get("out", []):
            self.people.pop(user, None)
        self.more = frame.get("more", self.more)


class Process:
    """A hub, what it wrote to the bus, and what it has yet to say, to hear and to be answered."""

    def __init__(self) -> None:
        self.presence: Presence[Viewer] = Presence(7, listed_at_most=LISTED_AT_MOST)
        self.viewers: list[Viewer] = []
        self.written: dict[int, str] = {}
        self.outbox: deque[Change] = deque()
        self.inbox: deque[Change] = deque()
        self.answer: dict[int, str] | None = None


class PresenceStates(RuleBasedStateMachine):
    """A few hubs on one bus."""

    def __init__(self) -> None:
        super().__init__()
        self.processes = [Process() for _ in range(2)]
        self.is_lossy = False
        self.has_lost_something = False

    @initialize(is_lossy=st.booleans())
    def begin(self, *, is_lossy: bool) -> None:
        self.is_lossy = is_lossy
        self.processes += [Process()] if is_lossy else []

    def any_process(self, data: st.DataObject) -> Process:
        return data.draw(st.sampled_from(self.processes))

    @rule(data=st.data(), user=st.sampled_from(list(NAMES)))
    def come(self, data: st.DataObject, user: int) -> None:
        process = self.any_process(data)
        viewer = Viewer(user)
        process.viewers.append(viewer)
        process.presence.come(viewer, user, NAMES[user])
        self.deliver(process.presence.greet())

    @rule(data=st.data())
    def go(self, data: st.DataObject) -> None:
        process = self.any_process(data)
        if process.viewers:
            viewer = data.draw(st.sampled_from(process.viewers))
            process.viewers.remove(viewer)
            process.presence.go(viewer)

    @rule(data=st.data())
    def announce(self, data: st.DataObject) -> None:
        self.let_announce(self.any_process(data))

    @rule(data=st.data())
    def whisper(self, data: st.DataObject) -> None:
        self.send_next(self.any_process(data))

    @rule(data=st.data())
    def hear(self, data: st.DataObject) -> None:
        self.hear_next(self.any_process(data))

    @rule(data=st.data())
    def tell(self, data: st.DataObject) -> None:
        self.deliver(self.any_process(data).presence.tell())

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        self.let_ask(self.any_process(data))

    @rule(data=st.data())
    def be_answered(self, data: st.DataObject) -> None:
        process = self.any_process(data)
        if process.answer is not None:
            self.let_read(process)

    @precondition(lambda self: self.is_lossy)
    @rule(data=st.data())
    def lose_a_whisper(self, data: st.DataObject) -> None:
        process = self.any_process(data)
        if process.inbox:
            process.inbox.popleft()
            self.has_lost_something = True

    @rule(data=st.data())
    def lose_what_was_told(self, data: st.DataObject) -> None:
        process = self.any_process(data)
        for viewer in process.viewers:
            viewer.people = None
        process.presence.forget_told(process.viewers)

    @precondition(lambda self: self.is_lossy and len(self.processes) > 1)
    @rule(data=st.data())
    def die(self, data: st.DataObject) -> None:
        self.processes.remove(self.any_process(data))
        self.has_lost_something = True

    def teardown(self) -> None:
        """Everything said is heard; the bus is asked again only where it has to be."""
        for process in self.processes:
            self.let_announce(process)
        while any(process.outbox or process.inbox for process in self.processes):
            for process in self.processes:
                self.send_next(process)
                self.hear_next(process)
        for process in self.processes:
            if self.has_lost_something or not process.presence.is_read:
                self.let_ask(process)
            if process.answer is not None:
                self.let_read(process)
            self.deliver(process.presence.tell())
            assert not process.presence.is_news()
        self.check()

    def check(self) -> None:
        """Compare what everyone holds with who is there."""
        there = sorted({viewer.user for process in self.processes for viewer in process.viewers})
        listed = {user: NAMES[user] for user in there[:LISTED_AT_MOST]}
        for process in self.processes:
            assert process.presence.is_over() == (not process.viewers)
            for viewer in process.viewers:
                assert (viewer.people, viewer.more) == (listed, len(there) - len(listed))

    def let_announce(self, process: Process) -> None:
        """Write to the bus; others are told later."""
        if change := process.presence.announce():
            process.written |= change.come
            process.written = {
                user: name for user, name in process.written.items() if user not in change.gone
            }
            process.outbox.append(change)

    def send_next(self, process: Process) -> None:
        """Hand the next whisper to every process, also to its own."""
        if process.outbox:
            change = process.outbox.popleft()
            for other in self.processes:
                other.inbox.append(change)

    def hear_next(self, process: Process) -> None:
        """Let a process hear, and contradict."""
        if process.inbox and (here := process.presence.hear(process.inbox.popleft())):
            process.outbox.append(Change(here, frozenset()))

    def let_ask(self, process: Process) -> None:
        """Read the bus; the answer arrives later."""
        process.presence.ask()
        process.answer = {user: name for one in self.processes for user, name in one.written.items()}

    def let_read(self, process: Process) -> None:
        """Let the answer arrive."""
        assert process.answer is not None
        process.presence.read(process.answer)
        process.answer = None
        self.deliver(process.presence.greet())

    def deliver(self, deliveries: list[Delivery[Viewer]]) -> None:
        """Hand each frame to whom it is for."""
        for delivery in deliveries:
            for frame in delivery.frames:
                for viewer in delivery.to:
                    viewer.take(orjson.loads(frame))


TestPresenceStates = PresenceStates.TestCase
TestPresenceStates.settings = settings(max_examples=300, stateful_step_count=40, deadline=None, database=None)
