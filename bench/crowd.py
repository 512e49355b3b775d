"""Let many people move cards of one board at once, each asking again until the move is done."""

import http.client
import itertools
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench.client import Client
from bench.filling import Filled
from bench.moving import endless_moves
from tests.stack import Stack

REST_SECONDS = 0.1  # before a move is asked for again, under the same key
PATIENCE_SECONDS = 30  # with one move, once told to stop


@dataclass
class Written:
    """What the writers did: each answer's time in ms, and how often a move failed, by what it met."""

    answered_ms: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)


class Writers:
    """People who move cards, each over a connection of its own, until they are told to stop."""

    def __init__(self, stack: Stack, board: Filled, count: int) -> None:
        self.written = Written()
        self._url, self._board = stack.board_url, board
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=[n, count]) for n in range(count)]
        reader = Client(self._url, board.sessions[0])
        self._tasks: list[dict[str, Any]] = reader.get(f"/api/boards/{board.id}/snapshot").json()["tasks"]
        reader.close()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each finish the move it is at."""
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _write(self, number: int, count: int) -> None:
        client = Client(self._url, self._board.sessions[number])
        for task, column, before in endless_moves(self._board, self._tasks, part=number, parts=count):
            if self._ending.is_set():
                break
            self._move(client, task, column, before)
        client.close()

    def _move(self, client: Client, task: int, column: int, before: int) -> None:
        """Ask until it is done: a repetition under the same key can do no harm."""
        key, began = secrets.token_hex(16), time.monotonic()
        for attempt in itertools.count():
            failure = self._try(client, task, column, before, key)
            if failure is None:
                self.written.answered_ms.append(1000 * (time.monotonic() - began))
                return
            self.written.failures[failure] += 1
            if self._ending.is_set() and attempt > PATIENCE_SECONDS / REST_SECONDS:
                return
            time.sleep(REST_SECONDS)

    def _try(self, client: Client, task: int, column: int, before: int, key: str) -> str | None:
        """Return why the move failed, or None."""
        try:
            answer = client.move(task, column=column, before=before, key=key)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        return None if answer.status == 200 else f"answer {answer.status}"
