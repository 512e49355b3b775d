"""What everything on a board has in common: an id, a version and a shape on the wire."""

from typing import ClassVar

from django.db import models

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

    def reread(self) -> None:
        """Read this row as it is now; the board it hangs on stays the one that was locked."""
        board = getattr(self, "board", None)
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_related(*self.related))
        if board is not None:
            self.board = board

    def insert(self) -> None:
        """Write this new row."""
        self.save(force_insert=True)

    def store(self, changed: set[str]) -> None:
        """Write the columns of the `changed` wire fields, and the version."""
        columns = {name for name in self.shown if name.removesuffix("_id") in changed}
        self.save(update_fields=columns | {"version"})
