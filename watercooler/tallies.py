"""Counters and histograms for what happens at every event: to count costs an addition, not a lock.

prometheus_client's own guard against other threads, thirty calls an event; a hub process has one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector


class Tally(Collector):
    """A counter."""

    def __init__(self, name: str, text: str, *, registry: CollectorRegistry) -> None:
        self._name, self._text = name, text
        self.total = 0
        registry.register(self)

    def inc(self, by: int = 1) -> None:
        """Count these."""
        self.total += by

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Give what Prometheus is told."""
        yield CounterMetricFamily(self._name, self._text, value=self.total)

    describe = collect


class Spread(Collector):
    """A histogram of seconds."""

    def __init__(
        self, name: str, text: str, *, buckets: Sequence[float], registry: CollectorRegistry
    ) -> None:
        self._name, self._text = name, text
        self._bounds = buckets
        self._counts = [0] * (len(buckets) + 1)  # the last for what is beyond all bounds
        self._sum = 0.0
        registry.register(self)

    def observe(self, seconds: float) -> None:
        """Count one that took so long."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Give what Prometheus is told: how many took at most so long."""
        bounds = [*map(str, map(float, self._bounds)), "+Inf"]
        upto = zip(bounds, accumulate(self._counts), strict=True)
        yield HistogramMetricFamily(self._name, self._text, buckets=list(upto), sum_value=self._sum)

    describe = collect
