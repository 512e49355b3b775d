"""Publish events and controls to the hub, from any program.

Whatever is posted may be posted again, since the hub passes over what it has. So a hub that is away is tried
again, and one that lacks earlier events is sent them first, from the program's own log.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import uniform
from typing import TypeVar
from urllib.parse import urlsplit

import orjson
import urllib3

from watercooler.messages import (
    BadMessage,
    Control,
    Event,
    Keys,
    WatercoolerError,
    is_seq,
    parse_object,
    publish_body,
)

TIMEOUT = urllib3.Timeout(connect=1, read=5)  # seconds
CONNECTIONS = 4  # kept open; whoever needs one more waits
EVENTS_A_POST = 100
BYTES_A_POST = 4 * 1024 * 1024  # half of what the hub takes at once
PATIENCE_SECONDS = (0.1, 0.5, 1.0, 2.0)
AWAY = frozenset({408, 429, 502, 503, 504})  # statuses: nobody is there, or nobody who can take it now

E = TypeVar("E", bound=Mapping[str, object])
Missing = Callable[[int, int], Iterable[Event]]


class NotPublished(WatercoolerError):
    """The hub has not taken everything; to send again what it has taken does no harm.

    NotPublished
    ├── HubAway      it does not answer, or cannot take anything now: try again later
    └── HubRefused   it answers that the post is wrong: to repeat it as it is would not help
    """


class HubAway(NotPublished):
    """The hub does not answer, or cannot take anything now."""


class HubRefused(NotPublished):
    """The hub answers that the post is wrong."""


class Publisher:
    """A client of the hub at `url`, for all threads and tasks of a program.

    `missing(board, after)` reads the program's own log: it gives the events after a seq, in order and without
    a gap, and is asked when the hub lacks some. After a failure that time may mend, the next try comes at a
    random moment within the first, second… of `patience` seconds; without any there is one try.
    """

    def __init__(
        self,
        url: str,
        keys: Keys,
        *,
        missing: Missing | None = None,
        patience: Sequence[float] = PATIENCE_SECONDS,
    ) -> None:
        self.url = url.rstrip("/")
        self._path = f"{urlsplit(self.url).path}/publish"
        self._keys, self._missing, self._patience = keys, missing, tuple(patience)
        self._pool = urllib3.connection_from_url(
            self.url, maxsize=CONNECTIONS, block=True, timeout=TIMEOUT, retries=False
        )
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="publisher")

    def publish(self, events: Iterable[Event] = (), *, controls: Iterable[Control] = ()) -> dict[int, int]:
        """Post each board's events in order, as many posts as it takes; return the last seq of each board.

        Raises HubAway, HubRefused.
        """
        tops: dict[int, int] = {}
        if controls := tuple(controls):
            self._send(publish_body([], controls))
        for batch in batches(events, size=BYTES_A_POST, count=EVENTS_A_POST):
            tops |= {event["board"]: event["seq"] for event in batch}
            for board, top in self._send(publish_body(batch)).items():
                tops[board] = self._fill(board, top)
        return tops

    async def publish_async(
        self, events: Iterable[Event] = (), *, controls: Iterable[Control] = ()
    ) -> dict[int, int]:
        """Do the same in a thread; what is cancelled meanwhile may be posted all the same."""
        publish = partial(self.publish, events, controls=controls)
        return await asyncio.get_running_loop().run_in_executor(self._threads, publish)

    def close(self) -> None:
        """Let go of every connection, when what is being posted has been."""
        self._threads.shutdown()
        self._pool.close()

    def _fill(self, board: int, have: int) -> int:
        """Post what the hub lacks of a board; return the last seq. Raises HubAway, HubRefused."""
        last = have
        for batch in batches(self._log(board, have), size=BYTES_A_POST, count=EVENTS_A_POST):
            if board in self._send(publish_body(batch)):
                raise HubRefused(
                    f"the hub has event {last} of board {board} and refuses {batch[0]['seq']} as the next;"
                    f" expected `missing` to give {last + 1} and what follows it, without a gap"
                )
            last = batch[-1]["seq"]
        if last == have:
            raise HubRefused(f"the hub lacks what follows event {have} of board {board}, and no log gives it")
        return last

    def _log(self, board: int, after: int) -> Iterable[Event]:
        return self._missing(board, after) if self._missing else ()

    def _send(self, body: bytes) -> Mapping[int, int]:
        """Post, again and again while that may help; return what `_post` does."""
        for longest in self._patience:
            try:
                return self._post(body)
            except HubAway:
                time.sleep(uniform(0, longest))  # noqa: S311 - no secret depends on it
        return self._post(body)

    def _post(self, body: bytes) -> Mapping[int, int]:
        """Post once; return the top that the hub has of each board that lacks an earlier event."""
        headers = {"content-type": "application/json", **self._keys.sign(body)}
        try:
            answer = self._pool.urlopen("POST", self._path, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise HubAway(f"the hub at {self.url} does not answer ({error})") from error
        if answer.status == 200:
            return {}
        if answer.status == 409:
            return _tops(answer.data)
        kind = HubAway if answer.status in AWAY else HubRefused
        raise kind(f"the hub at {self.url} answered {answer.status}: {answer.data[:200]!r}")


def batches(events: Iterable[E], *, size: int, count: int) -> Iterator[list[E]]:
    """Yield `events` in order, in lists of at most `count` and `size` bytes of JSON, or one larger."""
    batch: list[E] = []
    held = 0
    for event in events:
        length = len(orjson.dumps(event))
        if batch and (held + length > size or len(batch) == count):
            yield batch
            batch, held = [], 0
        batch.append(event)
        held += length
    if batch:
        yield batch


def _tops(body: bytes) -> dict[int, int]:
    """Read what a hub has that lacks earlier events."""
    try:
        have = parse_object(body, "the answer")["have"]
        tops = {int(board): top for board, top in have.items()}
    except (BadMessage, KeyError, ValueError, AttributeError):
        tops = {}
    if not tops or not all(map(is_seq, tops.values())):
        raise HubRefused(f'the hub answered 409 with {body[:200]!r}; expected {{"have": {{"7": 1070}}}}')
    return tops
