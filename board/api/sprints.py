"""Sprints over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from board.api import parsing
from board.api.filters import SprintFilter
from board.api.resources import KEY_PARAMETER, REFUSALS, VERSION_PARAMETER, EntityViews, changed
from board.api.shapes import SprintShape
from board.models import Sprint
from board.models.sprint import add_sprint


class SprintViews(EntityViews):
    model = Sprint
    queryset = Sprint.objects.order_by("board", "id")
    serializer_class = SprintShape
    filterset_class = SprintFilter
    search_fields = ("name", "goal")
    ordering_fields = ("id", "start", "end", "name")

    @extend_schema(parameters=[KEY_PARAMETER], responses={201: SprintShape, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Add a sprint."""
        fields = self.asked()
        board = self.board_for(fields)
        sprint = add_sprint(board, parsing.operation(request, self.writer), fields=fields)
        return changed(sprint, board, created=True)

    @extend_schema(parameters=[KEY_PARAMETER, VERSION_PARAMETER], responses={200: SprintShape, **REFUSALS})
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change, start or finish a sprint; finishing it returns unfinished tasks to the backlog."""
        return self.revise()

    @extend_schema(parameters=[KEY_PARAMETER], responses={204: None, **REFUSALS})
    def destroy(self, request: Request, pk: int) -> Response:
        """Delete a sprint without tasks."""
        return self.remove()
