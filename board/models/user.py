"""A person who signs in."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from knox.models import get_token_model


class User(AbstractUser):
    """Django's user; boards know people by their name, or by the username where none is given."""

    def save(self, *arguments: Any, **options: Any) -> None:
        """Save; a new password ends every token, as it ends every session."""
        has_new_password = self._password is not None  # type: ignore[attr-defined]
        super().save(*arguments, **options)
        if has_new_password:
            get_token_model().objects.filter(user=self).delete()

    @property
    def name(self) -> str:
        return self.get_full_name() or self.username
