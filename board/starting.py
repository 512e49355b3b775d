"""Make a board that can be used at once."""

from django.db import transaction
from django.utils.translation import gettext as _

from board import places
from board.events import Change, Operation
from board.models import Board, Column, Membership, Sprint, User
from board.models.membership import refuse_too_many_boards


def create_board(name: str, operation: Operation) -> Board:
    """Make a board with three columns, a running sprint, and its maker as admin."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=operation.by.pk)
        operation.refuse_repetition()
        refuse_too_many_boards(operation.by)
        board = Board(name=name)
        change = Change(board, "board.created", operation)
        change.create(board)
        change.create(Membership(board=board, user=operation.by, role=Membership.Role.ADMIN))
        starting = (
            (_("To do"), Column.Kind.TODO),
            (_("Doing"), Column.Kind.DOING),
            (_("Done"), Column.Kind.DONE),
        )
        for (title, kind), place in zip(starting, places.spread(len(starting)), strict=True):
            change.create(Column(board=board, name=title, kind=kind, place=place))
        change.create(Sprint(board=board, name=_("Sprint 1"), state=Sprint.State.ACTIVE))
        change.record()
    return board
