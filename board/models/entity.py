"""What everything on a board has in common: an id, a version and a shape on the wire."""

from collections.abc import Sequence
from typing import ClassVar

from django.db import models

from board import rows
from board.statements import Row, Statement
from board.wire import Wire, value


class Entity(models.Model):
    """A row that events speak of; `version` is the seq of the last event that touched it."""

    entity: ClassVar[str]
    shown: ClassVar[tuple[str, ...]]  # the fields on the wire, a foreign key by its column

    related: ClassVar[tuple[str, ...]] = ()  # what its rules look at, read together with it

    version = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def wire(self) -> Wire:
        shape: Wire = {"id": self.pk}
        for name in self.shown:
            shape[name.removesuffix("_id")] = value(getattr(self, name))
        return shape

    def reading(self) -> list[Statement]:
        """Return the statements that read this row as it is now; `take` takes what they find."""
        return [rows.reading(type(self), self.related).by_id(self.pk)]

    def take(self, found: Sequence[Sequence[Row]]) -> None:
        """Be what `reading` found; the board it hangs on stays the one that was locked."""
        if not found[0]:
            raise type(self).DoesNotExist
        rows.reading(type(self), self.related).fill(self, found[0][0])

    def insert(self) -> None:
        """Write this new row."""
        self.save(force_insert=True)

    def storing(self, changed: set[str]) -> list[Statement]:
        """Return the statements that write the `changed` wire fields, and the version."""
        columns = (name.removesuffix("_id") for name in self.shown)
        return [rows.update(self, ["version", *(name for name in columns if name in changed)])]
