"""Say no in one shape: `{"code", "message", "fields"}`, whatever went wrong."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import IntegrityError, OperationalError
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from board.api import again
from board.errors import (
    BoardError,
    Forbidden,
    Gone,
    Invalid,
    KeyReused,
    Missing,
    Refused,
    Repeated,
    Stale,
)

STATUS: dict[type[BoardError], int] = {
    Invalid: 400,
    Forbidden: 403,
    Missing: 404,
    Refused: 409,
    Gone: 410,
    Stale: 412,
    KeyReused: 422,
}
CODES = {
    400: "invalid",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "not_json",
    429: "too_fast",
    503: "busy",
}
RETRY_SECONDS = "1"


class ErrorShape(serializers.Serializer[Any]):
    """What every refusal looks like; 412 adds `current`, the entity as it is now."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]
    current = serializers.DictField(required=False)


def shape(code: str, message: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "fields": fields or {}}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer what a view raised; None leaves an error of our own to be logged as such."""
    if isinstance(error, Repeated):
        return again.answer(error.event)
    if isinstance(error, BoardError):
        return _board_error(error)
    if isinstance(error, IntegrityError) and "event_key_once_a_person" in str(error):
        return _board_error(KeyReused(_("This Idempotency-Key is in use by another request of yours.")))
    if isinstance(error, OperationalError):
        return _busy()
    response = exception_handler(_as_known(error), context)
    if response is not None:
        response.data = _shaped(error, response)
    return response


def _board_error(error: BoardError) -> Response:
    body = shape(error.code, error.message, dict(error.fields))
    if isinstance(error, Stale):
        body["current"] = error.current
    return Response(body, status=STATUS[type(error)])


def _busy() -> Response:
    message = _("The database is busy; nothing was changed. Try again in a moment.")
    return Response(shape(CODES[503], message), status=503, headers={"Retry-After": RETRY_SECONDS})


class _TooLarge(exceptions.APIException):
    status_code = 413


def _as_known(error: Exception) -> Exception:
    if isinstance(error, ObjectDoesNotExist):
        return exceptions.NotFound()
    if isinstance(error, RequestDataTooBig):
        return _TooLarge(_("The body is larger than 256 KiB."))
    return error


def _shaped(error: Exception, response: Response) -> dict[str, Any]:
    code = CODES.get(response.status_code, "invalid")
    if isinstance(error, exceptions.ValidationError):
        fields = dict(_flat(error.detail))
        first = next(iter(fields.items()), ("", [_("This is not right.")]))
        return shape(code, _first_message(*first), {name: said for name, said in fields.items() if name})
    if isinstance(error, exceptions.NotAuthenticated):
        return shape(code, _("You are signed out; sign in and do it again."))
    if response.status_code == 404:
        return shape(code, _("There is nothing here that you may see."))
    return shape(code, str(response.data.get("detail", "")) or _("That did not work."))


def _first_message(field: str, messages: list[str]) -> str:
    return f"{field}: {messages[0]}" if field else messages[0]


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Name each complaint by its field, `assignees.0` for one in a list; "" for the whole body."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        for number, inner in enumerate(detail):
            if inner:
                yield from _flat(inner, f"{path}.{number}".lstrip("."))
    else:
        yield path, [str(message) for message in (detail if isinstance(detail, list) else [detail])]
