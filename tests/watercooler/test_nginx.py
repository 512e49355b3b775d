"""The documented configuration of nginx, before two processes of the hub that Redis joins."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest

from tests.services import free_port
from tests.watercooler.browser import ORIGIN, PATIENCE_SECONDS
from tests.watercooler.conftest import Run
from tests.watercooler.events import make_event, make_ticket
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.front import DOCUMENTED, Front
from tests.watercooler.redis_server import RedisServer
from watercooler.configuration import Configuration
from watercooler.messages import Event, Keys, publish_body, random_key
from watercooler.outlet import STALLED_AT_MOST

KEY = random_key()
pytestmark = pytest.mark.slow


class Site:
    """The whole: nginx, two processes of a hub, a small board."""

    def __init__(self, front: Front, ports: dict[int, int]) -> None:
        self.front, self.ports = front, ports  # each process's number, and the port it has

    async def publish(self, event: Event) -> httpx.Response:
        """Post an event where the board does."""
        body = publish_body([event])
        async with httpx.AsyncClient() as client:
            url = f"http://127.0.0.1:{self.front.private}/publish"
            return await client.post(url, content=body, headers=Keys.parse(KEY).sign(body))

    async def connections(self) -> list[float]:
        """Give how many clients each process of the hub has."""
        async with httpx.AsyncClient() as client:
            pages = [
                (await client.get(f"http://127.0.0.1:{port}/metrics")).text for port in self.ports.values()
            ]
        return [float(re.findall(r"^watercooler_connections (\S+)", page, re.MULTILINE)[0]) for page in pages]


@pytest.fixture
def keys() -> Keys:
    return Keys.parse(KEY)


@pytest.fixture
async def site(run: Run, board: FakeBoard, own_redis: RedisServer, tmp_path: Path) -> AsyncIterator[Site]:
    hubs = await run(
        "--processes",
        "2",
        WATERCOOLER_KEYS=KEY,
        REDIS_URL=own_redis.url,
        BOARD_URL=board.url,
        BOARD_ORIGINS=ORIGIN,
    )
    heard = [await hubs.hear(r"pid=(\d+) event=listening .*port=(\d+)") for _ in range(2)]
    ports = {int(found.group(1)): int(found.group(2)) for found in heard}
    front = await started(tmp_path, board, list(ports.values()))
    yield Site(front, ports)
    front.stop()


def test_nginx_accepts_the_configuration(tmp_path: Path) -> None:
    said = Front(tmp_path, board_port=8000, hub_ports=[8001, 8002, 8003, 8004]).test()

    assert "test is successful" in said
    assert not re.search(r"\[(warn|error|alert|emerg)\]", said)


def test_nginx_waits_longer_than_the_hub() -> None:
    """It ends a connection over which nothing came for a while: the hub's pings and patience come first."""
    read, send = (
        int(
            re.findall(rf"location /live .*?proxy_{way}_timeout (\d+)s;", DOCUMENTED.read_text(), re.DOTALL)[
                0
            ]
        )
        for way in ("read", "send")
    )
    ping_seconds = Configuration.read({"WATERCOOLER_KEYS": KEY}).ping_seconds

    assert read > 2 * ping_seconds
    assert send > STALLED_AT_MOST.total_seconds()


async def test_an_event_reaches_clients_of_all_kinds_on_both_processes(site: Site, keys: Keys) -> None:
    browsers = [await site.front.browser(keys) for _ in range(2)]
    assert await site.connections() == [1, 1]  # the one with the fewest gets the next
    for browser in browsers:
        await browser.greet()
        await browser.subscribe(after=0)
        assert await browser.hear() == {"t": "sub", "b": 7, "s": 0, "n": 0}

    async with site.front.client() as client, client.stream("GET", **events_request(keys)) as stream:
        lines = stream.aiter_lines()
        assert (await next_frame(lines, "sub"))["s"] == 0
        assert (await site.publish(make_event(1))).status_code == 200

        assert [(await browser.hear())["s"] for browser in browsers] == [1, 1]
        assert (await next_frame(lines, "ev"))["s"] == 1
    for browser in browsers:
        browser.vanish()


async def test_a_process_that_is_gone_is_missed_by_nobody(site: Site, keys: Keys) -> None:
    """The others take its clients, and the posts."""
    os.kill(next(iter(site.ports)), signal.SIGKILL)

    browsers = [await site.front.browser(keys) for _ in range(4)]

    for browser in browsers:
        await browser.greet()
        browser.vanish()
    assert [(await site.publish(make_event(seq))).status_code for seq in (1, 2, 3)] == [200] * 3


async def test_of_the_hub_only_what_clients_need_is_public(board: FakeBoard, tmp_path: Path) -> None:
    front = await started(tmp_path, board, [free_port(), free_port()])

    async with front.client() as client:
        answers = [await client.get(path) for path in ("/metrics", "/ready", "/health", "/publish")]
        redirected = await client.get(f"{front.redirecting}/boards/7?tab=log")

    assert [answer.status_code for answer in answers] == [404] * 4  # the board's, which has none of these
    assert redirected.status_code == 308
    assert redirected.headers["location"] == "https://localhost/boards/7?tab=log"
    front.stop()


async def started(folder: Path, board: FakeBoard, hub_ports: list[int]) -> Front:
    """Start nginx before this board and these processes of a hub."""
    front = Front(folder, board_port=urlsplit(board.url).port or 0, hub_ports=hub_ports)
    await front.start()
    return front


def events_request(keys: Keys) -> dict[str, Any]:
    """Give what a page asks for server-sent events."""
    headers = {"Authorization": f"Bearer {make_ticket(keys)}", "Origin": ORIGIN}
    return {"url": "/live/events?after=0&e=first", "headers": headers}


async def next_frame(lines: AsyncIterator[str], kind: str) -> dict[str, Any]:
    """Give the next frame of this kind."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for line in lines:
            if line.startswith("data: ") and (frame := orjson.loads(line[6:]))["t"] == kind:
                return dict(frame)
    raise AssertionError(f"the stream ended without a frame of kind {kind}")
