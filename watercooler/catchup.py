"""Fill the gaps of rooms: from what the bus remembers, else from the board's log, once for all who wait.

While the board is away nobody is told anything: a subscriber who is not confirmed knows it is not live.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from itertools import count

import structlog

from watercooler import metrics
from watercooler.board_log import BoardAway, BoardLog, LogTrimmed, NoSuchBoard
from watercooler.bus import Bus, BusAway
from watercooler.connection import Connection
from watercooler.messages import Event
from watercooler.room import Delivery, Need
from watercooler.rooms import Rooms
from watercooler.tasks import Tasks
from watercooler.timing import Timing

READS_AT_ONCE = 8  # of the board's API, and as many of the bus
POLLS_AT_ONCE = 4  # beside them, so that nobody who waits to be let in waits for a poll

Deliver = Callable[[Iterable[Delivery[Connection]], Iterable[Event]], None]
log = structlog.get_logger("watercooler")


class Catchup:
    """One task for each board that lacks something, and none for the others."""

    def __init__(
        self,
        rooms: Rooms[Connection],
        bus: Bus,
        board_log: BoardLog,
        *,
        deliver: Deliver,
        timing: Timing,
        tasks: Tasks,
    ) -> None:
        self._rooms, self._bus, self._board_log = rooms, bus, board_log
        self._deliver, self._timing, self._tasks = deliver, timing, tasks
        self._filling: set[int] = set()  # boards
        self._board_reads = asyncio.Semaphore(READS_AT_ONCE)
        self._bus_reads = asyncio.Semaphore(READS_AT_ONCE)
        self._polls = asyncio.Semaphore(POLLS_AT_ONCE)

    def look_after(self, board: int) -> None:
        """Begin to fill this board's gap, unless there is none or it is being filled."""
        if board not in self._filling and self._rooms.need(board):
            self._filling.add(board)
            self._tasks.start(self._fill(board), name=f"catch up board {board}")

    async def poll(self) -> None:
        """Ask the board about every room, so that an event that nobody announced is seen all the same."""
        await asyncio.gather(*(self._poll(board) for board in self._rooms.boards()))

    async def keep_polling(self) -> None:
        """Poll now and then; while the bus is away often, and then rest for as long as the board needed."""
        now = asyncio.get_running_loop().time
        every, alone = self._timing.poll_seconds, self._timing.poll_alone_seconds
        polled, took = now(), 0.0
        while True:
            await asyncio.sleep(max(min(every, alone), took))
            if not self._bus.is_joined() or now() - polled >= every:
                begun = now()
                await self.poll()
                polled, took = now(), now() - begun

    async def compare(self) -> None:
        """Doubt each room that the bus is ahead of: what it lacks was published, and not heard."""
        try:
            tops = await self._bus.tops(self._rooms.boards())
        except BusAway:
            return  # then the board is polled
        for board, top in tops.items():
            if self._rooms.is_behind(board, top.epoch, top.seq):
                self._rooms.doubt_board(board)
                self.look_after(board)

    async def keep_comparing(self) -> None:
        """Compare now and then."""
        while True:
            await asyncio.sleep(self._timing.compare_seconds)
            await self.compare()

    async def _fill(self, board: int) -> None:
        try:
            for attempt in count():
                await self._ask_bus(board)
                await self._ask_board(board)
                if self._rooms.need(board) is None:
                    return
                await asyncio.sleep(self._timing.backoff(attempt))
        finally:
            self._filling.discard(board)  # no await since the last look at the need, so none is overlooked

    async def _ask_bus(self, board: int) -> None:
        async with self._bus_reads:
            need = self._rooms.need(board)
            if need is None or not self._bus.is_joined():
                return
            try:
                page = await self._bus.read(board, after=need.after)
            except BusAway:
                return  # the bus itself reports that; the board knows everything too
            if page is not None:
                self._deliver(self._rooms.merge_history(board, need, page), page.events)

    async def _ask_board(self, board: int) -> None:
        async with self._board_reads:
            need = self._rooms.need(board)
            if need is None:
                return
            try:
                await self._read_log(board, need)
            except BoardAway as error:
                log.warning("board away", board=board, waiting=len(need.waiting), error=str(error))

    async def _poll(self, board: int) -> None:
        async with self._polls:
            need = self._rooms.position(board)
            if need is None:
                return
            try:
                await self._read_log(board, need)
            except BoardAway as error:
                log.debug("board not polled", board=board, error=str(error))
        self.look_after(board)

    async def _read_log(self, board: int, need: Need[Connection]) -> None:
        try:
            page = await self._board_log.read(board, after=need.after)
        except BoardAway:
            metrics.LOG_READS.labels("away").inc()
            raise
        except LogTrimmed as error:
            metrics.LOG_READS.labels("trimmed").inc()
            log.debug("log trimmed", board=board, waiting=len(need.waiting), error=str(error))
            self._deliver(self._rooms.trimmed(board, need), ())
        except NoSuchBoard:
            metrics.LOG_READS.labels("gone").inc()
            self._deliver(self._rooms.closed(board), ())
        else:
            metrics.LOG_READS.labels("read").inc()
            self._deliver(self._rooms.merge_log(board, need, page), page.events)
