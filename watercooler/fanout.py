"""Send one frame to many sockets: its bytes are made once and shared by all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from tornado.iostream import IOStream, StreamClosedError

from watercooler.connection import Connection
from watercooler.frames import text_frame
from watercooler.room import Delivery

BEHIND_BYTES_AT_MOST = 1024 * 1024  # then a socket is closed, and resumes later


class Outlet:
    """The way out of one socket: writes whole frames and counts how far the other side is behind."""

    def __init__(self, stream: IOStream, *, too_slow: Callable[[], None]) -> None:
        self._stream = stream
        self._too_slow = too_slow
        self._behind = 0  # bytes

    def write(self, data: bytes) -> None:
        """Send these bytes as they are; call `too_slow` if too many wait already.

        The new bytes do not count: a long replay is no slowness, and a client closed for it would only
        come back and ask for the same.
        """
        if self._behind > BEHIND_BYTES_AT_MOST:
            self._too_slow()
            return
        try:
            written = self._stream.write(data)
        except StreamClosedError:
            return  # its owner hears of that from Tornado
        if self._stream.writing():
            self._behind += len(data)
            written.add_done_callback(partial(self._flushed, len(data)))

    def _flushed(self, count: int, _: object) -> None:
        self._behind -= count


def fan_out(deliveries: Iterable[Delivery[Connection]]) -> None:
    """Send each delivery's frames, joined, to all whom it is for."""
    for delivery in deliveries:
        data = b"".join(text_frame(payload) for payload in delivery.frames)
        for connection in delivery.to:
            connection.write(data)
