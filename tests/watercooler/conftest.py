"""What the hub's tests share: keys, a clock, a Redis, a small board, a running hub."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from tests.watercooler.browser import ORIGIN, Browser
from tests.watercooler.fake_board import FakeBoard
from tests.watercooler.program import Program
from tests.watercooler.redis_server import RedisServer
from watercooler.configuration import Configuration
from watercooler.logs import LogFormat
from watercooler.messages import Event, Keys, publish_body
from watercooler.service import Service
from watercooler.timing import Timing

NEVER_SECONDS = 3600


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


class RunningHub:
    """A hub on a free port, and what a test asks of it."""

    def __init__(
        self, service: Service, keys: Keys, clock: Clock, board: FakeBoard, failed: asyncio.Event
    ) -> None:
        self.failed = failed
        self._board = board
        self.service, self.hub, self.keys, self.clock = service, service.hub, keys, clock
        self._client = AsyncHTTPClient(force_instance=True)
        self._browsers: list[Browser] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.service.port

    async def stranger(self, *, origin: str = ORIGIN) -> Browser:
        """Give a browser that has said nothing yet."""
        browser = await Browser.open(self.port, self.keys, origin=origin)
        self._browsers.append(browser)
        return browser

    async def browser(self, *, user: int = 3) -> Browser:
        """Give a browser that was welcomed."""
        browser = await self.stranger()
        await browser.greet(user=user)
        return browser

    async def watcher(self, *, after: int, board: int = 7, epoch: str = "first") -> Browser:
        """Give a browser that is live, with nothing to catch up."""
        browser = await self.browser()
        await browser.subscribe(after=after, board=board, epoch=epoch)
        assert await browser.hear() == {"t": "sub", "b": board, "s": after, "n": 0}
        return browser

    async def publish(self, events: Sequence[Event]) -> HTTPResponse:
        """Post events as the board does, which records them first."""
        self._board.record(events)
        body = publish_body(events)
        return await self.post(body, self.keys.sign(body))

    async def post(self, body: bytes, headers: dict[str, str]) -> HTTPResponse:
        """Post anything."""
        url = f"http://127.0.0.1:{self.port}/publish"
        return await self._client.fetch(url, method="POST", body=body, headers=headers, raise_error=False)

    async def get(self, path: str) -> HTTPResponse:
        """Get a page."""
        return await self._client.fetch(f"http://127.0.0.1:{self.port}{path}", raise_error=False)

    async def stop(self) -> None:
        """End the hub and its clients."""
        for browser in self._browsers:
            browser.vanish()
        self._client.close()
        await self.service.stop()


StartHub = Callable[..., Awaitable[RunningHub]]
Run = Callable[..., Awaitable[Program]]


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    """Start `python -m watercooler` in an empty folder; what still runs after the test is killed."""
    programs: list[Program] = []

    async def start(*options: str, **how: Any) -> Program:
        programs.append(await Program.start(tmp_path, *options, **how))
        return programs[-1]

    yield start
    for program in programs:
        await program.remove()


@pytest.fixture(autouse=True)
def nothing_goes_wrong_unseen(caplog: pytest.LogCaptureFixture) -> Iterator[list[Any]]:
    """Fail a test in which the hub or Tornado logs an error."""
    with capture_logs() as lines:
        yield lines
    assert [line for line in lines if line["log_level"] in {"error", "critical"}] == []
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    assert [record.getMessage() for record in records if record.levelno >= logging.ERROR] == []


@pytest.fixture
def keys() -> Keys:
    """One new key."""
    return Keys.random()


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    """A Redis that no test harms."""
    server = RedisServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A Redis that the test may kill."""
    server = RedisServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
async def board(keys: Keys) -> AsyncIterator[FakeBoard]:
    """A small board with an empty log of board 7."""
    fake = FakeBoard(keys)
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def start_hub(keys: Keys, board: FakeBoard) -> AsyncIterator[StartHub]:
    """Start hubs that a test describes; they are stopped after it."""
    hubs: list[RunningHub] = []

    async def start(*, redis_url: str = "", handshakes_a_second: int = 500, **timing: Any) -> RunningHub:
        clock = Clock()
        configuration = Configuration(
            keys=keys,
            host="127.0.0.1",
            port=0,
            origins=frozenset({ORIGIN}),
            redis_url=redis_url,
            board_url=board.url,
            ping_seconds=NEVER_SECONDS,
            handshakes_a_second=handshakes_a_second,
            drain_seconds=1,
            log_format=LogFormat.LOGFMT,
        )
        failed = asyncio.Event()
        service = Service(configuration, failed=failed.set, timing=unhurried(clock, **timing))
        await service.start()
        hubs.append(RunningHub(service, keys, clock, board, failed))
        return hubs[-1]

    yield start
    board.may_answer.set()
    await asyncio.gather(*(hub.stop() for hub in hubs))


@pytest.fixture
async def hub(start_hub: StartHub) -> RunningHub:
    """A hub with nothing configured."""
    return await start_hub()


def unhurried(clock: Callable[[], datetime], **changes: Any) -> Timing:
    """Give intervals that never pass in a test, except those it shortens."""
    intervals: dict[str, Any] = {
        "hello_seconds": NEVER_SECONDS,
        "expiry_seconds": NEVER_SECONDS,
        "poll_seconds": NEVER_SECONDS,
        "poll_alone_seconds": NEVER_SECONDS,
        "bus_answer_seconds": 2,
        "canary_seconds": NEVER_SECONDS,
        "rejoin_seconds": 0.01,
        "compare_seconds": NEVER_SECONDS,
        "lease_seconds": NEVER_SECONDS,
        "renew_seconds": NEVER_SECONDS,
        "backoff_seconds": (0.01,),
    }
    return Timing(clock=clock, **(intervals | changes))
