"""What the views of columns, sprints, tasks and members have in common."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from board import roles
from board.api import access, parsing
from board.api.failures import ErrorShape
from board.api.shapes import published_entity
from board.models import Board, Entity, Membership

REFUSALS = {"default": ErrorShape}
KEY_PARAMETER = OpenApiParameter(
    "Idempotency-Key",
    str,
    "header",
    description="the same key gives the first answer again, and no second change",
)
VERSION_PARAMETER = OpenApiParameter(
    "If-Match", str, "header", description="the version that was read; 412 if the same fields changed since"
)


class EntityViews(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """List and show what is on the asker's boards; the subclasses change it."""

    writer: ClassVar[str] = Membership.Role.EDITOR
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    lookup_value_converter = "id"

    def get_queryset(self) -> "QuerySet[Any]":
        return access.visible(super().get_queryset(), self.request)

    def changeable(self) -> Any:
        """Return the entity of the address. Raises PermissionDenied where the asker may only look."""
        entity = self.existing()
        roles.check(entity.my_role, self.writer)
        return entity

    def existing(self) -> Any:
        """Return the entity of the address. Raises Repeated where it is gone and this request did it."""
        rows = self.get_queryset().select_related("board")
        try:
            return get_object_or_404(rows, pk=self.kwargs["pk"])
        except Http404:
            parsing.operation(self.request).refuse_repetition()
            raise

    def asked(self, *, partial: bool = False) -> dict[str, Any]:
        """Return the validated fields of the body."""
        shape = self.get_serializer(data=self.request.data, partial=partial)
        shape.is_valid(raise_exception=True)
        return dict(shape.validated_data)

    def board_for(self, fields: dict[str, Any]) -> Board:
        """Take the board out of `fields`, if the asker may add to it."""
        return access.membership(self.request, fields.pop("board"), self.writer).board


def changed(entity: Entity, board: Board, *, created: bool = False) -> Response:
    """Answer a change with the entity as it became, and the seq of the board."""
    code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
    return Response(published_entity(entity), status=code, headers={"Board-Seq": str(board.seq)})


def removed(board: Board) -> Response:
    return Response(status=status.HTTP_204_NO_CONTENT, headers={"Board-Seq": str(board.seq)})


def patch_arguments(request: Request, fields: dict[str, Any]) -> dict[str, Any]:
    """Split validated fields into what the verbs take."""
    return {"beside": parsing.beside(fields), "fields": fields, "version": parsing.expected_version(request)}
