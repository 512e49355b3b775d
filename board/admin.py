"""Where an operator adds people and resets passwords; boards are changed on the board alone."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import transaction

from board.events import Operation
from board.guessing import AdminSignInForm
from board.models import Membership, User

admin.site.login_form = AdminSignInForm


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """Nobody is deleted, since boards and their logs name them: take the mark off "active" instead."""

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        """Save, and tell the person's boards of a new name."""
        with transaction.atomic():
            known = list(
                Membership.objects.filter(user=obj.pk).select_related("user", "board").order_by("board")
            )
            super().save_model(request, obj, form, change)
            for membership in known:
                membership.follow_name(Operation(by=request.user))
