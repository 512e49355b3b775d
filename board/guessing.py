"""Slow down whoever guesses passwords, in the form and in the API alike."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle


class GuessThrottle(SimpleRateThrottle):
    """Count tries by address and username: one person's forgetting keeps nobody else out."""

    scope = "sign-in"

    def get_cache_key(self, request: Any, view: Any) -> str:
        said = getattr(request, "data", None) or getattr(request, "POST", None)
        username = str(said.get("username", "")) if isinstance(said, Mapping) else ""
        who = f"{request.META.get('REMOTE_ADDR')} {username.lower()}"
        return f"sign-in-{hashlib.sha256(who.encode()).hexdigest()}"


class SignInForm(AuthenticationForm):
    """A form that refuses to look at a password after too many tries."""

    def clean(self) -> dict[str, Any]:
        if self.request is not None and not GuessThrottle().allow_request(self.request, self):  # type: ignore[arg-type]
            raise ValidationError(_("Too many tries; wait a minute and try again."), code="too_fast")
        return super().clean()


class AdminSignInForm(SignInForm, AdminAuthenticationForm):
    """The same for the operator's pages."""
