"""The WebSocket at /live: Tornado's side of a connection."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import structlog
from tornado.websocket import WebSocketHandler

from watercooler import metrics
from watercooler.admission import retry_after
from watercooler.connection import Connection
from watercooler.frames import Close
from watercooler.hub import Hub
from watercooler.outlet import open_outlet

FRAME_BYTES_AT_MOST = 16 * 1024
REASON_BYTES_AT_MOST = 123  # RFC 6455, section 5.5
KEPT = {
    *("_hub", "_connection", "_outlet", "_hello_timer"),
    *("ws_connection", "close_code", "close_reason", "_on_close_called"),  # of WebSocketHandler
    *("application", "_status_code", "_finished", "_auto_finish", "_prepared_future"),  # of RequestHandler
}
log = structlog.get_logger("watercooler")


class Live(WebSocketHandler):
    """Turns what Tornado reports into a Connection's words, and back."""

    close_code = close_reason = _prepared_future = (
        None  # what is so for most who are connected needs no place
    )
    _on_close_called = False  # in each one's own dictionary
    _finished = _auto_finish = True

    def initialize(self, hub: Hub, origins: frozenset[str]) -> None:
        """Remember the hub and whose pages may connect."""
        self._hub = hub
        self._origins = origins

    def prepare(self) -> None:
        """Take no new socket while going down, nor more of them at once than this process can greet."""
        if why := self._hub.refusal():
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
            self.set_header("Retry-After", retry_after())
            self.finish(why)

    def check_origin(self, origin: str) -> bool:
        """Accept the board's own pages; the ticket is the gate, this keeps other sites from knocking."""
        return origin.lower() in self._origins

    def open(self, *_: str, **__: str) -> None:
        """Begin the conversation, and give the client a moment to say who it is."""
        self.set_nodelay(True)
        self._outlet = open_outlet(self, laggards=self._hub.fanout.laggards, too_slow=self._too_slow)
        self._connection = Connection(self._hub, outlet=self._outlet, close=self._end)
        self._hub.admit(self._connection)
        log.debug("opened", connection=self._connection.name)
        self._hello_timer: asyncio.TimerHandle | None = asyncio.get_running_loop().call_later(
            self._hub.timing.hello_seconds, self._connection.hang_up
        )
        self._forget_request()

    def on_message(self, message: str | bytes) -> None:
        """Hand a frame on; what takes time is done elsewhere, or pongs would not be read."""
        if self.ws_connection is not None:  # None once we have closed our side
            self._connection.receive(message)
        if self._connection.user is not None:
            self._stop_hello_timer()

    def on_ping(self, data: bytes) -> None:
        """Let Tornado's pong through before anything else, but not for one who does nothing but ping."""
        if self.ws_connection is not None and self._connection.count_frame():
            self._outlet.give_way()

    def on_pong(self, data: bytes) -> None:
        """Count it, too: nobody asked for it."""
        if self.ws_connection is not None:
            self._connection.count_frame()

    def on_close(self) -> None:
        """Forget the connection, whoever ended it."""
        self._stop_hello_timer()
        self._hub.forget(self._connection)
        log.debug("closed", connection=self._connection.name, code=self.close_code)

    def log_exception(self, *error: Any) -> None:
        """Log what went wrong with a frame, without the request, which is forgotten by then."""
        log.error("frame failed", connection=self._connection.name, exc_info=error)

    def _forget_request(self) -> None:
        """Let go of what only the handshake needed, a third of a connection's memory.

        A dictionary never gets smaller, so the handler is given a new one, without what its class says too.
        """
        vars(self.request.headers).clear()  # Tornado waits for frames in a function that still names them
        own = ((name, value) for name, value in vars(self).items() if name in KEPT)
        self.__dict__ = {name: value for name, value in own if value is not getattr(Live, name, own)}

    def _stop_hello_timer(self) -> None:
        if self._hello_timer is not None:
            self._hello_timer.cancel()
            self._hello_timer = None

    def _too_slow(self) -> None:
        self._end(Close.SLOW, "too far behind")

    def _end(self, code: Close, reason: str) -> None:
        """Leave every room first: no data may follow the close frame."""
        self._hub.leave_all(self._connection)
        self._outlet.shut()
        metrics.CLOSES.labels(int(code)).inc()
        log.debug("closing", code=int(code), reason=reason, connection=self._connection.name)
        self.close(code, reason.encode()[:REASON_BYTES_AT_MOST].decode(errors="ignore"))
