"""Tokens for programs."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from knox.models import get_token_model
from rest_framework import serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from board.api.failures import ErrorShape
from board.errors import Refused
from board.guessing import GuessThrottle
from board.limits import TOKENS_A_PERSON
from board.wire import seconds


class Credentials(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)


class Token(serializers.Serializer[Any]):
    token = serializers.CharField()
    expiry = serializers.CharField()


class TokenView(APIView):
    """Sign a program in and out."""

    throttle_classes = (GuessThrottle,)

    def get_permissions(self) -> list[Any]:
        return [AllowAny() if self.request.method == "POST" else IsAuthenticated()]

    @extend_schema(request=Credentials, responses={201: Token, "default": ErrorShape}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange a username and a password for a token that lasts 30 days."""
        asked = Credentials(data=request.data)
        asked.is_valid(raise_exception=True)
        user = authenticate(request._request, **asked.validated_data)
        if user is None:
            raise AuthenticationFailed(_("This username and password do not belong together."))
        _refuse_too_many(user)
        kept, token = get_token_model().objects.create(user=user)
        return Response({"token": token, "expiry": seconds(kept.expiry)}, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None, "default": ErrorShape})
    def delete(self, request: Request) -> Response:
        """Revoke the token that this request carries."""
        if request.auth is None:
            raise serializers.ValidationError({"Authorization": [_("Send the token that is to be revoked.")]})
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _refuse_too_many(user: Any) -> None:
    tokens = get_token_model().objects.filter(user=user)
    tokens.filter(expiry__lte=timezone.now()).delete()
    if tokens.count() >= TOKENS_A_PERSON:
        message = _("You have %(limit)d tokens, which is the most one person can have; revoke one first.")
        raise Refused(message % {"limit": TOKENS_A_PERSON}, code="too_many")
