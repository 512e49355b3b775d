"""Who may do what: a stranger to a board finds nothing there, a member what the role allows."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request

from board.models import Membership


def membership(request: Request, board_id: int, role: str = Membership.Role.VIEWER) -> Membership:
    """Return the asker's membership with its board. Raises NotFound, PermissionDenied."""
    found = Membership.objects.select_related("board").filter(board=board_id, user=request.user.pk).first()
    if found is None:
        raise NotFound
    found.user = request.user  # type: ignore[assignment]
    refuse_below(role, found.role)
    return found


def visible(rows: "QuerySet[Any]", request: Request) -> "QuerySet[Any]":
    """Keep what is on the asker's boards, each row with the asker's role there as `my_role`."""
    mine = rows.filter(Q(board__memberships__user=request.user.pk))
    return mine.annotate(my_role=F("board__memberships__role"))  # type: ignore[no-any-return]


def refuse_below(needed: str, role: str) -> None:
    """Raise PermissionDenied unless `role` may do what the `needed` one may."""
    if not Membership(role=role).may(needed):
        message = _("You are %(role)s on this board; that needs %(needed)s or more.")
        raise PermissionDenied(
            message % {"role": Membership.Role(role).label, "needed": Membership.Role(needed).label}
        )
