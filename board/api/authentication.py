"""Who asks: the session of a browser, the token of a program, or the hub."""

from typing import Any

from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from board.announcing import keys
from watercooler.tickets import BadTicket, check_hub_token


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's session with CSRF; who is nobody gets 401 rather than 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]
    """Hashed, expiring, revocable tokens: `Authorization: Token …`."""

    def authenticate_credentials(self, token: bytes) -> Any:
        try:
            return super().authenticate_credentials(token)
        except ValueError as error:  # bytes that are no text, or text that is no token
            raise AuthenticationFailed(_("Invalid token.")) from error


def is_hub(request: Request) -> bool:
    """Say whether the hub asks. Raises AuthenticationFailed for a Bearer token that is not the hub's."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        return False
    try:
        check_hub_token(keys(), token)
    except BadTicket as error:
        raise AuthenticationFailed(str(error)) from error
    return True
