"""Answer a repeated request as it was answered the first time, from the log."""

from typing import Any

from rest_framework import status
from rest_framework.response import Response

from board.api.shapes import published
from board.models import Board, Column, Entity, Event, Membership, Sprint, Task
from board.replay import entity_after
from board.wire import Wire

MODELS: dict[str, type[Entity]] = {m.entity: m for m in (Board, Column, Membership, Sprint, Task)}


def answer(event: Event) -> Response:
    """Return the entity that `event` is about as that event left it, with the status of then."""
    subject = event.changes[0]
    headers = {"Board-Seq": str(event.seq)}
    if subject["now"] is None:
        return Response(status=status.HTTP_204_NO_CONTENT, headers=headers)
    created = subject["was"] is None
    return Response(
        published(subject["entity"], event.board_id, _as_it_was(event)),
        status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
        headers=headers,
    )


def _as_it_was(event: Event) -> Wire:
    subject = event.changes[0]
    model: Any = MODELS[subject["entity"]]
    current = model.objects.filter(pk=subject["id"]).first()
    past = event.board.events.filter(seq__gt=event.seq).order_by("-seq").iterator(chunk_size=200)
    held = entity_after(event.wire(""), [each.wire("") for each in past], current.wire() if current else None)
    return held or {}
