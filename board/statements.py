"""The statements that every change runs, written out.

Django composes a statement in a third of a millisecond and the database runs one of these in a thirtieth;
a move runs a dozen, most of them while others wait for the board's lock. So do the round trips count:
`several` makes one of many.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

Statement = tuple[str, Sequence[Any]]  # SQL, and what stands for its placeholders
Row = tuple[Any, ...]

ASSIGNED = (  # all of a board, by task
    "SELECT task_id, user_id FROM board_assignment JOIN board_task ON board_task.id = task_id"
    " WHERE board_id = %s AND NOT archived ORDER BY user_id"
)


def lock_board(board: int) -> Statement:
    """Take the board's row to the end of the transaction: name, archived, seq, announced, epoch, version.

    SQLite has locked the whole database when the transaction began.
    """
    read = "SELECT name, archived, seq, announced, epoch, version FROM board_board WHERE id = %s"
    return f"{read} FOR UPDATE" if connection.vendor == "postgresql" else read, [board]


def write_seq(board: int, seq: int) -> Statement:
    return "UPDATE board_board SET seq = %s WHERE id = %s", [seq, board]


def digest_of_key(user: int, key: str | None) -> Statement:
    """Ask for the digest of the request that this person sent under `key`; nothing is found without a key."""
    return "SELECT digest FROM board_event WHERE by_id = %s AND cid = %s", [user, key]


def role_on(board: int, user: int) -> Statement:
    return "SELECT role FROM board_membership WHERE board_id = %s AND user_id = %s", [board, user]


def whereabouts(table: str, pk: int, user: int) -> Statement:
    """Ask for the board of the row `pk` of one of our tables, and what this person is on it."""
    joined = f"{table} AS thing JOIN board_membership AS mine ON mine.board_id = thing.board_id"
    statement = f"SELECT thing.board_id, mine.role FROM {joined} WHERE thing.id = %s AND mine.user_id = %s"  # noqa: S608
    return statement, [pk, user]


def assignees_of(task: int) -> Statement:
    return "SELECT user_id FROM board_assignment WHERE task_id = %s ORDER BY user_id", [task]


def assign(task: int, users: Sequence[int]) -> list[Statement]:
    """Let these people, and nobody else, work on a task."""
    freed: Statement = ("DELETE FROM board_assignment WHERE task_id = %s", [task])
    if not users:
        return [freed]
    pairs = ", ".join(["(%s, %s)"] * len(users))
    held = [part for user in users for part in (task, user)]
    return [freed, (f"INSERT INTO board_assignment (task_id, user_id) VALUES {pairs}", held)]  # noqa: S608


def several(*statements: Statement) -> list[list[Row]]:
    """Run these one after the other and return the rows of each: on PostgreSQL in one round trip.

    Each sees what was committed when it began, also where an earlier one waited for a lock.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "; ".join(sql for sql, _ in statements), [v for _, values in statements for v in values]
            )
            found = [_fetched(cursor)]
            while cursor.nextset():
                found.append(_fetched(cursor))
            return found
        found = []
        for sql, values in statements:
            cursor.execute(sql, values)
            found.append(_fetched(cursor))
        return found


def _fetched(cursor: Any) -> list[Row]:
    return list(cursor.fetchall()) if cursor.description else []
