"""Fill the gaps of rooms: from what the bus remembers, else from the board's log, once for all who wait.

While the board is away nobody is told anything: a subscriber who is not confirmed knows it is not live.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from itertools import count

import structlog

from watercooler.board_log import BoardAway, BoardLog, LogTrimmed, NoSuchBoard
from watercooler.bus import Bus, BusAway
from watercooler.connection import Connection
from watercooler.messages import Event
from watercooler.room import Delivery, Need
from watercooler.rooms import Rooms
from watercooler.tasks import Tasks
from watercooler.timing import Timing

READS_AT_ONCE = 8  # of the board's API

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
        self._reads = asyncio.Semaphore(READS_AT_ONCE)

    def look_after(self, board: int) -> None:
        """Begin to fill this board's gap, unless there is none or it is being filled."""
        if board not in self._filling and self._rooms.need(board):
            self._filling.add(board)
            self._tasks.start(self._fill(board), name=f"catch up board {board}")

    async def poll(self) -> None:
        """Ask the board about every room, so that an event that nobody announced is seen all the same."""
        await asyncio.gather(*(self._poll(board) for board in self._rooms.boards()))

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
        need = self._rooms.need(board)
        if need is None:
            return
        try:
            page = await self._bus.read(board, after=need.after)
        except BusAway:
            return  # the bus itself reports that; the board knows everything too
        if page is not None:
            self._deliver(self._rooms.merge_history(board, need, page), page.events)

    async def _ask_board(self, board: int) -> None:
        need = self._rooms.need(board)
        if need is None:
            return
        try:
            await self._read_log(board, need)
        except BoardAway as error:
            log.warning("board away", board=board, waiting=len(need.waiting), error=str(error))

    async def _poll(self, board: int) -> None:
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
            async with self._reads:
                page = await self._board_log.read(board, after=need.after)
        except LogTrimmed:
            self._deliver(self._rooms.trimmed(board, need), ())
        except NoSuchBoard:
            self._deliver(self._rooms.closed(board), ())
        else:
            self._deliver(self._rooms.merge_log(board, need, page), page.events)
