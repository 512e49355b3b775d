"""A running hub: its socket, from the first connection to an orderly end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from tornado.netutil import bind_sockets

from watercooler.application import make_application
from watercooler.bus import Bus
from watercooler.configuration import BadConfiguration, Configuration
from watercooler.door import Door, wait_for_first_bytes
from watercooler.hub import Hub
from watercooler.memory_bus import MemoryBus
from watercooler.redis_bus import RedisBus
from watercooler.timing import Timing

SILENT_SECONDS = 75  # for which a connection without a request is kept, as nginx keeps its own
BACKLOG = 2048  # connections that may wait to be accepted, after a restart
BUFFER_BYTES = 1024 * 1024
PATIENT_BODY_BYTES = 1024**3  # the handlers refuse earlier, with a reason


class Service:
    """One hub process."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        failed: Callable[[], None],
        timing: Timing | None = None,
        shares_port: bool = False,
    ) -> None:
        self._configuration = configuration
        self._timing = timing or Timing()
        bus = _bus(configuration, self._timing)
        self.hub = Hub(configuration, bus, timing=self._timing, failed=failed)
        application = make_application(self.hub, origins=configuration.origins)
        self._server = Door(
            application,
            hub=self.hub,
            xheaders=True,
            idle_connection_timeout=SILENT_SECONDS,
            max_buffer_size=BUFFER_BYTES,
            max_body_size=PATIENT_BODY_BYTES,
        )
        self._shares_port = shares_port
        self.port = 0

    async def start(self) -> None:
        """Listen. Raises BadConfiguration if the address cannot be had."""
        host, port = self._configuration.host, self._configuration.port
        try:
            sockets = bind_sockets(port, host, backlog=BACKLOG, reuse_port=self._shares_port)
        except OSError as error:
            raise BadConfiguration(
                f"cannot listen on {host}:{port}: {error.strerror}; is another hub running?"
                " Choose another with WATERCOOLER_PORT or WATERCOOLER_HOST"
            ) from None
        self.port = sockets[0].getsockname()[1]
        for listener in sockets:
            wait_for_first_bytes(listener)
        self.hub.start()
        self._server.add_sockets(sockets)

    async def stop(self) -> None:
        """Take nothing new, send the clients away, and end when they have gone."""
        self._server.stop()
        await self.hub.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timing.goodbye_seconds):
                await self.hub.posts.wait_until_answered()
                await self._server.close_all_connections()
                await self.hub.wait_until_empty()
        await self.hub.stop()


def _bus(configuration: Configuration, timing: Timing) -> Bus:
    if configuration.redis_url:
        return RedisBus(configuration.redis_url, timing=timing)
    return MemoryBus()
