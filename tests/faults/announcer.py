"""Post what ledgers have recorded to whichever hub takes it, as the board and its announcer do."""

import asyncio
from collections.abc import Callable, Sequence

from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from tests.faults.ledger import Ledger
from watercooler.messages import Control, Event, Keys
from watercooler.publisher import EVENTS_A_POST, HubAway, Publisher

REST_SECONDS = 0.015  # as in board/announcing.py


class Announcer:
    """Repeats, in order and for as long as it takes, what no hub has acknowledged."""

    def __init__(self, ledgers: Sequence[Ledger], *, keys: Keys, ports: Callable[[], Sequence[int]]) -> None:
        """`ports` gives the hubs; after a failure the next one is tried, as a proxy would."""
        self.keys = keys
        self.failures = 0  # posts that no hub took
        self.asked_for: list[tuple[int, int]] = []  # the boards of which a hub lacked what follows a seq
        self._ledgers, self._ports = ledgers, ports
        self._publishers: dict[tuple[int, Keys], Publisher] = {}
        self._stranger = AsyncHTTPClient(force_instance=True)
        self._turn = 0

    async def run(self) -> None:
        """Announce until cancelled."""
        while True:
            events = [event for ledger in self._ledgers for event in _next_of(ledger)]
            if events and self._ports():
                await self._announce(events)
            await asyncio.sleep(REST_SECONDS)

    async def tell(self, *controls: Control) -> None:
        """Post controls to one of the hubs. Raises HubAway."""
        await self._publisher().publish_async(controls=controls)

    async def post(self, body: bytes, headers: dict[str, str], *, port: int) -> HTTPResponse:
        """Post anything, as anybody may."""
        url = f"http://127.0.0.1:{port}/publish"
        return await self._stranger.fetch(url, method="POST", body=body, headers=headers, raise_error=False)

    def close(self) -> None:
        """Let go of every connection."""
        self._stranger.close()
        for publisher in self._publishers.values():
            publisher.close()

    async def _announce(self, events: list[Event]) -> None:
        try:
            tops = await self._publisher().publish_async(events)
        except HubAway:
            self.failures += 1
            self._turn += 1
            return
        for ledger in self._ledgers:
            ledger.announced = tops.get(ledger.number, ledger.announced)

    def _publisher(self) -> Publisher:
        """Give the real client of the hub whose turn it is; the next try is ours to make."""
        ports = self._ports()
        port = ports[self._turn % len(ports)]
        if (port, self.keys) not in self._publishers:
            publisher = Publisher(f"http://127.0.0.1:{port}", self.keys, missing=self._missing, patience=())
            self._publishers[port, self.keys] = publisher
        return self._publishers[port, self.keys]

    def _missing(self, board: int, after: int) -> list[Event]:
        self.asked_for.append((board, after))
        return next(ledger.log[after:] for ledger in self._ledgers if ledger.number == board)


def _next_of(ledger: Ledger) -> list[Event]:
    return ledger.log[ledger.announced : ledger.announced + EVENTS_A_POST]
