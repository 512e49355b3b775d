"""Somebody who changes a board without pause, and sends again, with the same key, what was not answered."""

import itertools
import random
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import httpx

from tests.browser.people import TeamBoard
from tests.services import wait_until

TASKS = 6
BETWEEN_TRIES_SECONDS = 0.05


class Writer(threading.Thread):
    """Writes while the `with` block runs; leaving it waits for the last answer."""

    def __init__(self, board: TeamBoard, chance: random.Random) -> None:
        super().__init__(name="writer", daemon=True)
        self._board, self._chance, self._ending = board, chance, threading.Event()
        self._tasks = [board.add(f"Task {number}") for number in range(TASKS)]
        self.answers: dict[str, httpx.Response] = {}
        self.tries = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ending.set()
        self.join()

    def run(self) -> None:
        for number, (method, path, body) in enumerate(self._changes()):
            self._until_answered(f"{self._board.id}-{number}", method, path, body)
            if self._ending.is_set():
                return

    def wait_for(self, more: int) -> None:
        """Wait until so many further changes are answered."""
        goal = len(self.answers) + more
        wait_until(lambda: len(self.answers) >= goal, f"{more} more changes are answered")

    def assert_all_in_log_once(self) -> None:
        """Check that every change answered with success is one event, the one that the answer named."""
        seqs: dict[str, list[int]] = {}
        for event in self._board.events():
            seqs.setdefault(event["cid"], []).append(event["seq"])
        for key, answer in self.answers.items():
            assert answer.is_success, f"{key}: {answer.status_code} {answer.text}"
            assert seqs[key] == [int(answer.headers["Board-Seq"])]

    def _changes(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield what to ask for, each a change for certain: a task moved on, renamed, or one more of them."""
        columns = (self._board.doing, self._board.done, self._board.todo)
        ways = {task: itertools.cycle(columns) for task in self._tasks}
        new = {"board": self._board.id, "sprint": self._board.sprint, "column": self._board.todo}
        for number in itertools.count():
            task = self._chance.choice(self._tasks)
            yield "PATCH", f"tasks/{task}", {"column": next(ways[task])}
            yield "PATCH", f"tasks/{task}", {"name": f"Name {number}"}
            yield "POST", "tasks", {**new, "name": f"New {number}"}

    def _until_answered(self, key: str, method: str, path: str, body: dict[str, Any]) -> None:
        while True:
            self.tries += 1
            try:
                answer = self._board.maker.ask(method, path, body, Idempotency_Key=key)
            except httpx.TransportError:
                self._ending.wait(BETWEEN_TRIES_SECONDS)
                continue
            if answer.status_code < 500:
                self.answers[key] = answer
                return
