"""Boards over HTTP: the board itself, all of it at once, and its log."""

import time
import zlib
from typing import Any

import orjson
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from board.api import access, parsing
from board.api.authentication import is_hub
from board.api.filters import BoardFilter
from board.api.resources import KEY_PARAMETER, REFUSALS, changed
from board.api.shapes import BoardShape, LogShape, SnapshotShape, TicketShape
from board.errors import Gone, Invalid
from board.limits import EVENT_BYTES_A_PAGE, EVENTS_A_PAGE
from board.models import Board, Membership
from board.snapshot import consistent_read, snapshot, ticket
from board.starting import create_board
from board.wire import Wire
from watercooler.publisher import batches
from watercooler.tickets import TICKET_LIFETIME


class HubOrMember(IsAuthenticated):
    """Let the hub read the log too; who else asks must be signed in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return is_hub(request) or super().has_permission(request, view)


class BoardViews(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Board]):
    queryset = Board.objects.order_by("name", "id")
    serializer_class = BoardShape
    filterset_class = BoardFilter
    search_fields = ("name",)
    ordering_fields = ("id", "name")
    lookup_value_converter = "id"

    def get_queryset(self) -> "QuerySet[Board]":
        mine = super().get_queryset().filter(Q(memberships__user=self.request.user.pk))
        return mine.annotate(my_role=F("memberships__role"))

    @extend_schema(parameters=[KEY_PARAMETER], responses={201: BoardShape, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Make a board with three columns and a running sprint; its maker is admin."""
        shape = self.get_serializer(data=request.data)
        shape.is_valid(raise_exception=True)
        board = create_board(shape.validated_data["name"], parsing.operation(request))
        return changed(board, board, created=True)

    @extend_schema(parameters=[KEY_PARAMETER], responses={200: BoardShape, **REFUSALS})
    def partial_update(self, request: Request, pk: int) -> Response:
        """Rename a board, put it away or take it out again."""
        board = access.membership(request, pk, Membership.Role.ADMIN).board
        shape = self.get_serializer(data=request.data, partial=True)
        shape.is_valid(raise_exception=True)
        board.revise(parsing.operation(request, Membership.Role.ADMIN), **shape.validated_data)
        return changed(board, board)

    @extend_schema(responses={200: SnapshotShape, 304: None, **REFUSALS})
    @action(detail=True)
    def snapshot(self, request: Request, pk: int) -> HttpResponse:
        """Give everything needed to draw the board, from one moment."""
        with consistent_read():
            membership = access.membership(request, pk)
            etag = _etag(membership)
            fresh = etag in request.headers.get("If-None-Match", "")
            answer = HttpResponse(status=304) if fresh else _json(snapshot(membership))
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        return answer

    @extend_schema(
        parameters=[
            OpenApiParameter("after", int, description="the seq that one has; 0 for all"),
            OpenApiParameter("limit", int, description=f"1 to {EVENTS_A_PAGE}"),
        ],
        responses={200: LogShape, **REFUSALS},
    )
    @action(detail=True, permission_classes=[HubOrMember])
    def events(self, request: Request, pk: int) -> HttpResponse:
        """Give the board's log after a seq; 410 where it does not reach back, or forward, that far."""
        after, limit = _number(request, "after", 0), _number(request, "limit", EVENTS_A_PAGE)
        with consistent_read():
            board = Board.objects.get(pk=pk) if is_hub(request) else access.membership(request, pk).board
            events = _page(board, after, limit)
            members = {"members": _active_members(board)} if is_hub(request) else {}
        _refuse_gap(board, after, events)
        return _json({"events": events, "seq": board.seq, "epoch": board.epoch, **members})

    @extend_schema(request=None, responses={200: TicketShape, **REFUSALS})
    @action(detail=True, methods=["post"])
    def ticket(self, request: Request, pk: int) -> Response:
        """Renew the leave to hear a board's events, which lasts ten minutes."""
        return Response(ticket(access.membership(request, pk)))


def _etag(membership: Membership) -> str:
    """Name this answer: for one person, and not for longer than half the life of the ticket in it."""
    board = membership.board
    moment = int(time.time() / (TICKET_LIFETIME.total_seconds() / 2))
    where = zlib.crc32(settings.WATERCOOLER_LIVE_URL.encode())
    return f'"{board.epoch}-{board.seq}-{membership.user_id}-{moment}-{where:x}"'


def _page(board: Board, after: int, limit: int) -> list[Wire]:
    rows = board.events.filter(seq__gt=after).order_by("seq")[: min(max(limit, 1), EVENTS_A_PAGE)]
    events = (event.wire(board.epoch) for event in rows.iterator(chunk_size=50))
    return next(batches(events, size=EVENT_BYTES_A_PAGE, count=EVENTS_A_PAGE), [])


def _active_members(board: Board) -> list[int]:
    """List who may follow the board: the hub ends the leave of anybody else."""
    return list(board.memberships.filter(user__is_active=True).values_list("user_id", flat=True))


def _refuse_gap(board: Board, after: int, events: list[Wire]) -> None:
    if after > board.seq:
        message = _("This board's log ends at %(seq)d, ahead of %(after)d; fetch a new snapshot.")
        raise Gone(message % {"seq": board.seq, "after": after})
    if after < board.seq and (not events or events[0]["seq"] != after + 1):
        raise Gone(_("The log is not kept back to %(after)d; fetch a new snapshot.") % {"after": after})


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Invalid(
            _("%(name)s is %(text)s; expected a whole number.") % {"name": name, "text": text[:40]},
            field=name,
        )
    return int(text)


def _json(body: Wire) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json")
