"""What the ways without a WebSocket have in common: who asks, from which page, and from where on.

The ticket comes in the Authorization header, never in the address; it is for one board, so no board is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import NoReturn

import orjson
from tornado.web import Finish

from watercooler.admission import retry_after
from watercooler.connection import Connection, Outlet
from watercooler.frames import LIVE_VERSION, Close
from watercooler.handlers import Answering
from watercooler.hub import Hub
from watercooler.messages import BadMessage, is_seq
from watercooler.tickets import BadTicket, Ticket, read_ticket

PREFLIGHT_SECONDS = 7200  # then a page asks again whether it may ask; Chromium remembers no longer
EPOCH = re.compile(r"[!-~]{1,100}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants to hear: the events of the ticket's board that follow this one."""

    token: str
    board: int
    after: int
    epoch: str


class Fallback(Answering):
    """A request that says at once what a WebSocket's client says in its first two frames."""

    def initialize(self, hub: Hub, origins: frozenset[str]) -> None:  # type: ignore[override]
        """Remember the hub and whose pages may ask."""
        self.hub = hub
        self._origins = origins
        self._connection: Connection | None = None

    def prepare(self) -> None:
        """Refuse other sites' pages; without an Origin it is the hub's own site, or no browser."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")  # or nginx holds back what is sent
        self.set_header("Vary", "Origin")
        origin = self.request.headers.get("Origin")
        if origin is None:
            return
        if origin.lower() not in self._origins:
            self.refuse(HTTPStatus.FORBIDDEN, f"{origin} is not among WATERCOOLER_ORIGINS")
        self.set_header("Access-Control-Allow-Origin", origin)

    def options(self) -> None:
        """Let a page of ours send the headers that are read here."""
        self.set_header("Access-Control-Allow-Methods", "GET")
        self.set_header("Access-Control-Allow-Headers", "Authorization, Last-Event-ID")
        self.set_header("Access-Control-Max-Age", str(PREFLIGHT_SECONDS))
        self.set_status(HTTPStatus.NO_CONTENT)
        self.finish()

    def compute_etag(self) -> None:
        """Give none: no answer is kept."""

    def refuse(self, status: HTTPStatus, why: str) -> NoReturn:
        """End the request with this status."""
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.set_header("Retry-After", retry_after())
        self.answer(status, error=why)
        raise Finish

    def admitted(self) -> Asked:
        """Say what the client wants to hear, if it may; else refuse."""
        if why := self.hub.refusal():
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, why)
        token = self._token()
        ticket = self._ticket(token)
        if self.hub.bars(ticket):
            self.refuse(HTTPStatus.FORBIDDEN, f"board {ticket.board} is no longer open to this user")
        if self.hub.is_crowded(ticket.user):
            self.refuse(HTTPStatus.TOO_MANY_REQUESTS, "too many connections of one user")
        try:
            return Asked(token, ticket.board, *self._position(ticket.board))
        except BadMessage as error:
            self.refuse(HTTPStatus.BAD_REQUEST, str(error))

    def begin(self, outlet: Outlet, asked: Asked, *, close: Callable[[Close, str], None]) -> None:
        """Say what a WebSocket's client would say; the answers leave by the outlet."""
        self._connection = Connection(self.hub, outlet=outlet, close=close, can_answer=False)
        self.hub.admit(self._connection)
        hello = {"t": "hello", "v": LIVE_VERSION, "ticket": asked.token}
        sub = {"t": "sub", "b": asked.board, "ticket": asked.token, "after": asked.after, "e": asked.epoch}
        self._connection.receive(orjson.dumps(hello))
        self._connection.receive(orjson.dumps(sub))

    def leave(self) -> None:
        """Let the hub forget this client."""
        if self._connection is not None:
            self.hub.forget(self._connection)

    def _token(self) -> str:
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            self._challenge("there is no ticket; expected the header Authorization: Bearer TICKET")
        return token

    def _ticket(self, token: str) -> Ticket:
        try:
            return read_ticket(self.hub.keys, token, now=self.hub.timing.clock())
        except BadTicket as error:
            self._challenge(str(error))

    def _challenge(self, why: str) -> NoReturn:
        self.set_header("WWW-Authenticate", "Bearer")
        self.refuse(HTTPStatus.UNAUTHORIZED, why)

    def _position(self, board: int) -> tuple[int, str]:
        """Read after which event to go on; the header of one who comes back wins over the address."""
        last = self.request.headers.get("Last-Event-ID")
        if not last:
            return _checked(self.get_query_argument("after", ""), self.get_query_argument("e", ""))
        rest, _, after = last.rpartition(":")
        epoch, _, its_board = rest.rpartition(":")
        if its_board != str(board):
            raise BadMessage(f"Last-Event-ID is {last[:60]!r}; expected EPOCH:{board}:SEQ, as is the ticket")
        return _checked(after, epoch)


def _checked(after: str, epoch: str) -> tuple[int, str]:
    if not (after.isascii() and after.isdecimal() and len(after) <= 16 and is_seq(int(after))):
        raise BadMessage(f"after is {after[:60]!r}; expected the seq of the snapshot that is held")
    if not EPOCH.fullmatch(epoch):
        raise BadMessage(f"e is {epoch[:60]!r}; expected the epoch of the snapshot that is held")
    return int(after), epoch
