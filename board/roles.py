"""What people may do on a board: each role whatever those ahead of it may, and more."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from board.errors import Forbidden, Missing


class Role(models.TextChoices):
    VIEWER = "viewer", gettext_lazy("Viewer")
    COMMENTER = "commenter", gettext_lazy("Commenter")
    EDITOR = "editor", gettext_lazy("Editor")
    ADMIN = "admin", gettext_lazy("Admin")


def may(role: str, needed: str) -> bool:
    return Role.values.index(role) >= Role.values.index(needed)


def check(role: str | None, needed: str) -> None:
    """Raise Missing for a stranger, who must not learn of the board, Forbidden for too low a role."""
    if role is None:
        raise Missing(_("There is nothing here that you may see."))
    if not may(role, needed):
        message = _("You are %(role)s on this board; that needs %(needed)s or more.")
        raise Forbidden(message % {"role": Role(role).label, "needed": Role(needed).label})
