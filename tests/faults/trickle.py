"""A connection that can be read one byte a second, as through a phone at the edge of its network."""

import asyncio

from tests.faults.viewer import Viewer
from tests.faults.websocket import Line

BUFFER_BYTES = 256 * 1024


class Trickle(asyncio.BufferedProtocol):
    """Stands before a Line and hands it what comes, at once or drop by drop."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray(BUFFER_BYTES)
        self._is_slow = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin at full speed."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._line.connection_made(transport)

    def read(self, *, slowly: bool) -> None:
        """Read a byte a second from now on, or all that there is."""
        self._is_slow = slowly

    def get_buffer(self, sizehint: int) -> memoryview:
        """Give room for what is read next."""
        return memoryview(self._buffer)[: 1 if self._is_slow else None]

    def buffer_updated(self, nbytes: int) -> None:
        """Hand on what was read, and, if slow, read no more for a second."""
        self._line.data_received(bytes(self._buffer[:nbytes]))
        if self._is_slow and not self._transport.is_closing():
            self._transport.pause_reading()
            self._loop.call_later(1, self._transport.resume_reading)

    def connection_lost(self, error: Exception | None) -> None:
        """Say how it ended."""
        self._line.connection_lost(error)


class SlowViewer(Viewer):
    """A client whose reading can be slowed down."""

    _trickle: Trickle

    def read(self, *, slowly: bool) -> None:
        """Read a byte a second from now on, or all that there is."""
        self._trickle.read(slowly=slowly)

    def _new_protocol(self, line: Line) -> asyncio.BaseProtocol:
        self._trickle = Trickle(line)
        return self._trickle
