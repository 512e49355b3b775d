"""Everything that is needed to draw a board, from one consistent read.

The tasks are read as tuples: at 5,000 of them, making model instances would cost more than all the rest.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from psycopg import IsolationLevel

from board import rows
from board.announcing import keys
from board.models import Board, Column, Entity, Membership, Sprint, Task
from board.statements import ASSIGNED, Row, several
from board.wire import DETAILS, Wire, seconds
from watercooler.tickets import issue_ticket

LISTED: tuple[tuple[type[Entity], str], ...] = ((Membership, "id"), (Column, "place"), (Sprint, "id"))
TASK_COLUMNS = ("id", *(name for name in Task.shown if name not in DETAILS["task"] | {"archived"}), "version")
MOMENTS = {"due", "started", "completed"}
# SQLite's strftime, its % escaped for two rounds of formatting, and to_char of PostgreSQL in UTC
TIME_FORMATS = ("%%%%Y-%%%%m-%%%%dT%%%%H:%%%%M:%%%%SZ", 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
DATE_FORMATS = ("%%%%Y-%%%%m-%%%%d", "YYYY-MM-DD")


def snapshot(membership: Membership) -> Wire:
    """Return the board of `membership` as that person may see it, with leave to hear what comes after.

    To be asked inside `consistent_read`, with the membership and its board read there too.
    """
    me = {"user": membership.user_id, "role": membership.role}
    return {**state(membership.board), "me": me, "live": ticket(membership)}


def state(board: Board) -> Wire:
    """Return what the board holds at its `seq`; the same for everybody."""
    listings = [
        rows.reading(model, model.related).where(f"thing.board_id = %s ORDER BY thing.{order}", board.pk)
        for model, order in LISTED
    ]
    members, columns, sprints, tasks, assigned = several(
        *listings, (_tasks_statement(), [board.pk]), (ASSIGNED, [board.pk])
    )
    return {
        "board": {**board.wire(), "version": board.version},
        "members": _entities(Membership, members),
        "columns": _entities(Column, columns),
        "sprints": _entities(Sprint, sprints),
        "tasks": _tasks(tasks, assigned),
        "seq": board.seq,
        "epoch": board.epoch,
    }


def ticket(membership: Membership) -> Wire:
    """Return where and with what this person's browser hears the board's events."""
    user, board = membership.user, membership.board
    token, expires = issue_ticket(keys(), user=user.pk, name=user.name, board=board.pk, epoch=board.epoch)
    return {"url": settings.WATERCOOLER_LIVE_URL, "ticket": token, "expires": seconds(expires)}


@contextmanager
def consistent_read() -> Iterator[None]:
    """Let all queries inside see one moment, without a writer waiting for them or they for a writer."""
    connection.ensure_connection()
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        connection.connection.isolation_level = IsolationLevel.REPEATABLE_READ
        try:
            with transaction.atomic():
                yield
        finally:
            connection.connection.isolation_level = None
    else:
        with _deferred_transaction(connection):
            yield


@contextmanager
def _deferred_transaction(sqlite: Any) -> Iterator[None]:
    """Begin without the write lock that this project's other SQLite transactions take at once."""
    mode, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            sqlite.transaction_mode = mode
            yield
    finally:
        sqlite.transaction_mode = mode


def _entities(model: type[Entity], found: list[Row]) -> list[Wire]:
    made = map(rows.reading(model, model.related).made, found)
    return [{**entity.wire(), "version": entity.version} for entity in made]


class Moment(models.Func):
    """A time or a date as the wire spells it, spelled by the database, which is quicker."""

    output_field = models.TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"strftime('{self._format(0)}', %(expressions)s)")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template=f"to_char(%(expressions)s, '{self._format(1)}')")

    def _format(self, dialect: int) -> str:
        is_time = isinstance(self.source_expressions[0].output_field, models.DateTimeField)
        return (TIME_FORMATS if is_time else DATE_FORMATS)[dialect]


def _tasks(tasks: list[Row], assigned: list[Row]) -> list[Wire]:
    """Spell the tasks; at 5,000 of them a literal takes 2 ms less than a dict made from names."""
    held: dict[int, list[int]] = defaultdict(list)
    for task, user in assigned:
        held[task].append(user)
    workers: Any = held.get
    nobody: list[int] = []
    return [
        {
            "id": pk,
            "name": name,
            "column": column,
            "sprint": sprint,
            "place": place,
            "estimate": estimate,
            "due": due,
            "started": started,
            "completed": completed,
            "archived": False,
            "version": version,
            "assignees": workers(pk, nobody),
        }
        for pk, name, column, sprint, place, estimate, due, started, completed, version in tasks
    ]


@cache
def _tasks_statement() -> str:
    """Compose the statement once; its one parameter is the board."""
    open_tasks = Task.objects.filter(board=0, archived=False).order_by("place")
    spelled = (Moment(name) if name in MOMENTS else name for name in TASK_COLUMNS)
    statement, _board = open_tasks.values_list(*spelled).query.sql_with_params()
    return str(statement)
