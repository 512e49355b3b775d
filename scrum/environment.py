"""Read the board's settings from the environment, each once and typed.

A value that cannot be used stops the program with the variable, the value and what would be right.
"""

import base64
import binascii
from pathlib import Path
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY_CHARACTERS = 32  # at least: about 190 bits when they are random

_env = environ.Env()
environ.Env.read_env(ROOT / ".env")


def secret_key() -> str:
    value = _text("SECRET_KEY", "")
    if len(value) < SECRET_KEY_CHARACTERS:
        raise _unusable(
            "SECRET_KEY", f"{len(value)} characters", f"at least {SECRET_KEY_CHARACTERS} random ones"
        )
    return value


def debug() -> bool:
    value = _text("DEBUG", "false").lower()
    if value not in ("true", "false", "1", "0", "on", "off"):
        raise _unusable("DEBUG", value, "true or false")
    return value in ("true", "1", "on")


def board_port() -> int:
    return _port("BOARD_PORT", "8000")


def allowed_hosts() -> list[str]:
    return _words("ALLOWED_HOSTS", "localhost,127.0.0.1")


def board_origins() -> list[str]:
    """The origins under which people reach the board, such as `https://board.example.org`."""
    port = board_port()
    origins = _words("BOARD_ORIGINS", f"http://localhost:{port},http://127.0.0.1:{port}")
    for origin in origins:
        _check_address("BOARD_ORIGINS", origin, ("http", "https"))
        if urlsplit(origin).path or urlsplit(origin).query:
            raise _unusable(
                "BOARD_ORIGINS", origin, "origins without a path, such as https://board.example.org"
            )
    return origins


def database_url() -> str:
    """The database; the default lies in this folder, whose name may hold what an address must not."""
    value = _text("DATABASE_URL", f"sqlite:///{quote(str(ROOT / 'var' / 'board.sqlite3'))}")
    if urlsplit(value).scheme not in ("sqlite", "postgres", "postgresql"):
        shown = value.split("@")[-1]  # no password in a message
        raise _unusable("DATABASE_URL", shown, "sqlite:///PATH or postgres://USER:PASSWORD@HOST/NAME")
    return value


def watercooler_keys() -> str:
    """The secrets shared with the hub, `whsec_` and base64 each; the first signs, all are accepted."""
    value = _text("WATERCOOLER_KEYS", "")
    right = "one or two secrets, each `whsec_` and the base64 of 32 random bytes (script/setup makes one)"
    if not value:
        raise _unusable("WATERCOOLER_KEYS", "not set", right)
    for number, key in enumerate(value.split(","), 1):
        if not _is_webhook_secret(key.strip()):
            raise _unusable("WATERCOOLER_KEYS", f"not a secret at position {number}", right)
    return value


def watercooler_url() -> str:
    """Where the board posts its events to the hub."""
    return _check_address(
        "WATERCOOLER_URL", _text("WATERCOOLER_URL", f"http://127.0.0.1:{_hub_port()}"), ("http", "https")
    )


def watercooler_live_url() -> str:
    """Where browsers open their WebSocket."""
    default = f"ws://localhost:{_hub_port()}/live"
    return _check_address("WATERCOOLER_LIVE_URL", _text("WATERCOOLER_LIVE_URL", default), ("ws", "wss"))


def demo_password() -> str:
    """The password that the people of the demo board get; without one there is no demo."""
    return _text("DEMO_PASSWORD", "")


def _hub_port() -> int:
    return _port("WATERCOOLER_PORT", "8001")


def _port(name: str, default: str) -> int:
    value = _text(name, default)
    if not (value.isascii() and value.isdecimal()) or not 0 < int(value) < 65536:
        raise _unusable(name, value, "a port from 1 to 65535")
    return int(value)


def _is_webhook_secret(key: str) -> bool:
    try:
        return (
            key.startswith("whsec_")
            and len(base64.b64decode(key.removeprefix("whsec_"), validate=True)) == 32
        )
    except binascii.Error:
        return False


def _check_address(name: str, value: str, schemes: tuple[str, ...]) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.netloc:
        raise _unusable(name, value, f"an address that starts with {' or '.join(s + '://' for s in schemes)}")
    return value


def _text(name: str, default: str) -> str:
    return str(_env.str(name, default=default)).strip()


def _words(name: str, default: str) -> list[str]:
    return [word.strip() for word in _text(name, default).split(",") if word.strip()]


def _unusable(name: str, value: str, right: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r}; expected {right}")
