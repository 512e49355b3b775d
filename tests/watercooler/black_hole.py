"""A TCP proxy that can stop forwarding while its connections stand, as a broken network does."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Self

Address = str | tuple[str, int]  # a socket file, or a host and port


class BlackHole:
    """Forwards to `target`, or keeps what it is given. It works in threads, so that any test may use it."""

    def __init__(self, target: Address) -> None:
        self._target = target
        self._may_reach, self._may_return = threading.Event(), threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.let_through()

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return int(self._listener.getsockname()[1])

    def start(self) -> Self:
        """Listen on a free port."""
        self._listener = self._owned(socket.create_server(("127.0.0.1", 0)))
        self._run(self._accept)
        return self

    def swallow(self, *, answers_only: bool = False) -> None:
        """Forward nothing any more, not even the end of a connection."""
        self._may_return.clear()
        if not answers_only:
            self._may_reach.clear()

    def let_through(self) -> None:
        """Forward again, first what was kept: TCP repeats it once a network is mended."""
        self._may_reach.set()
        self._may_return.set()

    def close(self) -> None:
        """End every connection."""
        self.let_through()
        while any(thread.is_alive() for thread in self._threads):
            self._shut_down()
            self._threads[-1].join(0.01)
        for one in self._sockets:
            one.close()

    def _shut_down(self) -> None:
        for one in list(self._sockets):
            with contextlib.suppress(OSError):  # it has ended already
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was shut down by `close`
            while True:
                client = self._owned(self._listener.accept()[0])
                self._run(self._join, client)

    def _join(self, client: socket.socket) -> None:
        self._may_reach.wait()
        try:
            server = self._owned(_connected(self._target))
        except OSError:
            client.shutdown(socket.SHUT_RDWR)
            return
        self._run(self._return, server, client)
        _carry(client, server, self._may_reach)

    def _return(self, server: socket.socket, client: socket.socket) -> None:
        _carry(server, client, self._may_return)

    def _owned(self, one: socket.socket) -> socket.socket:
        self._sockets.append(one)
        if one.family == socket.AF_INET:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return one

    def _run(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        self._threads.append(thread)


def _carry(source: socket.socket, target: socket.socket, may_pass: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(64 * 1024):
            may_pass.wait()
            target.sendall(chunk)
    may_pass.wait()
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


def _connected(address: Address) -> socket.socket:
    if isinstance(address, tuple):
        return socket.create_connection(address)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
