"""Columns over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from board.api import parsing
from board.api.filters import ColumnFilter
from board.api.resources import (
    KEY_PARAMETER,
    REFUSALS,
    VERSION_PARAMETER,
    EntityViews,
    changed,
)
from board.api.shapes import ColumnShape
from board.models import Column
from board.models.column import add_column


class ColumnViews(EntityViews):
    model = Column
    queryset = Column.objects.order_by("board", "place")
    serializer_class = ColumnShape
    filterset_class = ColumnFilter
    search_fields = ("name",)
    ordering_fields = ("id", "place", "name")

    @extend_schema(parameters=[KEY_PARAMETER], responses={201: ColumnShape, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Add a column, last or beside another."""
        fields = self.asked()
        board, beside = self.board_for(fields), parsing.beside(fields)
        column = add_column(board, parsing.operation(request, self.writer), fields=fields, beside=beside)
        return changed(column, board, created=True)

    @extend_schema(parameters=[KEY_PARAMETER, VERSION_PARAMETER], responses={200: ColumnShape, **REFUSALS})
    def partial_update(self, request: Request, pk: int) -> Response:
        """Rename, limit or move a column, or change its kind while it is empty."""
        return self.revise()

    @extend_schema(parameters=[KEY_PARAMETER], responses={204: None, **REFUSALS})
    def destroy(self, request: Request, pk: int) -> Response:
        """Delete an empty column."""
        return self.remove()
