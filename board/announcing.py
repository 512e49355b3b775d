"""Tell the hub what the board has recorded.

The event log is the truth; a lost announcement only delays the viewers. `announce` is the fast path of the
web process; `announce_missing` is what `manage.py announce` repeats until the hub has everything.
"""

import logging
import queue
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson
import urllib3
from django.conf import settings
from django.db import DatabaseError, connection

from board.batches import batches
from board.models.event import Event
from board.wire import Wire
from watercooler.messages import Keys, publish_body

if TYPE_CHECKING:
    from board.models.board import Board

TIMEOUT = urllib3.Timeout(connect=1, read=5)  # seconds
WAITING_EVENTS = 10_000  # in a web process; what does not fit is left to the announcer
EVENTS_A_POST = 100
BYTES_A_POST = 4 * 1024 * 1024  # half of what the hub takes at once
REST_AFTER_FAILURE_SECONDS = 1.0
REST_AFTER_POST_SECONDS = 0.015  # an idle board has no delay, a busy one shares the cost of a post

log = logging.getLogger(__name__)


class HubAway(Exception):
    """The hub did not take a post; the events stay in the log and are sent again."""


class HubRefused(HubAway):
    """The hub answered, and not as it should."""


@cache
def keys() -> Keys:
    """Return the secrets that the board shares with the hub."""
    return Keys.parse(settings.WATERCOOLER_KEYS)


def announce(event: Wire) -> None:
    """Hand a committed event to this process's sender, without waiting."""
    _sender().hand(event)


def announce_missing(boards: "Iterable[Board]") -> None:
    """Post what the hub has not acknowledged of these boards, in order, and note how far it has it.

    Raises HubAway; one whose events are refused keeps no other board waiting.
    """
    refused: HubRefused | None = None
    for board in boards:
        try:
            board.announced = _post_log(board.pk, after=board.announced)
        except HubRefused as error:
            refused = error
        else:
            board.save(update_fields=["announced"])
    if refused is not None:
        raise refused


def _post_log(board: int, *, after: int) -> int:
    """Post a board's log after a seq, from further back where the hub asks; return the last seq."""
    log_lines = Event.objects.filter(board=board).select_related("board").order_by("seq")
    while batch := log_lines.filter(seq__gt=after)[:EVENTS_A_POST]:
        events = next(batches((event.wire(event.board.epoch) for event in batch), size=BYTES_A_POST))
        have = post(events).get(board)
        if have == after:
            raise HubRefused(f"the hub has event {have} of board {board} and refuses the next")
        after = events[-1]["seq"] if have is None else have
    return after


def post(events: Sequence[Wire]) -> Mapping[int, int]:
    """Post `events` to the hub; return the top it has of each board that lacks an earlier event.

    Raises HubAway.
    """
    body = publish_body(events)  # type: ignore[arg-type]
    headers = {"content-type": "application/json", **keys().sign(body)}
    try:
        path = f"{urlsplit(settings.WATERCOOLER_URL).path.rstrip('/')}/publish"
        answer = _hub(settings.WATERCOOLER_URL).urlopen("POST", path, body=body, headers=headers)
    except urllib3.exceptions.HTTPError as error:
        raise HubAway(f"the hub at {settings.WATERCOOLER_URL} does not answer ({error})") from error
    if answer.status == 200:
        return {}
    if answer.status == 409:
        return {int(board): int(top) for board, top in orjson.loads(answer.data)["have"].items()}
    raise HubRefused(f"the hub at {settings.WATERCOOLER_URL} answered {answer.status}: {answer.data[:200]!r}")


@cache
def _hub(url: str) -> urllib3.HTTPConnectionPool:
    return urllib3.connection_from_url(url, maxsize=4, timeout=TIMEOUT, retries=False)


class Sender:
    """One thread of a web process that posts what it is handed, as one post where events pile up.

    While the hub is away it drops what it holds instead of keeping it: the announcer has the log.
    """

    def __init__(self) -> None:
        self._waiting: queue.Queue[Wire] = queue.Queue(WAITING_EVENTS)
        self._thread = threading.Thread(target=self._run, name="announcing", daemon=True)
        self._thread.start()

    def hand(self, event: Wire) -> None:
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            log.warning("too many events wait for the hub; event %s is left to the announcer", event["seq"])

    def _run(self) -> None:
        while True:
            try:
                self._post(self._take())
                time.sleep(REST_AFTER_POST_SECONDS)
            except (HubAway, DatabaseError) as error:
                log.warning("%s; the announcer will send the events", error)
                self._rest()
            except Exception:
                log.exception("a post failed unforeseen; the announcer will send the events")
                self._rest()

    def _post(self, events: list[Wire]) -> None:
        for batch in batches(events, size=BYTES_A_POST):
            for board, top in post(batch).items():
                _post_log(board, after=top)

    def _take(self) -> list[Wire]:
        """Wait for an event and take along what came with it, each board's in order."""
        events = [self._waiting.get()]
        while len(events) < EVENTS_A_POST and not self._waiting.empty():
            events.append(self._waiting.get_nowait())
        return sorted(events, key=lambda event: (event["board"], event["seq"]))

    def _rest(self) -> None:
        connection.close()
        time.sleep(REST_AFTER_FAILURE_SECONDS)
        while not self._waiting.empty():
            self._waiting.get_nowait()


@cache
def _sender() -> Sender:
    return Sender()
