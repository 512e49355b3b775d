"""The statements that every change runs, written out.

Django composes a statement in a third of a millisecond and the database runs one of these in a thirtieth;
a move runs a dozen, most of them while others wait for the board's lock.
"""

from typing import Any

from django.db import connection

READ = "SELECT name, archived, seq, announced, epoch, version FROM board_board WHERE id = %s"
LOCK_AND_READ = f"{READ} FOR UPDATE"


def lock_board(board: int) -> tuple[Any, ...] | None:
    """Take the board's row to the end of the transaction: name, archived, seq, announced, epoch, version.

    SQLite has locked the whole database when the transaction began.
    """
    return _row(LOCK_AND_READ if connection.vendor == "postgresql" else READ, board)


def write_seq(board: int, seq: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE board_board SET seq = %s WHERE id = %s", [seq, board])


def digest_of_key(user: int, key: str) -> str | None:
    """Return the digest of the request that this person sent under `key`, if any."""
    row = _row("SELECT digest FROM board_event WHERE by_id = %s AND cid = %s", user, key)
    return None if row is None else str(row[0])


def role_on(board: int, user: int) -> str | None:
    row = _row("SELECT role FROM board_membership WHERE board_id = %s AND user_id = %s", board, user)
    return None if row is None else str(row[0])


def assignees_of(task: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id FROM board_assignment WHERE task_id = %s ORDER BY user_id", [task])
        return [row[0] for row in cursor.fetchall()]


def _row(statement: str, *values: int | str) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
