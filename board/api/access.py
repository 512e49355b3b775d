"""Who may do what: a stranger to a board finds nothing there, a member what the role allows."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from board import roles, rows
from board.errors import Missing
from board.models import Membership
from board.statements import several


def membership(request: Request, board_id: int, needed: str = roles.Role.VIEWER) -> Membership:
    """Return the asker's membership with its board. Raises Missing, Forbidden."""
    asked = rows.reading(Membership, ("board",))
    about = asked.where("thing.board_id = %s AND thing.user_id = %s", board_id, request.user.pk or 0)
    memberships = several(about)[0]
    if not memberships:
        raise Missing(_("There is nothing here that you may see."))
    found: Membership = asked.made(memberships[0])
    roles.check(found.role, needed)
    found.user = request.user  # type: ignore[assignment]
    return found


def visible(things: "QuerySet[Any]", request: Request) -> "QuerySet[Any]":
    """Keep what is on the asker's boards, each row with the asker's role there as `my_role`."""
    mine = things.filter(Q(board__memberships__user=request.user.pk))
    return mine.annotate(my_role=F("board__memberships__role"))  # type: ignore[no-any-return]
