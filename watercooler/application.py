"""The Tornado application: which path leads where, and what is logged of it."""

from __future__ import annotations

import structlog
from tornado.web import Application, RequestHandler

from watercooler import metrics
from watercooler.handlers import Health, Metrics, Publish, Ready
from watercooler.hub import Hub
from watercooler.live import FRAME_BYTES_AT_MOST, Live
from watercooler.polling import Poll
from watercooler.streaming import Events

log = structlog.get_logger("watercooler")


def make_application(hub: Hub, *, origins: frozenset[str]) -> Application:
    """Give the application around this hub."""
    return Application(
        [
            ("/publish", Publish, {"hub": hub}),
            ("/live", Live, {"hub": hub, "origins": origins}),
            ("/live/events", Events, {"hub": hub, "origins": origins}),
            ("/live/poll", Poll, {"hub": hub, "origins": origins}),
            ("/health", Health, {"hub": hub}),
            ("/ready", Ready, {"hub": hub}),
            ("/metrics", Metrics, {"hub": hub}),
        ],
        log_function=log_request,
        websocket_max_message_size=FRAME_BYTES_AT_MOST,
    )


def log_request(handler: RequestHandler) -> None:
    """Note what failed; the rest only when asked for. The path only: a query may hold what it should not."""
    status = handler.get_status()
    note = log.warning if status >= 500 else log.debug
    if isinstance(handler, Publish):
        metrics.POSTS.labels(status).inc()
    milliseconds = round(1000 * handler.request.request_time(), 1)
    note("request", method=handler.request.method, path=handler.request.path, status=status, ms=milliseconds)
