"""The server's door: it turns newcomers away who are too many, before that costs as much as to let them in.

Tornado reads the request and makes a handler before ours can refuse: 0.3 ms of CPU, as much as a handshake.
The first bytes of a connection already tell a client of /live from a post of the board, for a sixth of that.
"""

from __future__ import annotations

import asyncio
import resource
import socket
import sys
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application

from watercooler import metrics
from watercooler.admission import retry_after
from watercooler.hub import Hub
from watercooler.post_reader import PostReader, begins_with_a_post

PLAIN_AT_MOST = 5_000  # connections that are no WebSocket, or not yet
FILES_KEPT = 128  # of those this process may open: for Redis, the board, the logs
FIRST_BYTES_SECONDS = 5
LIVE = b"GET /live"
HEAD_BYTES_AT_MOST = 64 * 1024
REFUSAL = (
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: {}\r\nConnection: close\r\n"
    "Access-Control-Allow-Origin: *\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n"
    '{{"error":"too many at once"}}'
)


class Door(HTTPServer):
    """Tornado's HTTP server behind an Admission."""

    def initialize(self, application: Application, hub: Hub, **options: Any) -> None:  # type: ignore[override]
        """Take the options of HTTPServer, and the hub, which decides."""
        super().initialize(application, **options)
        self._hub = hub
        self._admission = hub.admission
        self._silent_seconds = options["idle_connection_timeout"]
        self._post_readers: dict[PostReader, asyncio.Task[None]] = {}
        self._plain = 0
        self._highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - FILES_KEPT

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Serve a new connection, or end it."""
        if (
            self._plain >= PLAIN_AT_MOST or stream.socket.fileno() > self._highest
        ):  # the lowest free number is given
            metrics.REFUSED.labels("sockets").inc()
            stream.close()
        elif (why := self._admission.objection()) and _asks_for_live(stream.socket):
            metrics.REFUSED.labels(why).inc()
            _refuse(stream)
        else:
            self._plain += 1
            if begins_with_a_post(stream):
                reader = PostReader(stream, self._hub, silent_seconds=self._silent_seconds)
                reading = self._hub.tasks.start(self._read_posts(reader, stream, address), name="read posts")
                self._post_readers[reader] = reading
            else:
                super().handle_stream(stream, address)

    async def close_all_connections(self) -> None:
        """Close those of the board, too."""
        for reader in self._post_readers:
            reader.end()
        if self._post_readers:
            await asyncio.wait(self._post_readers.values())
        await super().close_all_connections()

    async def _read_posts(self, reader: PostReader, stream: IOStream, address: tuple[Any, ...]) -> None:
        is_for_tornado = False
        try:
            is_for_tornado = await reader.serve()
        finally:
            del self._post_readers[reader]
            if not is_for_tornado:
                self._plain -= 1
                stream.close()
        if is_for_tornado:
            super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        """Note a connection that has ended, or has become a WebSocket."""
        self._plain -= 1
        super().on_close(server_conn)


def wait_for_first_bytes(listener: socket.socket) -> None:
    """Let the system hand over a connection when it has said something, where the system can (tcp(7))."""
    if sys.platform == "linux":
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, FIRST_BYTES_SECONDS)


def _asks_for_live(connection: socket.socket) -> bool:
    try:
        return connection.recv(len(LIVE), socket.MSG_PEEK) == LIVE
    except OSError:  # it has said nothing yet, or has gone
        return False


def _refuse(stream: IOStream) -> None:
    """Answer, having read the request: to close before that would take the answer back (RFC 9112, 9.6)."""
    try:
        stream.socket.recv(HEAD_BYTES_AT_MOST)
        stream.socket.send(REFUSAL.format(retry_after()).encode())
    except OSError:
        pass  # gone already
    stream.close()
