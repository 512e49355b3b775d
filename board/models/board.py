"""A board: what a team plans on, and the counter of its log."""

import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import ClassVar

from django.db import models

from board import statements
from board.events import Change, Operation, open_door
from board.limits import NAME_CHARACTERS
from board.models.entity import Entity
from board.statements import Row, Statement


def new_epoch() -> str:
    return secrets.token_urlsafe(9)


class Board(Entity):
    """Every change of what it holds goes through `change`; `epoch` changes only when the log is rewound."""

    entity: ClassVar[str] = "board"
    shown: ClassVar[tuple[str, ...]] = ("name", "archived")

    name = models.CharField(max_length=NAME_CHARACTERS)
    archived = models.BooleanField(default=False)
    seq = models.PositiveBigIntegerField(default=0)  # of the last event
    announced = models.PositiveBigIntegerField(default=0)  # seq up to which the announcer has told the hub
    epoch = models.CharField(max_length=32, default=new_epoch)

    class Meta:
        indexes = (
            models.Index(
                fields=["id"], condition=models.Q(seq__gt=models.F("announced")), name="board_with_news"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def change(
        self, verb: str, operation: Operation, *, of: Entity | None = None
    ) -> AbstractContextManager[Change]:
        """Open a transaction in which this board may change; see `events.open_door`."""
        return open_door(self, verb, operation, of=of)

    def locking(self) -> Statement:
        """Return the statement that takes this row for the rest of the transaction and reads it."""
        return statements.lock_board(self.pk)

    def take_lock(self, found: Sequence[Row]) -> None:
        """Be what `locking` found."""
        if not found:
            raise Board.DoesNotExist
        self.name, archived, self.seq, self.announced, self.epoch, self.version = found[0]
        self.archived = bool(archived)

    def revise(self, operation: Operation, **fields: object) -> None:
        """Give the board a new name, put it away or take it out again."""
        with self.change("board.changed", operation) as change:
            change.watch(self)
            for name, held in fields.items():
                setattr(self, name, held)
            change.save(self)
