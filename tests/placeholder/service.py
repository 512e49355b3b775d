"""Ask the placeholder service as a server would, here or in a program with other settings."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from django.core.signals import got_request_exception
from django.test import override_settings
from PIL import Image

with override_settings(MIDDLEWARE=[]):  # in the tests' own process the settings are the board's
    import placeholder

ROOT = Path(__file__).resolve().parents[2]
BODILESS = (204, 304)
ELSEWHERE = """
import json, sys
import placeholder
from tests.placeholder.service import Service
service = Service(placeholder.application)
replies = (service.ask(address, method, **headers) for address, method, headers in json.load(sys.stdin))
json.dump([[reply.status, reply.pairs, reply.body.hex()] for reply in replies], sys.stdout)
"""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Request = tuple[str, str, dict[str, str]]  # an address, a method, and headers as WSGI names them


UNNEEDED = placeholder.UNNEEDED  # signals that the service does without


def placeholder_application() -> Application:
    """The service as it was loaded here, before any module could load it with the board's middleware."""
    return placeholder.application


@dataclass(frozen=True)
class Reply:
    """An answer as it went to the server."""

    status: int
    pairs: list[tuple[str, str]]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.pairs)

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    @property
    def error(self) -> str:
        return self.headers["Placeholder-Error"]

    @property
    def size(self) -> tuple[int, int]:
        """What the file's head says, without reading its pixels."""
        with Image.open(BytesIO(self.body)) as image:
            return image.size

    @property
    def form(self) -> str:
        """In which format Pillow finds it."""
        with Image.open(BytesIO(self.body)) as image:
            return str(image.format)

    def json(self) -> Any:
        return json.loads(self.body)

    def image(self, mode: str = "RGB") -> Image.Image:
        """Every pixel, after a check of the file's structure and checksums."""
        with Image.open(BytesIO(self.body)) as image:
            image.verify()
        with Image.open(BytesIO(self.body)) as image:
            return image.convert(mode)


class Service:
    """A WSGI application, and what the specification of WSGI asks of both sides; an exception is raised."""

    def __init__(self, application: Application) -> None:
        self.application: Application = validator(application)

    def ask(self, address: str, method: str = "GET", **headers: str) -> Reply:
        """`address` is percent-encoded where it need be; headers are named as in `HTTP_IF_MATCH`."""
        path, _, query = address.partition("?")
        return self.ask_raw(unquote_to_bytes(path).decode("latin-1"), query, method, **headers)

    def ask_raw(self, path: str, query: str = "", method: str = "GET", **headers: str) -> Reply:
        """Ask with PATH_INFO and QUERY_STRING as WSGI gives them: bytes, decoded as Latin-1."""
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": ""}
        environ.update(headers)
        setup_testing_defaults(environ)
        started: list[Any] = []
        failed: list[Any] = []

        def start(status: str, pairs: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            started.append((int(status[:3]), list(pairs)))
            return failed.append

        def note(**_: Any) -> None:
            failed.append(sys.exc_info()[1])

        got_request_exception.connect(note)
        try:
            body = joined(self.application(environ, start))
        finally:
            got_request_exception.disconnect(note)
        if failed:
            raise failed[0]
        status, pairs = started[0]
        return Reply(status, pairs, body)


def joined(parts: Iterable[bytes]) -> bytes:
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    return body


def forget() -> None:
    """Put the service in the state in which it starts: nothing decided, drawn or kept."""
    placeholder.decided.cache_clear()
    for kept in (placeholder.ANSWERS, placeholder.CHUNKS, placeholder.TILES):
        kept.values.clear()
        kept.weight = 0


def environment(**variables: str) -> dict[str, str]:
    """No variable of ours but these, and where Python finds our files."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **variables}


def ask_elsewhere(*requests: Request, **variables: str) -> list[Reply]:
    """Ask one after the other in a program of their own that is set up by these variables."""
    done = run_python("-c", ELSEWHERE, variables=variables, stdin=json.dumps(requests).encode())
    assert done.returncode == 0, done.stderr.decode()
    return [
        Reply(status, [(name, value) for name, value in pairs], bytes.fromhex(body))
        for status, pairs, body in json.loads(done.stdout)
    ]


def get(address: str, **headers: str) -> Request:
    return address, "GET", headers


def run_python(
    *words: str, variables: dict[str, str], stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run Python to its end, in our folder, with these variables of ours."""
    command = [sys.executable, *words]
    return subprocess.run(
        command, input=stdin, capture_output=True, env=environment(**variables), cwd=ROOT, check=False
    )
