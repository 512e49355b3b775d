"""A board to try things on: two people, a running sprint, and work in every state."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from board.events import Operation
from board.models import Board, Membership, User
from board.models.membership import add_member
from board.models.sprint import add_sprint
from board.models.task import add_task
from board.starting import create_board

PEOPLE = (("ana", "Ana", "Lima"), ("ben", "Ben", "Okafor"))
SPRINT_DAYS = 14

# name, column (None: backlog), who, points, description
TASKS: tuple[tuple[str, int | None, tuple[str, ...], int | None, str], ...] = (
    ("Draw the empty states", 0, ("ana",), 3, "Every list says what it is for, and offers the first step."),
    ("Write the release notes", 0, (), 1, ""),
    ("Check the contrast in dark mode", 0, ("ben",), 2, "- buttons\n- labels\n- focus rings"),
    ("Let people drag with the keyboard", 1, ("ana", "ben"), 5, "Space picks a card up, the arrows move it."),
    ("Show who is away", 1, ("ben",), 3, ""),
    ("Set up the project", 2, ("ana",), 2, ""),
    ("Agree on the columns", 2, ("ana", "ben"), 1, ""),
    ("Import the old board", None, (), 8, "About 400 cards; see the export first."),
    ("Colours for labels", None, (), 2, ""),
    ("A weekly summary by mail", None, (), 5, ""),
    ("Try it with the design team", None, ("ana",), None, ""),
)


@transaction.atomic
def make_demo(password: str) -> bool:
    """Make the demo unless there is any board; return whether it was made."""
    if Board.objects.exists():
        return False
    people = {username: _person(username, first, last, password) for username, first, last in PEOPLE}
    operation = Operation(by=people["ana"])
    board = create_board("Spring release", operation)
    add_member(board, people["ben"], Membership.Role.EDITOR, operation)
    _plan(board, operation)
    _fill(board, people, operation)
    return True


def _person(username: str, first: str, last: str, password: str) -> User:
    existing = User.objects.filter(username=username).first()
    return existing or User.objects.create_user(username, first_name=first, last_name=last, password=password)


def _plan(board: Board, operation: Operation) -> None:
    today = timezone.localdate()
    end = today + timedelta(days=SPRINT_DAYS)
    fields = {"goal": "A board that the whole team likes to open", "start": today, "end": end}
    board.sprints.get().revise(operation, fields=fields)
    add_sprint(board, operation, fields={"name": "Sprint 2"})
    doing = board.columns.order_by("place")[1]
    doing.revise(operation, fields={"limit": 3})


def _fill(board: Board, people: dict[str, User], operation: Operation) -> None:
    columns = list(board.columns.order_by("place"))
    sprint = board.sprints.order_by("id")[0]
    for name, column, assignees, estimate, description in TASKS:
        fields = {
            "name": name,
            "description": description,
            "column": None if column is None else columns[column].pk,
            "sprint": None if column is None else sprint.pk,
            "assignees": [people[username].pk for username in assignees],
            "estimate": estimate,
        }
        add_task(board, operation, fields=fields)
