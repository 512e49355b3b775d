"""Read what a request asks for: its JSON body and the headers that make a change safe to repeat."""

import hashlib
import re
from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from board.errors import Invalid
from board.events import Operation
from board.limits import KEY_CHARACTERS
from board.places import Beside

KEY = re.compile(rf"[\x21-\x7e]{{1,{KEY_CHARACTERS}}}")
VERSION = re.compile(r'(?:W/)?"(\d{1,15})"')


class JSONParser(BaseParser):
    """Parse JSON as RFC 8259 has it: UTF-8 and no NaN."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        request = (parser_context or {})["request"]
        try:
            return orjson.loads(request._request.body)
        except orjson.JSONDecodeError as error:
            raise ParseError(_("The body is not JSON: %(reason)s.") % {"reason": error}) from error


def operation(request: Request, needs: str = "") -> Operation:
    """Return who asks, in which role, and under which key. Raises Invalid for a key that cannot be one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return Operation(by=request.user, needs=needs)  # type: ignore[arg-type]
    if not KEY.fullmatch(key):
        message = _("The Idempotency-Key must be 1 to %(limit)d visible ASCII characters.")
        raise Invalid(message % {"limit": KEY_CHARACTERS}, field="Idempotency-Key")
    sent = f"{request.method} {request.path}\n".encode() + request._request.body
    digest = hashlib.sha256(sent).hexdigest()
    return Operation(by=request.user, cid=key, digest=digest, needs=needs)  # type: ignore[arg-type]


def expected_version(request: Request) -> int | None:
    """Return the version in If-Match, if any. Raises Invalid for what is no version."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    match = VERSION.fullmatch(header.strip())
    if match is None:
        raise Invalid(_('If-Match must be the version in quotes, such as "1075".'), field="If-Match")
    return int(match[1])


def beside(asked: dict[str, Any]) -> Beside | None:
    """Take `before` and `after` out of the validated fields."""
    before, after = asked.pop("before", None), asked.pop("after", None)
    if before is not None and after is not None:
        raise Invalid(_("Give either before or after, not both."), field="after")
    if before is None and after is None:
        return None
    return Beside(before if before is not None else after, before=before is not None)
