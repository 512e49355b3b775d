"""Where a thing stands in an order, as a short string that sorts between its neighbours.

A move writes one row, however long the list (fractional indexing, as Figma describes it). The strings
compare by code unit, in Python, in JavaScript and in both databases.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from fractional_indexing import generate_key_between, generate_n_keys_between

from board.errors import Invalid

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


def beside(
    others: "models.QuerySet[Any]", wish: Beside | None, *, among: "models.QuerySet[Any] | None" = None
) -> str:
    """Return a free place in the order of `others`: where the wish says, or last.

    Raises Invalid when the thing it names is not `among` them (all of them, if left out).
    """
    if wish is None:
        return between(others.aggregate(last=models.Max("place"))["last"], None)
    choice = others if among is None else among
    named = choice.filter(pk=wish.id).values_list("place", flat=True).first()
    if named is None:
        field = "before" if wish.before else "after"
        raise Invalid(_("There is no %(id)d there to be placed beside.") % {"id": wish.id}, field=field)
    if wish.before:
        return between(others.filter(place__lt=named).aggregate(last=models.Max("place"))["last"], named)
    return between(named, others.filter(place__gt=named).aggregate(first=models.Min("place"))["first"])
