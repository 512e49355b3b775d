"""What the board and an operator ask of the hub over HTTP: publish, health, ready, metrics."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from tornado.web import HTTPError, RequestHandler, stream_request_body

from watercooler import metrics
from watercooler.bus import BusAway
from watercooler.hub import Hub
from watercooler.posting import json_of, take_post

BODY_BYTES_AT_MOST = 8 * 1024 * 1024


class Answering(RequestHandler):
    """Answers in JSON, errors too."""

    def initialize(self, hub: Hub) -> None:
        """Remember the hub."""
        self.hub = hub

    def answer(self, status: HTTPStatus, **fields: Any) -> None:
        """Finish with this object."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json_of(fields))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Name what Tornado itself refuses."""
        self.answer(HTTPStatus(status_code), error=self._reason)


@stream_request_body
class Publish(Answering):
    """POST /publish: events from the board."""

    def prepare(self) -> None:
        """Refuse what is too long before it is read."""
        self._body = bytearray()
        self.hub.posts.note(self)
        if int(self.request.headers.get("Content-Length", "0")) > BODY_BYTES_AT_MOST:
            self._refuse_length()

    def data_received(self, chunk: bytes) -> None:
        """Collect the body, also one that did not say how long it is."""
        self._body += chunk
        if len(self._body) > BODY_BYTES_AT_MOST:
            self._refuse_length()

    def on_finish(self) -> None:
        """Note that it is answered: a hub that goes down waits for that."""
        self.hub.posts.answered(self)

    on_connection_close = on_finish

    async def post(self) -> None:
        """Take it, and answer."""
        status, fields = await take_post(self.hub, bytes(self._body), self.request.headers)
        self.answer(status, **fields)

    def _refuse_length(self) -> None:
        self.set_header("Connection", "close")
        raise HTTPError(413, reason=f"More than {BODY_BYTES_AT_MOST} bytes")


class Health(Answering):
    """GET /health: the process is alive."""

    def get(self) -> None:
        """Say so."""
        self.answer(HTTPStatus.OK, alive=True)


class Ready(Answering):
    """GET /ready: send clients and posts here, or elsewhere."""

    async def get(self) -> None:
        """Ask the bus."""
        if self.hub.is_draining:
            self.answer(HTTPStatus.SERVICE_UNAVAILABLE, ready=False, why="the hub goes down")
            return
        try:
            await self.hub.check()
        except BusAway as error:
            self.answer(HTTPStatus.SERVICE_UNAVAILABLE, ready=False, why=str(error))
            return
        self.answer(HTTPStatus.OK, ready=True)


class Metrics(Answering):
    """GET /metrics: what Prometheus reads."""

    def get(self) -> None:
        """Give the figures of this process."""
        self.hub.measure()
        self.set_header("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)
        self.finish(generate_latest(metrics.REGISTRY))
