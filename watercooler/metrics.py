"""What the hub counts for its operators: the figures of GET /metrics, in Prometheus's text format.

A process is a hub, so its figures are the hub's. What is sent is counted by the round, not by the socket.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    ProcessCollector,
    disable_created_metrics,
)

from watercooler.tallies import Spread, Tally

disable_created_metrics()  # type: ignore[no-untyped-call]  # else each counter has a second sample

REGISTRY = CollectorRegistry()
LAG_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

CONNECTIONS = Gauge("watercooler_connections", "Clients connected now, by any way", registry=REGISTRY)
STRANGERS = Gauge("watercooler_strangers", "Of these, who has not yet said who it is", registry=REGISTRY)
BOARDS = Gauge("watercooler_boards", "Boards that somebody watches now", registry=REGISTRY)
SUBSCRIBERS = Gauge("watercooler_subscribers", "Subscriptions now: a client and a board", registry=REGISTRY)
BUS_JOINED = Gauge("watercooler_bus_joined", "1 while events arrive over the bus, else 0", registry=REGISTRY)

POSTS = Counter("watercooler_posts", "Answers to POST /publish, by status", ["status"], registry=REGISTRY)
EVENTS_IN = Tally("watercooler_events_in", "Events in posts that were taken", registry=REGISTRY)
EVENTS_OUT = Tally("watercooler_events_out", "Events sent as they happened, by subscriber", registry=REGISTRY)
EVENT_AGE = Spread(
    "watercooler_event_age_seconds",
    "From an event's own time to its hearing here, for boards that somebody watches",
    buckets=LAG_SECONDS,
    registry=REGISTRY,
)
DELIVERY_LAG = Spread(
    "watercooler_delivery_lag_seconds",
    "From the making of a round's first frame to when all of the round was sent",
    buckets=LAG_SECONDS,
    registry=REGISTRY,
)
FRAMES_OUT = Tally("watercooler_frames_out", "Frames sent, by client", registry=REGISTRY)
BYTES_OUT = Tally(
    "watercooler_bytes_out", "Bytes of these frames, without what wraps them", registry=REGISTRY
)
REPLAYS = Counter("watercooler_replays", "Subscribers who were sent what they had missed", registry=REGISTRY)
REPLAYED = Counter("watercooler_replayed_events", "Events sent in replays", registry=REGISTRY)
RESETS = Counter(
    "watercooler_resets", "Subscribers sent for a snapshot, by reason", ["why"], registry=REGISTRY
)
LOG_READS = Counter(
    "watercooler_log_reads", "Reads of a board's log over its API, by outcome", ["outcome"], registry=REGISTRY
)
BUS_RECONNECTS = Counter("watercooler_bus_reconnects", "Returns to a bus that was away", registry=REGISTRY)
CLOSES = Counter("watercooler_closes", "Connections that the hub ended, by code", ["code"], registry=REGISTRY)
REFUSED = Counter(
    "watercooler_handshakes_refused", "Newcomers turned away, by reason", ["why"], registry=REGISTRY
)

ProcessCollector(registry=REGISTRY)


def observe_age(at: str, now: datetime) -> None:
    """Note how old an event is; the clocks of two machines may make that less than nothing."""
    try:
        seconds = (now - datetime.fromisoformat(at)).total_seconds()
    except (ValueError, TypeError):  # no time, or one without its zone: other programs may post, too
        return
    EVENT_AGE.observe(max(0.0, seconds))


def count_sent(batches: Iterable[tuple[int, Sequence[bytes]]]) -> None:
    """Count what one round has sent: to so many clients, these frames."""
    frames = size = 0
    for clients, payloads in batches:
        frames += clients * len(payloads)
        size += clients * sum(map(len, payloads))
    FRAMES_OUT.inc(frames)
    BYTES_OUT.inc(size)
