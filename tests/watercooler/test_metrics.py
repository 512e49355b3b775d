"""What an operator reads at /metrics, and that the documentation names each figure."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.watercooler.conftest import RunningHub, StartHub
from tests.watercooler.events import make_event, make_events, make_ticket
from tests.watercooler.patience import until
from tests.watercooler.redis_server import RedisServer
from watercooler import metrics
from watercooler.frames import Close
from watercooler.messages import Keys

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "pages" / "reference" / "hub.md"


class Figures:
    """What has changed at /metrics since the last look."""

    def __init__(self, hub: RunningHub) -> None:
        self._hub = hub
        self._before: dict[str, float] = defaultdict(float)

    async def now(self) -> dict[str, float]:
        """Give every figure, by its name and labels."""
        page = (await self._hub.get("/metrics")).body.decode()
        samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
        return defaultdict(
            float, {",".join((name, *labels.values())): value for name, labels, value, *_ in samples}
        )

    async def note(self) -> None:
        """Look, so that only what comes later counts."""
        self._before = await self.now()

    async def since(self) -> dict[str, float]:
        """Give by how much each figure has grown."""
        return defaultdict(
            float, {name: value - self._before[name] for name, value in (await self.now()).items()}
        )


@pytest.fixture
async def figures(hub: RunningHub) -> Figures:
    figures = Figures(hub)
    await figures.note()
    return figures


async def test_who_is_there_is_shown(hub: RunningHub, figures: Figures) -> None:
    for _ in range(2):
        await hub.watcher(after=0)
    await hub.browser()
    await hub.stranger()

    now = await figures.now()

    assert now["watercooler_connections"] == 4
    assert now["watercooler_strangers"] == 1
    assert now["watercooler_subscribers"] == 2
    assert now["watercooler_boards"] == 1
    assert now["watercooler_bus_joined"] == 1


async def test_an_event_is_counted_on_its_way(hub: RunningHub, figures: Figures) -> None:
    browsers = [await hub.watcher(after=0) for _ in range(3)]
    await figures.note()

    await hub.publish([make_event(1)])
    for browser in browsers:
        await browser.hear()

    grown = await figures.since()
    assert grown["watercooler_posts_total,200"] == 1
    assert grown["watercooler_events_in_total"] == 1
    assert grown["watercooler_event_age_seconds_count"] == 1
    assert grown["watercooler_events_out_total"] == 3
    assert grown["watercooler_frames_out_total"] >= 3
    assert grown["watercooler_bytes_out_total"] >= 3 * len('{"t":"ev","b":7,"s":1}')
    assert grown["watercooler_delivery_lag_seconds_count"] >= 1


async def test_a_refused_post_is_counted_by_its_status(hub: RunningHub, figures: Figures) -> None:
    await hub.post(b"{}", {})

    assert (await figures.since())["watercooler_posts_total,401"] == 1


async def test_what_was_missed_is_counted_as_replayed(hub: RunningHub, figures: Figures) -> None:
    await hub.watcher(after=0)
    await hub.publish(make_events(1, 3))
    await figures.note()
    browser = await hub.browser()

    await browser.subscribe(after=1)
    await browser.hear()

    grown = await figures.since()
    assert (grown["watercooler_replays_total"], grown["watercooler_replayed_events_total"]) == (1, 2)


async def test_who_is_sent_for_a_snapshot_is_counted_with_the_reason(
    hub: RunningHub, figures: Figures
) -> None:
    browser = await hub.browser()

    await browser.subscribe(after=0, epoch="other")
    assert (await browser.hear())["t"] == "reset"

    grown = await figures.since()
    assert grown["watercooler_resets_total,epoch"] == 1
    assert grown["watercooler_log_reads_total,read"] == 1


async def test_a_connection_that_the_hub_ends_is_counted_with_its_code(
    hub: RunningHub, figures: Figures
) -> None:
    browser = await hub.stranger()

    await browser.say(t="hello", v=1, ticket=make_ticket(Keys.random()))
    await browser.hear_close()

    assert (await figures.since())[f"watercooler_closes_total,{Close.BAD_TICKET:d}"] == 1


async def test_a_bus_that_came_back_is_counted(start_hub: StartHub, own_redis: RedisServer) -> None:
    hub = await start_hub(redis_url=own_redis.url)
    figures = Figures(hub)
    await until(hub.hub.is_joined)
    await figures.note()

    own_redis.kill()
    await until(lambda: not hub.hub.is_joined())
    assert (await figures.now())["watercooler_bus_joined"] == 0
    own_redis.start()
    await until(hub.hub.is_joined)

    grown = await figures.since()
    assert (grown["watercooler_bus_reconnects_total"], grown["watercooler_bus_joined"]) == (1, 0)


def test_the_documentation_names_every_figure_and_no_other() -> None:
    """As Prometheus will know it: with the ending of its kind."""
    documented = re.findall(r"^\| `(watercooler_\w+)(?:\{(\w+)\})?` \|", DOCUMENT.read_text(), re.MULTILINE)
    kept = {
        (family.name + ("_total" if family.type == "counter" else ""), ",".join(labels_of(family.name)))
        for family in metrics.REGISTRY.collect()
        if family.name.startswith("watercooler_")
    }

    assert sorted(documented) == sorted(kept)


def test_the_documentation_explains_every_close_code() -> None:
    documented = re.findall(r"^\| (4\d{3}) \|", DOCUMENT.read_text(), re.MULTILINE)

    assert [int(code) for code in documented] == sorted(Close)


def labels_of(name: str) -> tuple[str, ...]:
    """Give the labels of a figure, which no sample shows before the first is counted."""
    collector = metrics.REGISTRY._names_to_collectors[name]
    return tuple(getattr(collector, "_labelnames", ()))
