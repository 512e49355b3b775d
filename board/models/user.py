"""A person who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Django's user; boards know people by their name, or by the username where none is given."""

    @property
    def name(self) -> str:
        return self.get_full_name() or self.username
