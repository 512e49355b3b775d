"""All rooms of one hub: a room stands as long as somebody is in it.

No I/O, and nothing for boards that nobody here watches.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Generic

from watercooler.messages import Event
from watercooler.room import Delivery, Need, Page, Room, S


class Rooms(Generic[S]):
    """Who watches what; see Room for the meaning of each verb."""

    def __init__(self) -> None:
        self._rooms: dict[int, Room[S]] = {}

    def subscribe(self, board: int, who: S, *, after: int, epoch: str) -> list[Delivery[S]]:
        """Let someone in, now or when the gap to `after` is filled."""
        return self._rooms.setdefault(board, Room(board)).subscribe(who, after=after, epoch=epoch)

    def leave(self, board: int, who: S) -> None:
        """Take someone out of a room."""
        if room := self._rooms.get(board):
            room.leave(who)
            self._drop_if_empty(room)

    def boards(self) -> list[int]:
        """List the boards that somebody watches."""
        return list(self._rooms)

    def is_open(self, board: int) -> bool:
        """Say whether somebody watches this board."""
        return board in self._rooms

    def members(self, board: int) -> Collection[S]:
        """Give everyone who was admitted."""
        room = self._rooms.get(board)
        return room.members.keys() if room else ()

    def top(self, board: int, who: S) -> int | None:
        """Say up to where this member has everything; None for one who is not admitted."""
        room = self._rooms.get(board)
        return room.last if room and who in room.members else None

    def doubt(self) -> None:
        """Note that events may have passed unheard in every room."""
        for room in self._rooms.values():
            room.doubts += 1

    def doubt_board(self, board: int) -> None:
        """Note that events may have passed unheard in one room."""
        if room := self._rooms.get(board):
            room.doubts += 1

    def is_behind(self, board: int, epoch: str, seq: int) -> bool:
        """Say whether there is more of this board, as far as its members are concerned, than they have."""
        room = self._rooms.get(board)
        return room is not None and room.is_behind(epoch, seq)

    def hear(self, event: Event) -> list[Delivery[S]]:
        """Take an event as it happens."""
        room = self._rooms.get(event["board"])
        return self._settled(room, room.hear(event)) if room else []

    def need(self, board: int) -> Need[S] | None:
        """Say what has to be read for this board, if anything."""
        room = self._rooms.get(board)
        return room.need() if room else None

    def position(self, board: int) -> Need[S] | None:
        """Say where this board's members stand."""
        room = self._rooms.get(board)
        return room.position() if room else None

    def merge_history(self, board: int, need: Need[S], page: Page) -> list[Delivery[S]]:
        """Take what the bus remembers."""
        room = self._rooms.get(board)
        return room.merge_history(need, page) if room else []

    def merge_log(self, board: int, need: Need[S], page: Page) -> list[Delivery[S]]:
        """Take the board's own answer."""
        room = self._rooms.get(board)
        return self._settled(room, room.merge_log(need, page)) if room else []

    def trimmed(self, board: int, need: Need[S]) -> list[Delivery[S]]:
        """The log does not reach back, or forward, that far."""
        room = self._rooms.get(board)
        return self._settled(room, room.trimmed(need)) if room else []

    def closed(self, board: int) -> list[Delivery[S]]:
        """There is no such board."""
        room = self._rooms.get(board)
        return self._settled(room, room.closed()) if room else []

    def _settled(self, room: Room[S], deliveries: list[Delivery[S]]) -> list[Delivery[S]]:
        self._drop_if_empty(room)
        return deliveries

    def _drop_if_empty(self, room: Room[S]) -> None:
        if room.is_empty():
            self._rooms.pop(room.board, None)
