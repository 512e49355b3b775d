"""Take one post of the board's: verify it, publish what it holds, and say what became of that."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog

from watercooler.bus import BusAway
from watercooler.hub import Hub
from watercooler.messages import BadMessage, BadSignature, WatercoolerError, parse_publish

STATUSES = {
    BadSignature: HTTPStatus.UNAUTHORIZED,
    BadMessage: HTTPStatus.BAD_REQUEST,
    BusAway: HTTPStatus.SERVICE_UNAVAILABLE,
}
log = structlog.get_logger("watercooler")


async def take_post(hub: Hub, body: bytes, headers: Mapping[str, str]) -> tuple[HTTPStatus, dict[str, Any]]:
    """Give the status and the fields of the answer."""
    try:
        hub.keys.verify(body, headers)
        appended = await hub.publish(*parse_publish(body))
    except WatercoolerError as error:
        return _refused(error)
    except Exception:  # whatever goes wrong with one post, the hub goes on
        log.exception("post failed")
        return HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "the hub failed at this post; its log says why"}
    if appended.gaps:
        return HTTPStatus.CONFLICT, {"have": appended.gaps}
    return HTTPStatus.OK, {"tops": appended.tops}


def json_of(fields: dict[str, Any]) -> bytes:
    """Write an answer, whose keys may be numbers."""
    return orjson.dumps(fields, option=orjson.OPT_NON_STR_KEYS)


def _refused(error: WatercoolerError) -> tuple[HTTPStatus, dict[str, Any]]:
    status = STATUSES.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    log.warning("publish refused", status=int(status), error=str(error))
    return status, {"error": str(error)}
