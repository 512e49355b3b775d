"""What is counted cheaply reads just as what prometheus_client counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from watercooler.tallies import Spread, Tally

BUCKETS = (0.001, 0.5, 1, 10)


def test_a_tally_reads_as_a_counter() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()

    for counter in (
        Tally("hub_frames", "Frames.", registry=ours),
        Counter("hub_frames", "Frames.", registry=theirs),
    ):
        counter.inc()
        counter.inc(41)

    assert generate_latest(ours) == generate_latest(theirs)


def test_a_spread_reads_as_a_histogram() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()

    for histogram in (
        Spread("hub_lag_seconds", "Lag.", buckets=BUCKETS, registry=ours),
        Histogram("hub_lag_seconds", "Lag.", buckets=BUCKETS, registry=theirs),
    ):
        for seconds in (0.0, 0.001, 0.25, 0.75, 1, 11, 11):
            histogram.observe(seconds)

    assert generate_latest(ours) == generate_latest(theirs)
