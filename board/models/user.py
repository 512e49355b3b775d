"""A person who signs in."""

from functools import partial
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from knox.models import get_token_model

from board import announcing


class User(AbstractUser):
    """Django's user; boards know people by their name, or by the username where none is given."""

    def save(self, *arguments: Any, **options: Any) -> None:
        """Save; a new password ends every token and live connection, as it ends every session.

        So does an account that is no longer active.
        """
        is_new = self._state.adding
        has_new_password = self._password is not None  # type: ignore[attr-defined]
        super().save(*arguments, **options)
        if has_new_password:
            get_token_model().objects.filter(user=self).delete()
        if not is_new and (has_new_password or not self.is_active):
            transaction.on_commit(partial(announcing.end_leave, self.pk), robust=True)

    @property
    def name(self) -> str:
        return self.get_full_name() or self.username
