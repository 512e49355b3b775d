"""The hub itself: it joins the connections, the rooms, the bus and the catching up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog

from watercooler import metrics
from watercooler.admission import Admission
from watercooler.board_log import BoardLog
from watercooler.bus import Appended, Bus
from watercooler.catchup import Catchup
from watercooler.chatter import Chatter
from watercooler.company import Company
from watercooler.configuration import Configuration
from watercooler.connection import Connection
from watercooler.connections import Connections
from watercooler.draining import Posts
from watercooler.expulsions import Expulsions
from watercooler.fanout import Fanout
from watercooler.frames import Say, Subscribe
from watercooler.messages import BadMessage, Control, Event
from watercooler.room import Delivery
from watercooler.rooms import Rooms
from watercooler.spreading import spread
from watercooler.tasks import Tasks
from watercooler.tickets import Ticket
from watercooler.timing import Timing
from watercooler.whispers import Seen, Whispers, Word, read_whisper, write_whisper

ROUND = 0.1  # of an interval, over which clients are spread: ten thousand pings at once take 50 ms and 35 MB
log = structlog.get_logger("watercooler")


class Hub:
    """Everything one process knows; not a word of HTTP."""

    def __init__(
        self, configuration: Configuration, bus: Bus, *, timing: Timing, failed: Callable[[], None]
    ) -> None:
        self.keys = configuration.keys
        self.ping_seconds = configuration.ping_seconds
        self.drain_seconds = configuration.drain_seconds
        self.admission = Admission(configuration.handshakes_a_second, clock=timing.clock)
        self.posts = Posts()
        self.timing = timing
        self.is_draining = False
        self.connections = Connections()
        self.rooms: Rooms[Connection] = Rooms()
        self.fanout = Fanout(timing.clock)
        self._expulsions = Expulsions(self.connections, clock=timing.clock)
        self._bus = bus
        self._board_log = BoardLog(
            configuration.board_url, configuration.keys, named=self._expulsions.name, clock=timing.clock
        )
        self.tasks = Tasks(failed)
        self._catchup = Catchup(
            self.rooms, bus, self._board_log, deliver=self._deliver, timing=timing, tasks=self.tasks
        )
        self._whispers = Whispers(bus)
        deliver = self.fanout.deliver
        self.company = Company(bus, self._whispers, deliver=deliver, timing=timing, tasks=self.tasks)
        self._chatter = Chatter(
            self.rooms, self._whispers, process=bus.process, deliver=deliver, tasks=self.tasks
        )

    def start(self) -> None:
        """Follow the bus, ask the board now and then, ping and expire."""
        self._bus.listen(self._heard, self._rejoined, self._whispered, watched=self.rooms.is_open)
        self.tasks.keep(self._bus.run, name="follow the bus")
        self.tasks.keep(self.fanout.run, name="send")
        self.tasks.keep(self.fanout.laggards.keep_looking, name="look for who stands still")
        self.tasks.keep(self._catchup.keep_polling, name="poll the board")
        self.tasks.keep(self._catchup.keep_comparing, name="compare tops")
        self.tasks.keep(self._whispers.run, name="whisper")
        self.tasks.keep(self.company.keep_reading, name="read who is there")
        self.tasks.keep(self.company.keep_comparing, name="compare who is there")
        self.tasks.keep(self._ping, name="ping")
        self.tasks.keep(self._expire, name="expire tickets")

    async def stop(self) -> None:
        """End every task, then every connection to others."""
        await self.tasks.stop()
        await self._bus.close()
        self._board_log.close()

    async def publish(self, events: Sequence[Event], controls: Sequence[Control] = ()) -> Appended:
        """Take events and controls from the board. Raises BusAway: then not every process has heard."""
        for control in controls:
            self._expulsions.obey(control)
        appended = await self._bus.append(events)
        metrics.EVENTS_IN.inc(len(events))
        if controls:
            await self._bus.check()  # a whisper fails in silence
        for control in controls:
            await self._bus.whisper(write_whisper(control))
        return appended

    def is_joined(self) -> bool:
        """Say whether what other processes tell arrives here."""
        return self._bus.is_joined()

    async def check(self) -> None:
        """Return if this hub does its work. Raises BusAway."""
        await self._bus.check()

    def greet(self, connection: Connection) -> bool:
        """Count a connection for its user; False if there are too many."""
        user = connection.user
        if user is None or self.is_crowded(user):
            connection.user = None
            return False
        self.connections.count(user)
        self.admission.strangers.discard(connection)
        return True

    def is_crowded(self, user: int) -> bool:
        """Say whether this user has as many connections as one may have."""
        return self.connections.is_crowded(user)

    def bars(self, ticket: Ticket) -> bool:
        """Say whether the ticket opens its board no more."""
        return self._expulsions.bars(ticket)

    def revoked(self, ticket: Ticket) -> bool:
        """Say whether the ticket opens nothing at all any more."""
        return self._expulsions.revoked(ticket)

    def subscribe(self, connection: Connection, asked: Subscribe) -> None:
        """Let the connection into a room, at once or when the gap to its position is filled."""
        self._deliver(self.rooms.subscribe(asked.board, connection, after=asked.after, epoch=asked.epoch), ())
        self._catchup.look_after(asked.board)

    def leave(self, connection: Connection, board: int) -> None:
        """Take the connection out of a room."""
        self.rooms.leave(board, connection)
        self._left(connection, board)

    def say(self, connection: Connection, say: Say) -> None:
        """Pass on what somebody does."""
        self._chatter.say(connection, say)

    def tell(self, connection: Connection, payload: bytes) -> None:
        """Send one frame, behind what is on its way to the connection."""
        self.fanout.tell(connection, payload)

    def refusal(self) -> str | None:
        """Let one more client in, or say why not."""
        why = "draining" if self.is_draining else self.admission.refusal()
        if why:
            metrics.REFUSED.labels(why).inc()
        return why

    def admit(self, connection: Connection) -> None:
        """Note an open socket."""
        self.connections.add(connection)
        self.admission.strangers.add(connection)

    def leave_all(self, connection: Connection) -> None:
        """Take a connection out of its rooms; its socket may take seconds yet to end."""
        for board in connection.boards:
            self.leave(connection, board)
        connection.boards.clear()
        self.admission.strangers.discard(connection)
        if connection.user is not None:
            self.connections.discount(connection.user)
            connection.user = None

    def forget(self, connection: Connection) -> None:
        """Note that a socket has ended."""
        self.leave_all(connection)
        self._chatter.forget(connection)
        self.connections.remove(connection)

    async def ping_all(self) -> None:
        """Tell every connection where its boards stand; many of them spread over a tenth of the interval."""
        async for connection in spread(list(self.connections), seconds=ROUND * self.ping_seconds):
            if connection.user is not None:
                connection.ping(self._tops(connection))

    async def expire_all(self) -> None:
        """Let expired tickets end; spread as pings are."""
        async for connection in spread(list(self.connections), seconds=ROUND * self.timing.expiry_seconds):
            connection.expire(self.timing.clock())

    async def poll_all(self) -> None:
        """Ask the board whether any room missed something."""
        await self._catchup.poll()

    async def drain(self) -> None:
        """Take no new client, and send every one away; many of them spread over the drain time."""
        self.is_draining = True
        async for connection in spread(list(self.connections), seconds=self.drain_seconds):
            connection.drain()

    def measure(self) -> None:
        """Set the figures of what there is now; what happens is counted as it does."""
        metrics.CONNECTIONS.set(len(self.connections))
        metrics.STRANGERS.set(len(self.admission.strangers))
        metrics.SUBSCRIBERS.set(sum(len(connection.boards) for connection in self.connections))
        metrics.BOARDS.set(len(self.rooms.boards()))
        metrics.BUS_JOINED.set(self.is_joined())

    async def wait_until_empty(self) -> None:
        """Return when the last socket has ended."""
        await self.connections.wait_until_empty()

    def _tops(self, connection: Connection) -> dict[int, int]:
        tops = {board: self.rooms.top(board, connection) for board in connection.boards}
        return {board: top for board, top in tops.items() if top is not None}

    def _heard(self, event: Event) -> None:
        metrics.observe_age(event["at"], self.timing.clock())
        self._deliver(self.rooms.hear(event), [event])
        self._catchup.look_after(event["board"])

    def _whispered(self, message: bytes) -> None:
        try:
            whisper = read_whisper(message)
        except BadMessage as error:
            log.warning("unreadable whisper", error=str(error))
            return
        match whisper:
            case Seen():
                self.company.hear(whisper)
            case Word():
                self._chatter.hear(whisper)
            case Control():
                self._expulsions.obey(whisper)

    def _rejoined(self) -> None:
        self.rooms.doubt()
        self.company.doubt()
        for board in self.rooms.boards():
            self._catchup.look_after(board)

    def _deliver(self, deliveries: Iterable[Delivery[Connection]], events: Iterable[Event]) -> None:
        """Send what follows from these events; then let nobody stay whom they took off a board."""
        deliveries = list(deliveries)
        for delivery in deliveries:
            self.fanout.deliver(delivery)
            if delivery.leaving:
                for connection in delivery.to:
                    connection.boards.pop(delivery.board, None)
                    self._left(connection, delivery.board)
        self._expulsions.note(events)
        if joining := [delivery for delivery in deliveries if delivery.joining]:
            self.company.introduce(joining)

    def _left(self, connection: Connection, board: int) -> None:
        self.fanout.forget(board)
        self._chatter.leave(connection, board)
        self.company.go(board, connection)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self.ping_seconds)
            await self.ping_all()

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(self.timing.expiry_seconds)
            await self.expire_all()
