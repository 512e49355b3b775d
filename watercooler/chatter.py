"""What people do at the moment: passed on to the others on the board, and taken back when they leave it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from watercooler import frames
from watercooler.connection import Connection
from watercooler.frames import Say
from watercooler.room import Delivery
from watercooler.rooms import Rooms
from watercooler.says import Says
from watercooler.tasks import Tasks
from watercooler.whispers import Whispers, Word


class Chatter:
    """The Says of each connection that has said something, and one task for each that is in a hurry."""

    def __init__(
        self,
        rooms: Rooms[Connection],
        whispers: Whispers,
        *,
        process: str,
        deliver: Callable[[Delivery[Connection]], None],
        tasks: Tasks,
    ) -> None:
        self._rooms, self._whispers, self._process = rooms, whispers, process
        self._deliver, self._tasks = deliver, tasks
        self._says: dict[Connection, Says] = {}
        self._hasty: set[Connection] = set()

    def say(self, connection: Connection, say: Say) -> None:
        """Pass on what a member of a room does; of others it is not wanted."""
        if connection not in self._rooms.members(say.board):
            return
        says = self._says.get(connection)
        if says is None:
            says = self._says[connection] = Says(connection.boards[say.board].user)
        self._pass_on(connection, says.user, says.say(say, now=_now()))
        if connection not in self._hasty and says.wait(_now()) is not None:
            self._hasty.add(connection)
            self._tasks.start(self._keep_to_pace(connection, says), name="pass on what waits")

    def leave(self, connection: Connection, board: int) -> None:
        """Take back what a connection said on a board that it has left."""
        if says := self._says.get(connection):
            self._pass_on(connection, says.user, says.leave(board))

    def forget(self, connection: Connection) -> None:
        """Note that a connection has ended."""
        self._says.pop(connection, None)

    def hear(self, word: Word) -> None:
        """Tell our clients what one of another process does."""
        if word.process != self._process:
            self._tell(word, self._rooms.members(word.say.board))

    async def _keep_to_pace(self, connection: Connection, says: Says) -> None:
        while (wait := says.wait(_now())) is not None:
            await asyncio.sleep(wait)
            self._pass_on(connection, says.user, says.due(_now()))
        self._hasty.discard(connection)

    def _pass_on(self, connection: Connection, user: int, says: Iterable[Say]) -> None:
        for say in says:
            word = Word(self._process, connection.name, user, say)
            self._tell(word, [one for one in self._rooms.members(say.board) if one is not connection])
            self._whispers.send(word)

    def _tell(self, word: Word, to: Iterable[Connection]) -> None:
        if listeners := tuple(to):
            frame = frames.said(word.say, user=word.user, connection=word.connection)
            self._deliver(Delivery(word.say.board, listeners, (frame,), ephemeral=True))


def _now() -> float:
    return asyncio.get_running_loop().time()
