"""Who a session belongs to: the first thing that every request of a browser asks."""

from django.contrib.auth.backends import ModelBackend

from board import rows
from board.models import User


class Backend(ModelBackend):
    """Django's own, which reads the person by a statement that is composed once."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person with this id who may still sign in."""
        user = rows.find(User, user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
