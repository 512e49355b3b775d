"""Send large answers of the API compressed."""

import zlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

SMALLEST_BYTES = 1_400  # below one network packet nothing is won
LEVEL = 4  # of zlib: a fifth larger than level 6, for less than half its CPU
GZIP = 16 + zlib.MAX_WBITS


def compression(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Make the middleware that sends JSON by gzip to whoever takes it (RFC 9110, 12.5.3)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if answer.get("Content-Type") == "application/json" and len(answer.content) >= SMALLEST_BYTES:
            patch_vary_headers(answer, ["Accept-Encoding"])
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                _compress(answer)
        return answer

    return middleware


def _compress(answer: HttpResponse) -> None:
    squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    answer.content = squeezer.compress(answer.content) + squeezer.flush()
    answer["Content-Encoding"] = "gzip"
    answer["Content-Length"] = str(len(answer.content))
