"""Make a board that can be used at once."""

from django.db import transaction
from django.utils.translation import gettext as _

from board import places
from board.errors import Refused
from board.events import Change, Operation
from board.limits import BOARDS_A_PERSON
from board.models import Board, Column, Membership, Sprint, User


def create_board(name: str, operation: Operation) -> Board:
    """Make a board with three columns, a running sprint, and its maker as admin."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=operation.by.pk)
        operation.refuse_repetition()
        _refuse_too_many(operation.by)
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


def _refuse_too_many(user: User) -> None:
    if Board.objects.filter(memberships__user=user).count() >= BOARDS_A_PERSON:
        raise Refused(
            _("You are on %(limit)d boards, which is the most one person can be on.")
            % {"limit": BOARDS_A_PERSON},
            code="too_many",
        )
