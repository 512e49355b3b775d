"""Read and write one row of a model by statements that are composed once.

They say what Django's own would say: its converters make the values, its fields prepare them.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar, cast

from django.db import connection, models

from board.statements import Row, Statement, several

M = TypeVar("M", bound=models.Model)
Convert = Callable[[Any], Any]


class Part:
    """The columns of one model in a statement that names its table `name`."""

    def __init__(self, model: type[models.Model], name: str) -> None:
        self._model = model
        self._fields: Any = model._meta.concrete_fields
        self._converters = [_converter(field) for field in self._fields]
        self.columns = ", ".join(f"{name}.{_quoted(field.column)}" for field in self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def values(self, row: Row) -> dict[str, Any]:
        """Return what a row of these columns holds, by the attribute that takes it."""
        held = zip(self._fields, self._converters, row, strict=True)
        return {field.attname: convert(raw) if convert else raw for field, convert, raw in held}

    def made(self, row: Row) -> models.Model:
        values = self.values(row)
        return self._model.from_db(connection.alias, list(values), list(values.values()))


class Reading:
    """A statement for rows of `model`, with the rows that their foreign keys `related` lead to."""

    def __init__(self, model: type[models.Model], related: tuple[str, ...] = ()) -> None:
        self._thing = Part(model, "thing")
        self._related = {name: Part(_target(model, name), _quoted(name)) for name in related}
        columns = ", ".join(part.columns for part in (self._thing, *self._related.values()))
        joins = "".join(f" {_join(model, name)}" for name in related)
        self._sql = f"SELECT {columns} FROM {model._meta.db_table} AS thing{joins}"  # noqa: S608

    def by_id(self, pk: int) -> Statement:
        return self.where("thing.id = %s", pk)

    def where(self, condition: str, *values: int) -> Statement:
        """Read the rows of which this is true; it may end with their order."""
        return f"{self._sql} WHERE {condition}", values

    def made(self, row: Row) -> Any:
        """Return what this row says."""
        made = self._thing.made(row[: len(self._thing)])
        self._lead(made, row)
        return made

    def fill(self, entity: models.Model, row: Row) -> None:
        """Let `entity`, and what it leads to, be what this row says."""
        for name, held in self._thing.values(row[: len(self._thing)]).items():
            setattr(entity, name, held)
        self._lead(entity, row)

    def _lead(self, entity: models.Model, row: Row) -> None:
        at = len(self._thing)
        for name, part in self._related.items():
            columns = row[at : at + len(part)]
            setattr(entity, name, None if columns[0] is None else part.made(columns))
            at += len(part)


@cache
def reading(model: type[models.Model], related: tuple[str, ...] = ()) -> Reading:
    """Return how a row of `model` is read."""
    return Reading(model, related)


def find(model: type[M], pk: int) -> M | None:
    """Return the row of `model` with this id, if there is one."""
    asked = reading(model)
    found = several(asked.by_id(pk))[0]
    return cast(M, asked.made(found[0])) if found else None


def update(entity: models.Model, names: Iterable[str]) -> Statement:
    """Write these fields of a row that stands."""
    fields: list[Any] = [entity._meta.get_field(name) for name in names]
    columns = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    statement = f"UPDATE {entity._meta.db_table} SET {columns} WHERE id = %s"  # noqa: S608
    return statement, [*(_prepared(entity, field) for field in fields), entity.pk]


def insert(entity: models.Model) -> Statement:
    """Write a new row, which the database numbers; `entity` does not learn its number."""
    fields = [field for field in entity._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {entity._meta.db_table} ({columns}) VALUES ({places})"  # noqa: S608
    return statement, [_prepared(entity, field) for field in fields]


def _prepared(entity: models.Model, field: Any) -> Any:
    return field.get_db_prep_save(getattr(entity, field.attname), connection)


def _target(model: type[models.Model], name: str) -> type[models.Model]:
    target: Any = model._meta.get_field(name).related_model
    return target  # type: ignore[no-any-return]


def _join(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    alias = _quoted(name)
    return f"LEFT JOIN {_target(model, name)._meta.db_table} AS {alias} ON {alias}.id = thing.{field.column}"


def _quoted(name: Any) -> str:
    return str(connection.ops.quote_name(name))


def _converter(field: Any) -> Convert | None:
    """Return what makes the field's Python value of the database's, where they differ."""
    expression = field.get_col(field.model._meta.db_table)
    steps = [*connection.ops.get_db_converters(expression), *field.get_db_converters(connection)]
    if not steps:
        return None

    def convert(raw: Any) -> Any:
        for step in steps:
            raw = step(raw, expression, connection)
        return raw

    return convert
