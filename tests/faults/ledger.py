"""A board that is written to: its rows are the truth, and its log follows from what is done to them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any, Self

import orjson

from board.replay import Gap, apply
from watercooler.messages import Event

COLUMNS = {1: "todo", 2: "doing", 3: "done"}
TASKS = range(3, 12)  # how many there are at least and at most
TICK_SECONDS = 0.005

Row = dict[str, Any]


class Held:
    """A snapshot as a client holds it; those who hold the same and hear the same share what follows.

    That makes a thousand clients as cheap as one, and takes nothing from the proof: `apply` is pure.
    """

    def __init__(self, state: Row) -> None:
        self.state = state
        self.seq: int = state["seq"]
        self._next: dict[bytes, Self] = {}

    def after(self, frame: bytes) -> Self:
        """Give the board after the event in this frame. Raises Gap."""
        held = self._next.get(frame)
        if held is None:
            held = self._next[frame] = self._after(orjson.loads(frame))
        return held

    def _after(self, frame: Row) -> Self:
        if frame["b"] != self.state["board"]["id"]:
            raise Gap(f"an event of another board: {frame}")
        return type(self)(apply(self.state, {"seq": frame["s"], "changes": frame["changes"]}))


class Ledger:
    """One board's rows and log; the moment of each commit is kept to measure how late it is heard of."""

    def __init__(self, number: int, *, epoch: str, chance: Random) -> None:
        self.number, self.epoch, self._chance = number, epoch, chance
        self.log: list[Event] = []
        self.committed: list[float] = [0.0]  # by seq, in seconds of the monotonic clock
        self.announced = 0  # up to which seq the hubs have acknowledged it
        self._members: dict[int, Row] = {}
        self._tasks: dict[int, Row] = {}
        self._places = 0
        self._held: Held | None = None

    @property
    def top(self) -> int:
        return len(self.log)

    def snapshot(self) -> Row:
        """Give what `GET /api/boards/N/snapshot` holds, as far as events can change it."""
        return {
            "board": {"id": self.number, "name": "Works", "version": 0, "archived": False},
            "members": list(self._members.values()),
            "columns": [{"id": n, "name": name, "place": f"a{n}"} for n, name in COLUMNS.items()],
            "sprints": [],
            "tasks": sorted(self._tasks.values(), key=lambda task: task["place"]),
            "seq": self.top,
            "epoch": self.epoch,
        }

    def held(self) -> Held:
        """Give a client its first snapshot."""
        if self._held is None or self._held.seq != self.top:
            self._held = Held(self.snapshot())
        return self._held

    def write(self, count: int = 1, **more: str) -> None:
        """Commit some changes of tasks; `more` are further fields of each, to make its event larger."""
        for _ in range(count):
            self._change_a_task(more)

    @asynccontextmanager
    async def written(self, *, a_second: float, **more: str) -> AsyncIterator[None]:
        """Commit changes at this rate while the block runs."""
        writing = asyncio.create_task(self._write_on(a_second, more))
        try:
            yield
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        assert writing.cancelled(), writing.exception()

    def admit(self, user: int) -> None:
        """Put somebody on the board."""
        member = {"id": user, "user": user, "username": f"user{user}", "name": f"User {user}"}
        self._members[user] = {**member, "version": self.top + 1}
        self._commit("member.added", "member", user, None, member)

    def remove(self, user: int) -> None:
        """Take somebody off the board."""
        self._commit("member.removed", "member", user, self._members.pop(user), None)

    async def _write_on(self, a_second: float, more: dict[str, str]) -> None:
        began, count = time.monotonic(), 0
        while True:
            due = int((time.monotonic() - began) * a_second)
            self.write(due - count, **more)
            count = due
            await asyncio.sleep(TICK_SECONDS)

    def _change_a_task(self, more: dict[str, str]) -> None:
        ways: list[Callable[[Row], None]] = [self._add, self._move, self._rename, self._delete]
        ways = ways[1:] if len(self._tasks) >= TASKS.stop - 1 else ways
        self._chance.choice(ways if len(self._tasks) > TASKS.start else [self._add])(dict(more))

    def _add(self, more: Row) -> None:
        number = self.top + 1
        task = {"id": number, "name": f"Task {number}", "column": 1, "place": self._next_place(), **more}
        self._tasks[number] = {**task, "version": number}
        self._commit("task.added", "task", number, None, task)

    def _move(self, more: Row) -> None:
        self._patch({"column": self._chance.choice(list(COLUMNS)), "place": self._next_place(), **more})

    def _rename(self, more: Row) -> None:
        self._patch({"name": f"Name {self.top + 1}", **more})

    def _patch(self, now: Row) -> None:
        task = self._chance.choice(list(self._tasks.values()))
        was = {name: task.get(name) for name in now}
        self._tasks[task["id"]] = {**task, **now, "version": self.top + 1}
        self._commit("task.changed", "task", task["id"], was, now)

    def _delete(self, more: Row) -> None:
        number = self._chance.choice(list(self._tasks))
        self._commit("task.deleted", "task", number, self._tasks.pop(number), None)

    def _next_place(self) -> str:
        """Give a place that none had: at the end, or, by a last letter drawn at random, between others."""
        self._places += 1
        return f"a{self._chance.randrange(1_000):03}{self._places:07}"

    def _commit(self, verb: str, entity: str, number: int, was: Row | None, now: Row | None) -> None:
        seq = self.top + 1
        self.log.append(
            {
                "board": self.number,
                "epoch": self.epoch,
                "seq": seq,
                "verb": verb,
                "by": 1,
                "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
                "cid": f"{self.number}-{seq}",
                "changes": [{"entity": entity, "id": number, "was": was, "now": now}],
            }
        )
        self.committed.append(time.monotonic())
