"""Everything that is needed to draw a board, from one consistent read.

The rows are read as tuples: at 5,000 tasks, making model instances would cost more than all the rest.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from psycopg import IsolationLevel

from board.announcing import keys
from board.models import Assignment, Board, Column, Membership, Sprint, Task
from board.models.entity import Entity
from board.wire import DETAILS, Wire, seconds, value
from watercooler.tickets import issue_ticket


def snapshot(membership: Membership) -> Wire:
    """Return the board of `membership` as that person may see it, with leave to hear what comes after.

    To be asked inside `consistent_read`, with the membership and its board read there too.
    """
    me = {"user": membership.user_id, "role": membership.role}
    return {**state(membership.board), "me": me, "live": ticket(membership)}


def state(board: Board) -> Wire:
    """Return what the board holds at its `seq`; the same for everybody."""
    members = board.memberships.select_related("user").order_by("id")
    return {
        "board": {**board.wire(), "version": board.version},
        "members": [{**member.wire(), "version": member.version} for member in members],
        "columns": _rows(Column, board.columns.order_by("place")),
        "sprints": _rows(Sprint, board.sprints.order_by("id")),
        "tasks": _tasks(board),
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
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        connection.ensure_connection()
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


def _tasks(board: Board) -> list[Wire]:
    assignees: dict[int, list[int]] = defaultdict(list)
    assigned = Assignment.objects.filter(task__board=board, task__archived=False).order_by(
        "task_id", "user_id"
    )
    for task, user in assigned.values_list("task_id", "user_id"):
        assignees[task].append(user)
    tasks = _rows(Task, board.tasks.filter(archived=False).order_by("place"))
    for task_row in tasks:
        task_row["assignees"] = assignees.get(task_row["id"], [])
    return tasks


def _rows(model: type[Entity], rows: "models.QuerySet[Any]") -> list[Wire]:
    hidden = DETAILS.get(model.entity, frozenset())
    columns = ["id", *(name for name in model.shown if name not in hidden), "version"]
    names = [name.removesuffix("_id") for name in columns]
    return [dict(zip(names, map(value, row), strict=True)) for row in rows.values_list(*columns)]
