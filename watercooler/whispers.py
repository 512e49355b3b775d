"""What the processes tell each other in passing, and may lose: who came and went, what people do, controls.

One task sends, so everybody hears what a process says in its order.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import structlog

from watercooler.bus import Bus
from watercooler.frames import Say
from watercooler.messages import BadMessage, Control, parse_control, parse_object
from watercooler.presence import Change

WAITING_AT_MOST = 10_000
log = structlog.get_logger("watercooler")


@dataclass(frozen=True, slots=True)
class Seen:
    """Who came to a board, and who left it, at one process."""

    board: int
    change: Change


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said to a process, which has told its own clients already."""

    process: str
    connection: str
    user: int
    say: Say


Whisper = Seen | Word | Control


class Whispers:
    """The way out for what may be lost."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(WAITING_AT_MOST)

    def send(self, whisper: Whisper) -> None:
        """Tell every process, this one too, soon; or nobody, if too much waits already."""
        try:
            self._waiting.put_nowait(write_whisper(whisper))
        except asyncio.QueueFull:
            log.debug("whisper lost", waiting=WAITING_AT_MOST)

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._bus.whisper(await self._waiting.get())


def write_whisper(whisper: Whisper) -> bytes:
    """Put it into words."""
    match whisper:
        case Seen(board, change):
            people = {"in": list(change.come.items()), "out": list(change.gone)}
            return orjson.dumps({"w": "here", "b": board, **people})
        case Word(process, connection, user, say):
            return orjson.dumps({"w": "say", "p": process, "conn": connection, "u": user, "say": asdict(say)})
        case Control():
            return orjson.dumps({"w": "control", **asdict(whisper)})


def read_whisper(message: bytes) -> Whisper:
    """Understand what `write_whisper` wrote. Raises BadMessage."""
    words = parse_object(message, "the whisper")
    try:
        return _understood(words)
    except (KeyError, TypeError, ValueError) as error:
        raise BadMessage(f"a whisper of kind {words.get('w')!r} makes no sense: {error!r}") from None


def _understood(words: dict[str, Any]) -> Whisper:
    match words["w"]:
        case "here":
            return Seen(words["b"], Change(dict(words["in"]), frozenset(words["out"])))
        case "say":
            return Word(words["p"], words["conn"], words["u"], Say(**words["say"]))
        case "control":
            return parse_control(words, "the control")
        case kind:
            raise ValueError(f"{kind!r} is not here, say or control")
