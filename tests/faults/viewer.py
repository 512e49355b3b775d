"""A client that keeps a board by its events alone and comes back as the browser does.

It is stricter than a browser: an event that comes twice or out of its turn is a violation.
"""

import asyncio
import contextlib
from array import array
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import orjson

from board.replay import Gap
from tests.faults.ledger import Ledger
from tests.faults.websocket import WITHOUT_A_WORD, Line
from watercooler.messages import Keys
from watercooler.tickets import issue_ticket

ORIGIN = "http://localhost:8000"
FIRST_WORD_SECONDS = 10  # these, and the waits below, as in static/board/connection.js and backoff.js
SILENT_PINGS = 2
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 30
FIRST_FINAL_CODE = 4500
LOOK_SECONDS = 0.5  # between looks whether the hub has fallen silent

Frame = dict[str, Any]
Ports = Callable[[], Sequence[int]]


class Viewer:
    """Somebody who looks at a board; what is public is there to be checked."""

    def __init__(self, ledger: Ledger, *, user: int, keys: Keys, ports: Ports, chance: Random) -> None:
        """`ports` gives the hubs in the order in which they are tried, as a proxy before them would."""
        self.ledger, self.user, self.keys = ledger, user, keys
        self._ports, self._chance = ports, chance
        self._loop = asyncio.get_running_loop()
        self.port = 0  # of the hub it is connected to
        self.is_live = False
        self.ticket_age = timedelta()  # of the tickets that it shows
        self.is_patient = False  # then it leaves no hub for its silence
        self.comes_back = True
        self.dials = 0
        self.present: dict[int, str] = {}  # who else looks at the board
        self.refusals: list[str] = []  # why a subscription was refused or ended
        self.codes: list[int] = []  # that connections ended with
        self.resets: list[str] = []
        self.confirmed: list[int] = []  # what was held each time that it became live
        self.violations: list[str] = []
        self._failures = 0
        self._line: Line | None = None
        self._start_over()

    @property
    def state(self) -> Frame:
        """Give the board as it is held."""
        return self.held.state

    def _start_over(self) -> None:
        """Fetch a snapshot."""
        self.held = self.ledger.held()
        self.first = self.held.seq
        self.applied = array("q")  # the seq of each event since then
        self.latest = (0.0, 0)  # the longest that an event took from its commit to here, and its seq

    async def stay(self) -> None:
        """Look at the board until cancelled, or until the hub says that coming back does not help."""
        code = WITHOUT_A_WORD
        try:
            while code < FIRST_FINAL_CODE and (self.comes_back or not self.codes):
                code = await self._visit()
                self.codes.append(code)
                await asyncio.sleep(self._wait_seconds())
        finally:
            self.leave()

    def leave(self) -> None:
        """Pull the cable."""
        self.is_live, self.port = False, 0
        if self._line is not None:
            self._line.drop()

    def say(self, **frame: Any) -> None:
        """Send one frame."""
        assert self._line is not None
        self._line.say(orjson.dumps(frame))

    def subscribe(self) -> None:
        """Ask for all that follows what is held."""
        self._has_answer, self._promised, self.is_live = False, 0, False
        after, epoch = self.held.seq, self.ledger.epoch
        self.say(t="sub", b=self.ledger.number, ticket=self.ticket(), after=after, e=epoch)

    def ticket(self) -> str:
        """Give a ticket as the board would have issued it."""
        name, board, epoch = f"User {self.user}", self.ledger.number, self.ledger.epoch
        issued = datetime.now(UTC) - self.ticket_age
        return issue_ticket(self.keys, user=self.user, name=name, board=board, epoch=epoch, now=issued)[0]

    def renew(self) -> None:
        """Hand in a new ticket, for the board that is watched already."""
        self.say(t="ticket", b=self.ledger.number, ticket=self.ticket())

    async def _visit(self) -> int:
        """Live one connection, and say how it ended."""
        self._silence_seconds: float = FIRST_WORD_SECONDS
        self._has_answer = False
        try:
            async with asyncio.timeout(FIRST_WORD_SECONDS):
                line = await self._dial()
            return await self._until_over(line)
        except (OSError, TimeoutError):
            return WITHOUT_A_WORD
        finally:
            self.leave()

    async def _dial(self) -> Line:
        self.dials += 1
        for port in self._ports():
            with contextlib.suppress(ConnectionError):
                self._line = line = Line(origin=ORIGIN, opened=self._greet, hear=self._hear)
                await self._loop.create_connection(partial(self._new_protocol, line), "127.0.0.1", port)
                self.port = port
                return line
        raise ConnectionError("no hub takes connections")

    def _new_protocol(self, line: Line) -> asyncio.BaseProtocol:
        return line

    def _greet(self) -> None:
        self.say(t="hello", v=1, ticket=self.ticket())

    async def _until_over(self, line: Line) -> int:
        while not line.ended.done():
            await asyncio.wait([line.ended], timeout=LOOK_SECONDS)
            silent = self._loop.time() - line.heard_at > self._silence_seconds
            if silent and not self.is_patient:
                return WITHOUT_A_WORD
        return line.ended.result()

    def _wait_seconds(self) -> float:
        self._failures += 1
        return self._chance.uniform(0, min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0**self._failures))

    def _hear(self, text: bytes) -> None:
        if text.startswith(b'{"t":"ev"'):
            self._event(text)
            return
        frame = orjson.loads(text)
        match frame["t"]:
            case "welcome":
                self._silence_seconds = SILENT_PINGS * frame["ping"]
                self.subscribe()
            case "sub":
                self._subscribed(frame)
            case "ping":
                self._pinged(frame)
            case "reset":
                self.resets.append(frame["why"])
                self._start_over()
                self.subscribe()
            case "no":
                self.refusals.append(frame["why"])
                self.is_live = self._has_answer = False
            case "here":
                self._here(frame)

    def _subscribed(self, frame: Frame) -> None:
        if frame["s"] - frame["n"] != self.held.seq:
            self.violations.append(f"asked for what follows {self.held.seq}, was promised {frame}")
        self._has_answer, self._promised = True, frame["s"]
        self._confirm_when_level()

    def _event(self, text: bytes) -> None:
        if not self._has_answer:
            return  # of the subscription that was ended by asking again
        try:
            self.held = self.held.after(text)
        except Gap as error:
            self.violations.append(str(error))
            return
        seq = self.held.seq
        self.applied.append(seq)
        if seq > self.ledger.top:
            self.violations.append(f"event {seq} was never committed")
            return
        self.latest = max(self.latest, (self._loop.time() - self.ledger.committed[seq], seq))
        if not self.is_live:
            self._confirm_when_level()

    def _confirm_when_level(self) -> None:
        if self.held.seq >= self._promised:
            self.is_live, self._failures = True, 0
            self.confirmed.append(self.held.seq)

    def _pinged(self, frame: Frame) -> None:
        self.say(t="pong")
        top = frame["tops"].get(str(self.ledger.number), 0)
        if self._has_answer and top > self.held.seq:
            self.violations.append(f"a ping names {top} before it came; {self.held.seq} is held")

    def _here(self, frame: Frame) -> None:
        if "all" in frame:
            self.present = {}
        for person in [*frame.get("all", ()), *frame.get("in", ())]:
            self.present[person["u"]] = person["name"]
        for user in frame.get("out", ()):
            self.present.pop(user, None)
