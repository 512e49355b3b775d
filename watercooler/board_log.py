"""Read a board's log over the board's own API: the truth, where the bus forgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from watercooler.messages import BadMessage, Event, Keys, WatercoolerError, is_seq, parse_events, parse_object
from watercooler.removals import Listing
from watercooler.room import Page
from watercooler.tickets import issue_hub_token

PAGE_EVENTS = 500
PAGES_AT_MOST = 10  # who is further behind is better served by a snapshot
REQUEST_SECONDS = 10


class BoardAway(WatercoolerError):
    """The board's API does not answer, or not as agreed; ask again later."""


class LogTrimmed(WatercoolerError):
    """The log does not reach back, or forward, that far, or too far for a replay."""


class NoSuchBoard(WatercoolerError):
    """There is no such board any more."""


class Answer(NamedTuple):
    """What the board says at once."""

    epoch: str
    events: list[Event]
    top: int
    members: frozenset[int] | None


class BoardLog:
    """The logs of all boards, as one web server gives them.

    `named` hears whom a board names as its members, before whoever asked gets the log.
    """

    def __init__(
        self,
        url: str,
        keys: Keys,
        *,
        named: Callable[[int, Listing], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._url = url
        self._keys = keys
        self._named, self._clock = named, clock
        self._client = AsyncHTTPClient(force_instance=True)

    async def read(self, board: int, *, after: int) -> Page:
        """Give every event after `after`, up to the top. Raises BoardAway, LogTrimmed, NoSuchBoard."""
        asked = self._clock()
        epoch, events, top, members = await self._page(board, after)
        if members is not None:
            self._named(board, Listing(members, top, asked))
        if top <= after:
            return Page(epoch, top, ())
        for _ in range(1, PAGES_AT_MOST):
            if after + len(events) >= top:
                break
            events += await self._next(board, after + len(events), epoch)
        _check_contiguous(events, after)
        if after + len(events) < top:
            raise LogTrimmed(f"board {board} has {top - after} events after {after}, too many to replay")
        return Page(epoch, after, tuple(events))

    def close(self) -> None:
        """Let go of every connection."""
        self._client.close()

    async def _next(self, board: int, after: int, epoch: str) -> list[Event]:
        page = await self._page(board, after)
        if page.epoch != epoch or not page.events:
            raise BoardAway(f"the log of board {board} changed while it was read")
        return page.events

    async def _page(self, board: int, after: int) -> Answer:
        url = f"{self._url}/api/boards/{board}/events?after={after}&limit={PAGE_EVENTS}"
        response = await self._fetch(url)
        try:
            answer = parse_object(response.body, "the log")
            epoch, top, events = answer.get("epoch"), answer.get("seq"), parse_events(answer.get("events"))
        except BadMessage as error:
            raise BoardAway(f"GET {url} gave no log: {error}") from None
        if not isinstance(epoch, str) or not isinstance(top, int) or not is_seq(top):
            raise BoardAway(f"GET {url} gave epoch {epoch!r} and seq {top!r}")
        return Answer(epoch, events, top, _members(answer.get("members"), url))

    async def _fetch(self, url: str) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {issue_hub_token(self._keys)}", "Accept": "application/json"}
        request = HTTPRequest(url, headers=headers, request_timeout=REQUEST_SECONDS, follow_redirects=False)
        try:
            response = await self._client.fetch(request, raise_error=False)
        except (OSError, HTTPClientError) as error:
            raise BoardAway(f"GET {url}: {error}") from None
        return _accepted(response, url)


def _members(value: object, url: str) -> frozenset[int] | None:
    """Read who may see the board; a project that does not say leaves it to its tickets."""
    if value is None:
        return None
    if not isinstance(value, list) or not all(type(user) is int for user in value):
        raise BoardAway(f"GET {url} gave members {str(value)[:60]}; expected a list of users' numbers")
    return frozenset(value)


def _accepted(response: HTTPResponse, url: str) -> HTTPResponse:
    match response.code:
        case 200:
            return response
        case 404 if _is_the_boards_own(response):
            raise NoSuchBoard(f"GET {url} answered 404")
        case 410:
            raise LogTrimmed(f"GET {url} answered 410")
        case 401 | 403:
            raise BoardAway(f"GET {url} answered {response.code}; do both have the same WATERCOOLER_KEYS?")
    raise BoardAway(f"GET {url} answered {response.code}; is BOARD_URL {urlsplit(url).netloc} the board?")


def _is_the_boards_own(response: HTTPResponse) -> bool:
    """Tell the board's refusal from the 404 of a proxy that has no board behind it for a moment."""
    try:
        return parse_object(response.body, "the refusal").get("code") == "not_found"
    except BadMessage:
        return False


def _check_contiguous(events: list[Event], after: int) -> None:
    for place, event in enumerate(events, start=after + 1):
        if event["seq"] != place:
            raise BoardAway(f"the log of board {event['board']} has {event['seq']} in the place of {place}")
