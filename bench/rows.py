"""Write a board of many tasks straight into the database; runs inside `manage.py shell`.

The rows go past the log, which nobody reads back to the beginning: a snapshot is where a viewer starts.
"""

import json
import random
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import transaction
from django.utils import timezone

from board import places
from board.events import Operation
from board.models import Assignment, Board, Column, Membership, Sprint, Task, User
from board.starting import create_board

VERBS = ("Draw", "Check", "Write", "Measure", "Repair", "Translate", "Test", "Release", "Review", "Shorten")
THINGS = ("the sign-in page", "the import of old boards", "the weekly summary", "keyboard dragging",
          "the empty states", "contrast in dark mode", "the backup script", "search by assignee",
          "the offline banner", "rate limits", "the help page", "the audit log")  # fmt: skip
DESCRIPTION = "What is wanted, why, and how we shall know that it is done. " * 6


@transaction.atomic
def print_board(*, tasks: int, people: int) -> None:
    """Make a board, a quarter of its tasks in the backlog and in each column, and print how to use it."""
    users = _people(people)
    board = create_board(f"{tasks} tasks", Operation(by=users[0]))
    rows = [Membership(board=board, user=user, role=Membership.Role.EDITOR) for user in users[1:]]
    Membership.objects.bulk_create(rows)
    columns, sprint = list(board.columns.order_by("place")), board.sprints.get()
    _fill(board, columns, sprint, users, tasks)
    facts = {
        "id": board.pk,
        "columns": [column.pk for column in columns],
        "sessions": [_session(user) for user in users],
    }
    print(json.dumps(facts))


def _people(count: int) -> list[User]:
    names = [f"person{number:02}" for number in range(count)]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    new = [
        User(username=name, first_name=name.title(), last_name=f"Lima {name[-2:]}", password="!")
        for name in names
        if name not in known
    ]
    User.objects.bulk_create(new)
    return list(User.objects.filter(username__in=names).order_by("username"))


def _fill(board: Board, columns: list[Column], sprint: Sprint, users: list[User], count: int) -> None:
    dice = random.Random(count)
    rows = [
        _task(number, place, board, columns, sprint, dice)
        for number, place in enumerate(places.spread(count))
    ]
    made = Task.objects.bulk_create(rows, batch_size=500)
    pairs = [
        Assignment(task=task, user=user)
        for task in made
        for user in dice.sample(users, dice.choice((0, 0, 1, 1, 2)))
    ]
    Assignment.objects.bulk_create(pairs, batch_size=500)


def _task(
    number: int, place: str, board: Board, columns: list[Column], sprint: Sprint, dice: random.Random
) -> Task:
    lane = number % 4  # 3 is the backlog
    column = columns[lane % 3]
    now = timezone.now().replace(microsecond=0) - timedelta(hours=number)
    return Task(
        board=board,
        name=f"{dice.choice(VERBS)} {dice.choice(THINGS)} ({number})",
        description=DESCRIPTION if number % 3 == 0 else "",
        column=column,
        sprint=None if lane == 3 else sprint,
        place=place,
        estimate=dice.choice((None, 1, 2, 3, 5, 8)),
        due=now.date() + timedelta(days=dice.randrange(40)) if number % 4 == 0 else None,
        started=None if column.kind == Column.Kind.TODO else now,
        completed=now if column.kind == Column.Kind.DONE else None,
        version=board.seq,
    )


def _session(user: User) -> str:
    """Return the cookie that signing in would give: nobody waits for Argon2 or for the sign-in limit."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
