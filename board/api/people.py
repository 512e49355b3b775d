"""Whom one can name: the people on one's own boards, and anybody by the exact username."""

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView

from board.api.shapes import PersonShape
from board.models import Membership, User


class PeopleView(ListAPIView[User]):
    serializer_class = PersonShape
    queryset = User.objects.filter(is_active=True)
    filter_backends = ()

    @extend_schema(
        parameters=[OpenApiParameter("search", str, description="part of a name, or a whole username")]
    )
    def get_queryset(self) -> "QuerySet[User]":
        """List the people the asker may know."""
        boards = Membership.objects.filter(user=self.request.user.pk).values("board")
        known = Membership.objects.filter(board__in=boards).values("user")
        found = Q(pk__in=known) | Q(pk=self.request.user.pk)
        text = self.request.query_params.get("search", "").replace("\0", "")
        if text:
            named = Q(username__icontains=text) | Q(first_name__icontains=text) | Q(last_name__icontains=text)
            found = (found & named) | Q(username=text)
        return User.objects.filter(found, is_active=True).order_by("username")
