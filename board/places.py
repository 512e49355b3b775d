"""Where a thing stands in an order, as a short string that sorts between its neighbours.

A move writes one row, however long the list (fractional indexing, as Figma describes it). The strings
compare by code unit, in Python, in JavaScript and in both databases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from fractional_indexing import generate_key_between, generate_n_keys_between

from board.errors import Invalid
from board.statements import Row, Statement, several

ON_BOARD = "board_id = %s AND id <> %s"
LONGEST = 200  # characters; about 1,200 drops into one same gap, and well below what an index row can hold


class PlaceField(models.TextField):  # type: ignore[type-arg]
    """A string that the database sorts by code unit: PostgreSQL needs to be told, SQLite does so anyway."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def between(low: str | None, high: str | None) -> str:
    """Return a place after `low` and ahead of `high`; None is the end on that side."""
    return str(generate_key_between(low, high))


def spread(count: int, *, after: str | None = None) -> list[str]:
    """Return `count` places in order, the shortest there are behind `after`."""
    return [str(key) for key in generate_n_keys_between(after, None, count)]


@dataclass(frozen=True, slots=True)
class Beside:
    """A wish for a place: ahead of (`before`) or behind the thing with this id."""

    id: int
    before: bool


@dataclass(frozen=True, slots=True)
class Order:
    """The order of one table's rows on one board, without the row `apart` that is to be placed.

    With `column` only open rows of that column can be named to be placed beside.
    """

    table: str
    board: int
    apart: int = 0
    column: int | None = None

    def beside(self, wish: Beside | None) -> str:
        """Return a free place where the wish says, or the last. Raises Invalid for what is not there."""
        return self.place(wish, several(self.looking(wish))[0])

    def looking(self, wish: Beside | None) -> Statement:
        """Return the statement that looks where the wish says; `place` takes what it finds."""
        # The table's and the columns' names are ours; everything else is a parameter.
        of_board = (self.board, self.apart)
        if wish is None:
            return f"SELECT MAX(place), NULL FROM {self.table} WHERE {ON_BOARD}", of_board  # noqa: S608
        end, side = ("MAX", "<") if wish.before else ("MIN", ">")
        beyond = f"SELECT {end}(place) FROM {self.table} WHERE {ON_BOARD} AND place {side} named.place"  # noqa: S608
        named = f"SELECT place, ({beyond}) FROM {self.table} AS named WHERE {ON_BOARD} AND id = %s"  # noqa: S608
        if self.column is None:
            return named, (*of_board, *of_board, wish.id)
        return f"{named} AND column_id = %s AND NOT archived", (*of_board, *of_board, wish.id, self.column)

    def place(self, wish: Beside | None, found: Sequence[Row]) -> str:
        """Return the place between what is named and its neighbour. Raises Invalid for what is not there."""
        if wish is not None and not found:
            field = "before" if wish.before else "after"
            raise Invalid(_("There is no %(id)d there to be placed beside.") % {"id": wish.id}, field=field)
        named, neighbour = found[0]
        return between(neighbour, named) if wish is not None and wish.before else between(named, neighbour)
