"""One browser's conversation with the hub: what it may do, and what it is told.

The socket is somebody else's: bytes leave by its outlet, and `close` ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Protocol

import structlog

from watercooler import frames
from watercooler.frames import Close, Hello, Pong, Renew, Say, Subscribe
from watercooler.messages import BadMessage, Keys
from watercooler.tickets import BadTicket, ExpiredTicket, Ticket, read_ticket
from watercooler.timing import TICKET_GRACE, Timing

Encode = Callable[[bytes], bytes]
Send = Callable[[bytes], int]  # takes what it can at once, says how much, and raises as a socket does

BOARDS_AT_MOST = 64
FRAMES_A_SECOND = 50
NEVER = datetime.max.replace(tzinfo=UTC)
log = structlog.get_logger("watercooler")


class Outlet(Protocol):
    """The way out to one browser."""

    encode: Encode  # wraps one frame's JSON as this way wants it
    send: Send  # takes encoded frames while nothing waits, else nothing
    has_lost: bool  # something ephemeral, since somebody last asked

    def write(self, data: bytes, *, ephemeral: bool = False, sent: int = 0) -> None:
        """Send whole encoded frames, of which `send` has taken so many bytes already.

        What is ephemeral is lost if too much waits already.
        """


def send_nothing(_: bytes) -> int:
    """Take nothing: what is sent has to be written."""
    return 0


class Desk(Protocol):
    """What a connection needs of the hub."""

    keys: Keys
    timing: Timing
    ping_seconds: int

    def greet(self, connection: Connection) -> bool:
        """Take in a connection that has said who it is; False if its user has too many."""

    def bars(self, ticket: Ticket) -> bool:
        """Say whether it opens its board no more: it was revoked, or its user taken off the board since."""

    def revoked(self, ticket: Ticket) -> bool:
        """Say whether it opens nothing at all any more."""

    def subscribe(self, connection: Connection, asked: Subscribe) -> None:
        """Let the connection into a room."""

    def leave(self, connection: Connection, board: int) -> None:
        """Take the connection out of a room."""

    def say(self, connection: Connection, say: Say) -> None:
        """Pass on what somebody does to the others on the board."""

    def tell(self, connection: Connection, payload: bytes) -> None:
        """Send one frame, behind what is on its way to the connection."""


class Connection:
    """A state machine over frames."""

    __slots__ = (  # there are ten thousand of them
        "_can_answer",
        "_close",
        "_desk",
        "_frames_in_second",
        "_issued",
        "_owes_pong",
        "_second",
        "boards",
        "name",
        "outlet",
        "user",
    )

    def __init__(
        self, desk: Desk, *, outlet: Outlet, close: Callable[[Close, str], None], can_answer: bool = True
    ) -> None:
        self.name = token_urlsafe(8)
        self.user: int | None = None
        self._issued = NEVER  # its ticket, once it has said who it is
        self.boards: dict[int, Ticket] = {}  # and the leave to watch each of them
        self.outlet = outlet
        self._desk = desk
        self._close = close
        self._can_answer = can_answer  # a ping, with a pong
        self._owes_pong = False
        self._second, self._frames_in_second = 0, 0

    def receive(self, text: str | bytes) -> None:
        """Act on one frame."""
        if not self.count_frame():
            return
        try:
            frame = frames.parse_frame(text)
        except BadMessage as error:
            self._close(Close.PROTOCOL, str(error))
            return
        try:
            self._act(frame)
        except Exception:  # whatever goes wrong with one client, it is the end of this one alone
            log.exception("frame failed", connection=self.name, frame=type(frame).__name__)
            self._close(Close.SERVER_ERROR, "the hub failed at this frame")

    def count_frame(self) -> bool:
        """Take note of a frame, also of one without a meaning here; False if it was one too many."""
        if self._is_too_fast():
            self._close(Close.TOO_FAST, f"more than {FRAMES_A_SECOND} frames a second")
            return False
        return True

    def ping(self, tops: dict[int, int]) -> None:
        """Say where the boards stand; end a connection that never answered the last time."""
        if self._owes_pong:
            self._close(Close.NO_PONG, "no pong since the last ping")
            return
        self._owes_pong = self._can_answer
        self._say(frames.ping(tops))

    def expire(self, now: datetime) -> None:
        """Leave each board whose ticket ended more than the grace ago."""
        for board in [board for board, leave in self.boards.items() if leave.expires + TICKET_GRACE <= now]:
            self.refuse(board, "ticket")

    def refuse(self, board: int, why: str) -> None:
        """End one board's subscription, if there is one, and say why."""
        self.boards.pop(board, None)
        self._desk.leave(self, board)
        self._say(frames.refused(board, why))

    def lose(self, board: int | None, *, at: datetime) -> None:
        """Lose what rests on tickets issued at or before `at`: one board or, without it, everything."""
        if board is None:
            if max([self._issued, *(leave.issued for leave in self.boards.values())]) <= at:
                self._close(Close.REVOKED, "the ticket was revoked")
        elif board in self.boards and self.boards[board].issued <= at:
            self.refuse(board, "board")

    def drain(self) -> None:
        """Send the client to another hub, or to this one later."""
        self._close(Close.DRAINING, "the hub restarts")

    def hang_up(self) -> None:
        """End a connection that never said who it is."""
        if self.user is None:
            self._close(Close.NO_HELLO, f"no hello within {self._desk.timing.hello_seconds} s")

    def _act(self, frame: frames.ClientFrame) -> None:
        match frame:
            case Hello():
                self._hello(frame)
            case _ if self.user is None:
                self._close(Close.PROTOCOL, "the first frame has to be a hello")
            case Subscribe():
                self._subscribe(frame)
            case Renew():
                self._renew(frame)
            case Pong():
                self._owes_pong = False
            case Say():
                self._desk.say(self, frame)

    def _hello(self, hello: Hello) -> None:
        if hello.version != frames.LIVE_VERSION:
            self._close(Close.VERSION, f"this hub speaks version {frames.LIVE_VERSION}")
        elif self.user is not None:
            self._close(Close.PROTOCOL, "a second hello")
        elif ticket := self._identified(hello.ticket):
            self._welcome(ticket)

    def _identified(self, token: str) -> Ticket | None:
        try:
            ticket = read_ticket(self._desk.keys, token, now=self._desk.timing.clock())
            if not self._desk.revoked(ticket):
                return ticket
            self._close(Close.REVOKED, "the ticket was revoked")
        except ExpiredTicket as error:
            self._close(Close.TICKET_EXPIRED, str(error))
        except BadTicket as error:
            self._close(Close.BAD_TICKET, str(error))
        return None

    def _welcome(self, leave: Ticket) -> None:
        self.user, self._issued = leave.user, leave.issued
        if not self._desk.greet(self):
            self._close(Close.TOO_MANY_CONNECTIONS, "too many connections of one user")
            return
        now = self._desk.timing.clock()
        self._say(frames.welcome(connection=self.name, now=now, ping_seconds=self._desk.ping_seconds))

    def _subscribe(self, asked: Subscribe) -> None:
        ticket = self._ticket(asked.ticket, asked.board)
        if ticket is None:
            self.refuse(asked.board, "ticket")
        elif self._desk.bars(ticket):
            self.refuse(asked.board, "board")
        elif asked.board not in self.boards and len(self.boards) >= BOARDS_AT_MOST:
            self._say(frames.refused(asked.board, "too many"))
        else:
            self.boards[asked.board] = ticket
            self._desk.subscribe(self, asked)

    def _renew(self, renewal: Renew) -> None:
        ticket = self._ticket(renewal.ticket, renewal.board)
        if ticket is None:
            self.refuse(renewal.board, "ticket")
        elif renewal.board in self.boards:
            self.boards[renewal.board] = ticket

    def _ticket(self, token: str, board: int) -> Ticket | None:
        """Read a ticket of this user for this board; None if it is not one."""
        try:
            ticket = read_ticket(self._desk.keys, token, now=self._desk.timing.clock())
        except BadTicket:
            return None
        return ticket if (ticket.user, ticket.board) == (self.user, board) else None

    def _say(self, payload: bytes) -> None:
        self._desk.tell(self, payload)

    def _is_too_fast(self) -> bool:
        second = int(self._desk.timing.clock().timestamp())
        if second != self._second:
            self._second, self._frames_in_second = second, 0
        self._frames_in_second += 1
        return self._frames_in_second > FRAMES_A_SECOND
