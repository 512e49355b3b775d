"""Keep what pages last said and asked, for the report of a test that fails."""

import itertools
import time
from collections import deque

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebSocket

LINES_KEPT = 60  # of each browser context
FRAME_CHARACTERS = 100
SENT_CHARACTERS = 30  # the kind and the board of a frame, never its ticket
FIRST_REFUSAL = 400
_numbers = itertools.count(1)
_kept: list["Diary"] = []


class Diary:
    """The console, the frames and the vain requests of one browser context; it ends with the context."""

    def __init__(self, context: BrowserContext) -> None:
        self.name = f"browser {next(_numbers)}"
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        _kept.append(self)
        context.on("close", lambda _: _kept.remove(self))
        context.on("page", self._follow)
        context.on("console", self._note_console)
        context.on("weberror", lambda caught: self._note(f"uncaught: {caught.error}"))
        context.on("requestfailed", self._note_failure)
        context.on("response", self._note_answer)

    def _note(self, line: str) -> None:
        self.lines.append(f"{time.strftime('%H:%M:%S', time.gmtime())} {line}")

    def _follow(self, page: Page) -> None:
        page.on("framenavigated", lambda frame: self._note(f"at {frame.url}"))
        page.on("websocket", self._follow_socket)

    def _follow_socket(self, socket: WebSocket) -> None:
        self._note(f"socket to {socket.url}")
        socket.on("framesent", lambda frame: self._note(f"sent {_start(frame, SENT_CHARACTERS)}"))
        socket.on("framereceived", lambda frame: self._note(f"heard {_start(frame, FRAME_CHARACTERS)}"))
        socket.on("socketerror", lambda error: self._note(f"socket failed: {error}"))
        socket.on("close", lambda _: self._note("socket closed"))

    def _note_console(self, said: ConsoleMessage) -> None:
        self._note(f"console {said.type}: {said.text}")

    def _note_failure(self, request: Request) -> None:
        self._note(f"{request.method} {request.url} failed: {request.failure}")

    def _note_answer(self, answer: Response) -> None:
        asked = answer.request
        if answer.status >= FIRST_REFUSAL or asked.resource_type == "fetch":
            self._note(f"{asked.method} {answer.url} answered {answer.status}")


def sections() -> list[tuple[str, str]]:
    """Give the title and the text of each diary that has a line."""
    return [(f"Pages of {diary.name}", "\n".join(diary.lines)) for diary in _kept if diary.lines]


def _start(frame: str | bytes, characters: int) -> str:
    text = frame if isinstance(frame, str) else frame.decode(errors="replace")
    return text if len(text) <= characters else f"{text[:characters]}…"
