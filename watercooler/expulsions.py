"""Whose leave to be here has ended: they are sent away where they are, and turned away when they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from watercooler.connections import Connections
from watercooler.messages import Control, Event
from watercooler.removals import Listing, Removals
from watercooler.tickets import Ticket


class Expulsions:
    """What Removals remembers, done to the connections of this process."""

    def __init__(self, connections: Connections, *, clock: Callable[[], datetime]) -> None:
        self._connections = connections
        self._removals = Removals(clock)

    def bars(self, ticket: Ticket) -> bool:
        """Say whether the ticket opens its board no more."""
        return self._removals.bars(ticket)

    def revoked(self, ticket: Ticket) -> bool:
        """Say whether the ticket opens nothing at all any more."""
        return self._removals.revoked(ticket)

    def obey(self, control: Control) -> None:
        """End the leave that a control ends; to hear it again does nothing."""
        if not self._removals.take(control):
            return
        for connection in self._connections:
            if control.user in {None, connection.user}:
                connection.lose(control.board, at=control.at)

    def note(self, events: Iterable[Event]) -> None:
        """Let nobody stay whom these events took off a board."""
        for event in events:
            for user in self._removals.note(event):
                for connection in self._connections.on_board(user, event["board"]):
                    connection.refuse(event["board"], "board")

    def name(self, board: int, listing: Listing) -> None:
        """Let nobody stay, or wait, whom the board did not name when it was asked."""
        if not self._removals.learn(board, listing):
            return
        for connection in self._connections:
            leave = connection.boards.get(board)
            if leave is not None and self.bars(leave):
                connection.refuse(board, "board")
