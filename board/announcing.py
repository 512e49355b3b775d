"""Tell the hub what the board has recorded, and whose leave has ended.

The event log is the truth; a lost announcement only delays the viewers. `announce` is the fast path of the
web process; `announce_missing` is what `manage.py announce` repeats until the hub has everything.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection

from board.models.event import Event
from board.wire import Wire
from watercooler.messages import Control, Keys, revoke
from watercooler.publisher import HubRefused, NotPublished, Publisher

if TYPE_CHECKING:
    from board.models.board import Board

WAITING_AT_MOST = 10_000  # events in a web process; what does not fit is left to the announcer
TAKEN_AT_ONCE = 100
ROWS_AT_ONCE = 100
REST_AFTER_FAILURE_SECONDS = 1.0
REST_AFTER_POST_SECONDS = 0.03  # an idle board has no delay, a busy one shares the cost of a post
CONTROL_PATIENCE_SECONDS = (0.5, 1, 2, 5, 10, 20, 30, 30, 30)  # at most; about a minute on the average

T = TypeVar("T")
log = logging.getLogger(__name__)


@cache
def keys() -> Keys:
    """Return the secrets that the board shares with the hub."""
    return Keys.parse(settings.WATERCOOLER_KEYS)


def announce(event: Wire) -> None:
    """Hand a committed event to this process's sender, without waiting."""
    _events().hand(event)


def announce_missing(boards: "Iterable[Board]") -> None:
    """Post what the hub has not acknowledged of these boards, in order, and note how far it has it.

    Raises HubAway; and HubRefused, though one board whose events are refused keeps no other waiting.
    """
    refused: HubRefused | None = None
    for board in boards:
        try:
            tops = _publisher().publish(_log_after(board.pk, board.announced))
        except HubRefused as error:
            refused = error
        else:
            board.announced = tops.get(board.pk, board.announced)
            board.save(update_fields=["announced"])
    if refused is not None:
        raise refused


def end_leave(user: int) -> None:
    """Have every hub end this person's connections, without waiting.

    A control that is lost, with this process or a hub that stays away for about a minute, is not sent again:
    what a connection may then still hear ends with its ticket, ten minutes after that was issued.
    """
    _controls().hand(revoke(user))


def _publisher() -> Publisher:
    """Give the client that tries once: the log is kept, and the announcer tries again."""
    return _client(settings.WATERCOOLER_URL, patience=())


@cache
def _client(url: str, *, patience: tuple[float, ...]) -> Publisher:
    return Publisher(url, keys(), missing=_log_after, patience=patience)


def _log_after(board: int, after: int) -> Iterator[Any]:
    """Read a board's log after a seq, a few rows at a time, since they may be large."""
    rows = Event.objects.filter(board=board).select_related("board").order_by("seq")
    while batch := list(rows.filter(seq__gt=after)[:ROWS_AT_ONCE]):
        yield from (event.wire(event.board.epoch) for event in batch)
        after = batch[-1].seq


class Sender(Generic[T]):
    """One thread of a web process that posts what it is handed, as one post where much piles up.

    After a failure it keeps what waits only if it `keeps` such things: of events, the announcer has the log.
    """

    def __init__(self, post: Callable[[list[T]], None], *, keeps: bool, otherwise: str) -> None:
        self._post, self._keeps, self._otherwise = post, keeps, otherwise
        self._waiting: queue.Queue[T] = queue.Queue(WAITING_AT_MOST)
        self._thread = threading.Thread(target=self._run, name="announcing", daemon=True)
        self._thread.start()

    def hand(self, item: T) -> None:
        try:
            self._waiting.put_nowait(item)
        except queue.Full:
            log.warning("too much waits for the hub; %s", self._otherwise)

    def _run(self) -> None:
        while True:
            try:
                self._post(self._take())
                time.sleep(REST_AFTER_POST_SECONDS)
            except (NotPublished, DatabaseError) as error:
                log.warning("%s; %s", error, self._otherwise)
                self._rest()
            except Exception:
                log.exception("a post failed unforeseen; %s", self._otherwise)
                self._rest()

    def _take(self) -> list[T]:
        """Wait for something and take along what came with it."""
        items = [self._waiting.get()]
        while len(items) < TAKEN_AT_ONCE and not self._waiting.empty():
            items.append(self._waiting.get_nowait())
        return items

    def _rest(self) -> None:
        connection.close()
        time.sleep(REST_AFTER_FAILURE_SECONDS)
        while not self._keeps and not self._waiting.empty():
            self._waiting.get_nowait()


@cache
def _events() -> Sender[Wire]:
    return Sender(_post_events, keeps=False, otherwise="the announcer will send the events")


@cache
def _controls() -> Sender[Control]:
    return Sender(_post_controls, keeps=True, otherwise="the tickets end by themselves in ten minutes")


def _post_events(events: list[Any]) -> None:
    _publisher().publish(sorted(events, key=lambda event: (event["board"], event["seq"])))


def _post_controls(controls: list[Control]) -> None:
    _client(settings.WATERCOOLER_URL, patience=CONTROL_PATIENCE_SECONDS).publish(controls=controls)
