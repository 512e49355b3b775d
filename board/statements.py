"""The statements that every change runs, written out.

Django composes a statement in a third of a millisecond and the database runs one of these in a thirtieth;
a move runs a dozen, most of them while others wait for the board's lock.
"""

from typing import Any

from django.db import connection

READ = "SELECT name, archived, seq, announced, epoch, version FROM board_board WHERE id = %s"
ASSIGNED_TO = "SELECT user_id FROM board_assignment WHERE task_id = %s ORDER BY user_id"
ASSIGNED = (  # all of a board, by task
    "SELECT task_id, user_id FROM board_assignment JOIN board_task ON board_task.id = task_id"
    " WHERE board_id = %s AND NOT archived ORDER BY user_id"
)
LOCK_AND_READ = f"{READ} FOR UPDATE"


def lock_board(board: int) -> tuple[Any, ...] | None:
    """Take the board's row to the end of the transaction: name, archived, seq, announced, epoch, version.

    SQLite has locked the whole database when the transaction began.
    """
    return row(LOCK_AND_READ if connection.vendor == "postgresql" else READ, board)


def write_seq(board: int, seq: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE board_board SET seq = %s WHERE id = %s", [seq, board])


def digest_of_key(user: int, key: str) -> str | None:
    """Return the digest of the request that this person sent under `key`, if any."""
    found = row("SELECT digest FROM board_event WHERE by_id = %s AND cid = %s", user, key)
    return None if found is None else str(found[0])


def role_on(board: int, user: int) -> str | None:
    found = row("SELECT role FROM board_membership WHERE board_id = %s AND user_id = %s", board, user)
    return None if found is None else str(found[0])


def whereabouts(table: str, pk: int, user: int) -> tuple[int, str] | None:
    """Return the board of the row `pk` of one of our tables, and what this person is on it, if anything."""
    joined = f"{table} AS thing JOIN board_membership AS mine ON mine.board_id = thing.board_id"
    found = row(
        f"SELECT thing.board_id, mine.role FROM {joined} WHERE thing.id = %s AND mine.user_id = %s",  # noqa: S608
        pk,
        user,
    )
    return None if found is None else (found[0], found[1])


def assignees_of(task: int) -> list[int]:
    return [user for (user,) in rows(ASSIGNED_TO, task)]


def rows(statement: str, *values: int | str) -> list[tuple[Any, ...]]:
    """Return all rows of what a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def row(statement: str, *values: int | str) -> tuple[Any, ...] | None:
    """Return the first row of what a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found
