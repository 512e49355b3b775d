"""Who is on a board, and what they may do there."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from board.errors import Invalid, Refused
from board.limits import BOARDS_A_PERSON, MEMBERS_A_BOARD
from board.models.board import Board
from board.models.entity import Entity
from board.models.task import Task
from board.models.user import User
from board.roles import Role
from board.wire import Wire

if TYPE_CHECKING:
    from board.events import Operation


class Membership(Entity):
    """One person on one board, in a role."""

    Role = Role

    entity: ClassVar[str] = "member"
    shown: ClassVar[tuple[str, ...]] = ("user_id", "role")
    related: ClassVar[tuple[str, ...]] = ("user",)

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["board", "user"], name="member_once_a_board"),)

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    def wire(self) -> Wire:
        shape = super().wire()
        return {**shape, "username": self.user.username, "name": self.user.name}

    def change_role(self, role: str | None, operation: "Operation") -> None:
        with self.board.change("member.changed", operation, of=self) as change:
            role = role or self.role
            if role != self.Role.ADMIN:
                self._refuse_if_last_admin()
            self.role = role
            change.save(self)

    def follow_name(self, operation: "Operation") -> None:
        """Tell the board that this person's name has become another since it was read here."""
        with self.board.change("member.changed", operation) as change:
            change.watch(self)
            self.user.refresh_from_db()
            change.save(self)

    def remove(self, operation: "Operation") -> None:
        """Take this person off the board; their tasks there are nobody's again."""
        with self.board.change("member.removed", operation, of=self) as change:
            self._refuse_if_last_admin()
            change.delete(self)
            Task.unassign(change, self.user_id)

    def _refuse_if_last_admin(self) -> None:
        others = self.board.memberships.exclude(pk=self.pk)
        if self.role == self.Role.ADMIN and not others.filter(role=self.Role.ADMIN).exists():
            raise Refused(
                _("%(name)s is the only admin of this board; make somebody else admin first.")
                % {"name": self.user.name},
                code="last_admin",
                field="role",
            )


def add_member(board: Board, user: User, role: str, operation: "Operation") -> Membership:
    """Put `user` on `board`. Raises Invalid if they are on it already."""
    with board.change("member.added", operation) as change:
        if board.memberships.filter(user=user).exists():
            raise Invalid(_("%(name)s is on this board already.") % {"name": user.name}, field="username")
        if board.memberships.count() >= MEMBERS_A_BOARD:
            raise Refused(
                _("This board has %(limit)d members, which is the most it can have.")
                % {"limit": MEMBERS_A_BOARD},
                code="too_many",
            )
        refuse_too_many_boards(user)
        membership = Membership(board=board, user=user, role=role)
        change.create(membership)
    return membership


def refuse_too_many_boards(user: User) -> None:
    if user.memberships.count() >= BOARDS_A_PERSON:
        message = _("%(name)s is on %(limit)d boards, which is the most one person can be on.")
        raise Refused(message % {"name": user.name, "limit": BOARDS_A_PERSON}, code="too_many")
