"""What the environment and `.env` say, read once; nothing else in the hub looks there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from honcho.environ import parse

from watercooler.logs import LogFormat
from watercooler.messages import BadKeys, Keys, WatercoolerError

VARIABLES = {
    "WATERCOOLER_KEYS": "one or two secrets shared with the board, by comma; the first signs (no default)",
    "WATERCOOLER_HOST": "the address to listen on (127.0.0.1)",
    "WATERCOOLER_PORT": "the port to listen on (8001)",
    "WATERCOOLER_ORIGINS": "origins whose pages may connect, by comma (BOARD_ORIGINS)",
    "WATERCOOLER_PING_SECONDS": "seconds between pings; no pong until the next one ends a connection (25)",
    "WATERCOOLER_HANDSHAKES_A_SECOND": "new clients that a process takes in a second; more get 503 (500)",
    "WATERCOOLER_DRAIN_SECONDS": "over how many seconds many clients are sent away before an end (5)",
    "WATERCOOLER_LOG_FORMAT": "logfmt (key=value) or json, one line an occurrence (logfmt)",
    "REDIS_URL": "redis://HOST:PORT/DB, over which several processes are one hub (empty: one process alone)",
    "BOARD_URL": "where the hub reads a board's log (http://127.0.0.1:BOARD_PORT)",
    "BOARD_ORIGINS": "where browsers open the board (http://localhost:BOARD_PORT,http://127.0.0.1:BOARD_PORT)",
    "BOARD_PORT": "the board's port, for the defaults above (8000)",
}


class BadConfiguration(WatercoolerError):
    """A variable is missing or wrong; the text says which, and what would be right."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything about a hub that an operator decides."""

    keys: Keys = field(repr=False)
    host: str
    port: int
    origins: frozenset[str]
    redis_url: str = field(repr=False)  # it may hold a password
    board_url: str
    ping_seconds: int
    handshakes_a_second: int
    drain_seconds: int
    log_format: LogFormat

    @classmethod
    def of_this_program(cls) -> Configuration:
        """Read the environment, and below it `.env` in the current folder. Raises BadConfiguration."""
        return cls.read({**_dotenv(Path(".env")), **os.environ})

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Configuration:
        """Read the variables named in VARIABLES. Raises BadConfiguration."""
        board_port = _port(environment, "BOARD_PORT", 8000)
        return cls(
            keys=_keys(environment),
            host=environment.get("WATERCOOLER_HOST") or "127.0.0.1",
            port=_port(environment, "WATERCOOLER_PORT", 8001),
            origins=_origins(environment, board_port),
            redis_url=_url(environment, "REDIS_URL", "", ("redis", "rediss", "unix")),
            board_url=_url(environment, "BOARD_URL", f"http://127.0.0.1:{board_port}", ("http", "https")),
            ping_seconds=_whole(environment, "WATERCOOLER_PING_SECONDS", 25, "a whole number of seconds"),
            handshakes_a_second=_whole(environment, "WATERCOOLER_HANDSHAKES_A_SECOND", 500, "a whole number"),
            drain_seconds=_whole(environment, "WATERCOOLER_DRAIN_SECONDS", 5, "a whole number of seconds"),
            log_format=_log_format(environment),
        )


def _dotenv(path: Path) -> dict[str, str]:
    try:
        return dict(parse(path.read_text())) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise BadConfiguration(
            f"{path.absolute()} is unreadable: {error}; expected NAME=value lines"
        ) from None


def _keys(environment: Mapping[str, str]) -> Keys:
    try:
        return Keys.parse(environment.get("WATERCOOLER_KEYS", ""))
    except BadKeys as error:
        raise BadConfiguration(f"WATERCOOLER_KEYS: {error}") from None


def _origins(environment: Mapping[str, str], board_port: int) -> frozenset[str]:
    defaults = f"http://localhost:{board_port},http://127.0.0.1:{board_port}"
    name = "WATERCOOLER_ORIGINS" if environment.get("WATERCOOLER_ORIGINS") else "BOARD_ORIGINS"
    words = [word.strip() for word in (environment.get(name) or defaults).split(",") if word.strip()]
    for word in words:
        parts = urlsplit(word)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
            raise BadConfiguration(f"{name} holds {word!r}; expected an origin such as https://board.example")
    return frozenset(word.rstrip("/").lower() for word in words)


def _log_format(environment: Mapping[str, str]) -> LogFormat:
    value = environment.get("WATERCOOLER_LOG_FORMAT") or LogFormat.LOGFMT
    try:
        return LogFormat(value)
    except ValueError:
        raise BadConfiguration(f"WATERCOOLER_LOG_FORMAT is {value!r}; expected logfmt or json") from None


def _url(environment: Mapping[str, str], name: str, default: str, schemes: tuple[str, ...]) -> str:
    value = environment.get(name) or default
    scheme, _, rest = value.partition("://")
    if value and (scheme not in schemes or not rest):
        shown = value if "@" not in value else "(a value with a password)"
        raise BadConfiguration(f"{name} is {shown!r}; expected {'://… or '.join(schemes)}://…")
    return value.rstrip("/")


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    right = "a port, 0 (any free one) to 65535"
    port = _whole(environment, name, default, right, least=0)
    if port > 65_535:
        raise BadConfiguration(f"{name} is '{port}'; expected {right}")
    return port


def _whole(environment: Mapping[str, str], name: str, default: int, right: str, *, least: int = 1) -> int:
    value = environment.get(name) or str(default)
    if not (value.isascii() and value.isdigit()) or int(value) < least:
        raise BadConfiguration(f"{name} is {value!r}; expected {right}")
    return int(value)
