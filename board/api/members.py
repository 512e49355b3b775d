"""Members over HTTP."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from board import roles
from board.api import parsing
from board.api.filters import MemberFilter
from board.api.resources import KEY_PARAMETER, REFUSALS, EntityViews, changed, removed
from board.api.shapes import MemberShape
from board.errors import Invalid
from board.models import Membership, User
from board.models.membership import add_member


class MemberViews(EntityViews):
    model = Membership
    queryset = Membership.objects.select_related("user", "board").order_by("board", "id")
    serializer_class = MemberShape
    filterset_class = MemberFilter
    search_fields = ("user__username", "user__first_name", "user__last_name")
    ordering_fields = ("id", "role")
    writer = Membership.Role.ADMIN

    @extend_schema(parameters=[KEY_PARAMETER], responses={201: MemberShape, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Add a person to a board by username."""
        fields = self.asked()
        board = self.board_for(fields)
        role = fields.get("role", Membership.Role.EDITOR)
        member = add_member(board, _person(fields["username"]), role, parsing.operation(request, self.writer))
        return changed(member, board, created=True)

    @extend_schema(parameters=[KEY_PARAMETER], responses={200: MemberShape, **REFUSALS})
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a member's role."""
        member = self.changeable()
        fields = self.asked(partial=True)
        member.change_role(fields.get("role"), parsing.operation(request, self.writer))
        return changed(member, member.board)

    @extend_schema(parameters=[KEY_PARAMETER], responses={204: None, **REFUSALS})
    def destroy(self, request: Request, pk: int) -> Response:
        """Remove a member, or leave the board oneself."""
        _board, role = self.whereabouts()
        member = Membership.objects.select_related("board").get(pk=pk)
        needed = Membership.Role.VIEWER if member.user_id == request.user.pk else self.writer
        roles.check(role, needed)
        board = member.board
        member.remove(parsing.operation(request, needed))
        return removed(board)


def _person(username: str) -> User:
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        message = _("There is nobody called %(username)s here.")
        raise Invalid(message % {"username": username}, field="username")
    return person
