"""Read a board's log over the board's own API: the truth, where the bus forgets."""

from __future__ import annotations

from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from watercooler.messages import BadMessage, Event, Keys, WatercoolerError, is_seq, parse_events, parse_object
from watercooler.room import Page
from watercooler.tickets import issue_hub_token

PAGE_EVENTS = 500
PAGES_AT_MOST = 10  # who is further behind is better served by a snapshot
REQUEST_SECONDS = 10


class BoardAway(WatercoolerError):
    """The board's API does not answer, or not as agreed; ask again later."""


class LogTrimmed(WatercoolerError):
    """The log no longer reaches back that far, or too far for a replay."""


class NoSuchBoard(WatercoolerError):
    """There is no such board any more."""


class BoardLog:
    """The logs of all boards, as one web server gives them."""

    def __init__(self, url: str, keys: Keys) -> None:
        self._url = url
        self._keys = keys
        self._client = AsyncHTTPClient(force_instance=True)

    async def read(self, board: int, *, after: int) -> Page:
        """Give every event after `after`, up to the top. Raises BoardAway, LogTrimmed, NoSuchBoard."""
        epoch, events, top = await self._page(board, after)
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
        same_epoch, events, _ = await self._page(board, after)
        if same_epoch != epoch or not events:
            raise BoardAway(f"the log of board {board} changed while it was read")
        return events

    async def _page(self, board: int, after: int) -> tuple[str, list[Event], int]:
        url = f"{self._url}/api/boards/{board}/events?after={after}&limit={PAGE_EVENTS}"
        response = await self._fetch(url)
        try:
            answer = parse_object(response.body, "the log")
            epoch, top, events = answer.get("epoch"), answer.get("seq"), parse_events(answer.get("events"))
        except BadMessage as error:
            raise BoardAway(f"GET {url} gave no log: {error}") from None
        if not isinstance(epoch, str) or not isinstance(top, int) or not is_seq(top):
            raise BoardAway(f"GET {url} gave epoch {epoch!r} and seq {top!r}")
        return epoch, events, top

    async def _fetch(self, url: str) -> HTTPResponse:
        headers = {"Authorization": f"Bearer {issue_hub_token(self._keys)}", "Accept": "application/json"}
        request = HTTPRequest(url, headers=headers, request_timeout=REQUEST_SECONDS, follow_redirects=False)
        try:
            response = await self._client.fetch(request, raise_error=False)
        except (OSError, HTTPClientError) as error:
            raise BoardAway(f"GET {url}: {error}") from None
        return _accepted(response, url)


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
