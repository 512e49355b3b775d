"""Tasks over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from board.api import parsing
from board.api.filters import TaskFilter
from board.api.resources import (
    KEY_PARAMETER,
    REFUSALS,
    VERSION_PARAMETER,
    EntityViews,
    changed,
)
from board.api.shapes import TaskShape
from board.models import Task
from board.models.assignment import load_assignees
from board.models.task import add_task


class TaskViews(EntityViews):
    model = Task
    queryset = Task.objects.order_by("board", "place")
    serializer_class = TaskShape
    filterset_class = TaskFilter
    search_fields = ("name", "description")
    ordering_fields = ("id", "place", "name", "due", "started", "completed", "estimate")

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        load_assignees(page or ())
        return page

    @extend_schema(parameters=[KEY_PARAMETER], responses={201: TaskShape, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Add a task: last or beside another, to the backlog unless a sprint is given."""
        fields = self.asked()
        board, beside = self.board_for(fields), parsing.beside(fields)
        task = add_task(board, parsing.operation(request, self.writer), fields=fields, beside=beside)
        return changed(task, board, created=True)

    @extend_schema(parameters=[KEY_PARAMETER, VERSION_PARAMETER], responses={200: TaskShape, **REFUSALS})
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change any field; a column, sprint, before or after moves it."""
        return self.revise()

    @extend_schema(parameters=[KEY_PARAMETER], responses={204: None, **REFUSALS})
    def destroy(self, request: Request, pk: int) -> Response:
        """Delete a task for good; archiving it keeps it."""
        return self.remove()
