"""What the views of columns, sprints, tasks and members have in common."""

from functools import cache
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import mixins, status
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from board import roles
from board.api import access, parsing
from board.api.failures import ErrorShape
from board.api.shapes import Beside, published_entity
from board.errors import Missing
from board.models import Board, Entity, Membership
from board.statements import several, whereabouts

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
    model: ClassVar[Any]

    def get_queryset(self) -> "QuerySet[Any]":
        return access.visible(super().get_queryset(), self.request)

    def changeable(self) -> Any:
        """Return a handle of the entity of the address. Raises Forbidden where the asker may only look."""
        board, role = self.whereabouts()
        roles.check(role, self.writer)
        return _handle(self.model, self.kwargs["pk"], board)

    def whereabouts(self) -> tuple[int, str]:
        """Return the board of the address's entity, and what the asker is there.

        Raises Missing, or Repeated where it is gone and this very request did it.
        """
        asked = whereabouts(self.model._meta.db_table, self.kwargs["pk"], self.request.user.pk or 0)
        found = several(asked)[0]
        if not found:
            parsing.operation(self.request).refuse_repetition()
            raise Missing(_("There is nothing here that you may see."))
        board, role = found[0]
        return board, role

    def asked(self, *, partial: bool = False) -> dict[str, Any]:
        """Return the validated fields of the body."""
        shape: Any = self.get_serializer_class()
        return dict(_reader(shape, partial).run_validation(self.request.data))

    def board_for(self, fields: dict[str, Any]) -> Board:
        """Take the board out of `fields`, if the asker may add to it."""
        return access.membership(self.request, fields.pop("board"), self.writer).board

    def revise(self) -> Response:
        """Change the entity of the address as the body says, and answer with it."""
        entity, fields = self.changeable(), self.asked(partial=True)
        version = parsing.expected_version(self.request)
        ordered = issubclass(self.get_serializer_class(), Beside)
        where = {"beside": parsing.beside(fields)} if ordered else {}
        entity.revise(parsing.operation(self.request, self.writer), fields=fields, version=version, **where)
        return changed(entity, entity.board)

    def remove(self) -> Response:
        """Delete the entity of the address."""
        entity = self.changeable()
        entity.remove(parsing.operation(self.request, self.writer))
        return removed(entity.board)


@cache
def _reader(shape: "type[BaseSerializer[Any]]", partial: bool) -> "BaseSerializer[Any]":
    """Return a serializer that reads any number of bodies: its fields are costly to make and keep nothing."""
    return shape(partial=partial)


def _handle(model: Any, pk: int, board: int) -> Any:
    """Return an entity of which only the ids are known; its verbs read the rest under the lock."""
    entity = model(pk=pk, board=Board(pk=board))
    entity._state.adding = entity.board._state.adding = False
    return entity


def changed(entity: Entity, board: Board, *, created: bool = False) -> Response:
    """Answer a change with the entity as it became, and the seq of the board."""
    code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
    return Response(published_entity(entity), status=code, headers={"Board-Seq": str(board.seq)})


def removed(board: Board) -> Response:
    return Response(status=status.HTTP_204_NO_CONTENT, headers={"Board-Seq": str(board.seq)})
