"""Speak to the board over one kept-alive connection, as cheaply as Python can."""

import http.client
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CSRF = "0123456789abcdefghijklmnopqrstuv"  # any secret will do, as long as cookie and header agree
TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # by lower-case name
    body: bytes  # as it came over the wire

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One signed-in person."""

    def __init__(self, url: str, session: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_SECONDS)
        self._headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def move(self, task: int, *, column: int, key: str | None = None, **beside: int) -> Answer:
        """Move a task to `column`, `before` or `after` another, or last; with an idempotency key."""
        body = json.dumps({"column": column, **beside}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or secrets.token_hex(16)}
        return self._ask("PATCH", f"/api/tasks/{task}", body, headers)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        try:
            self._connection.request(method, path, body, {**self._headers, **headers})
            answer = self._connection.getresponse()
            named = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, named, answer.read())
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request opens it anew
            raise
