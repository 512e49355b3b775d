"""Know which page each browser shows, and tell it what has become of that page."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import orjson

from sitebuilder.serving.stylesheets import new_stylesheets

MOST_EVENTS = 64  # that wait for a slow browser; beyond, it is told to load the page again
MOST_CHANGES = 500  # of files that a page may use, remembered for browsers that were away
RELOAD = b"event: page\ndata: {}\n\n"


@dataclass(frozen=True)
class Shown:
    """A page as it can be had at this moment."""

    path: str  # of its output
    version: str
    content: bytes = field(repr=False)
    status: int = 200


@dataclass(eq=False)
class Browser:
    """A page that is open in a browser."""

    address: str
    shown: Shown
    events: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(MOST_EVENTS))

    def tell(self, event: str, what: object, serial: int) -> None:
        text = orjson.dumps(what).decode()
        self.send(f"event: {event}\nid: {serial}.{self.shown.version}\ndata: {text}\n\n".encode())

    def send(self, event: bytes) -> None:
        if self.events.full():  # whatever waits is told by a new page, too
            while not self.events.empty():
                self.events.get_nowait()
            event = RELOAD
        self.events.put_nowait(event)


class Browsers:
    """All browsers that listen, and what they were told last."""

    def __init__(self, look: Callable[[str], Shown]) -> None:
        self._look = look
        self._all: set[Browser] = set()
        self._problems = ""  # as HTML; empty while all is well
        self._files: deque[str] = deque(maxlen=MOST_CHANGES)  # that pages may use, as they changed
        self._serial = 0  # how many have changed

    def paths(self) -> list[str]:
        """The outputs that are looked at."""
        return list(dict.fromkeys(browser.shown.path for browser in self._all))

    def come(self, address: str, known: str) -> Browser:
        """Take in a browser that shows an address, as far as it knows: `SERIAL.VERSION`."""
        serial, _, version = known.partition(".")
        browser = Browser(address, self._look(address))
        self._all.add(browser)
        missed = self._serial - int(serial) if serial.isdecimal() else 0
        if version != browser.shown.version or not 0 <= missed <= len(self._files):
            browser.tell("page", {}, self._serial)
        elif missed:
            browser.tell("files", list(self._files)[-missed:], self._serial)
        browser.tell("problems", self._problems, self._serial)
        return browser

    def leave(self, browser: Browser) -> None:
        self._all.discard(browser)

    def close(self) -> None:
        """Let all go: they come back by themselves when there is a preview again."""
        for browser in self._all:
            browser.send(b"")

    def known(self, shown: Shown) -> str:
        """What a browser knows that is given a page now."""
        return f"{self._serial}.{shown.version}"

    def tell(self, files: Iterable[str], problems: str) -> None:
        """Tell each browser what is new for it: its page, files that it may use, what is wrong."""
        changed = list(dict.fromkeys(files))
        self._serial += len(changed)
        self._files.extend(changed)
        for browser in self._all:
            if changed:
                browser.tell("files", changed, self._serial)
            self._tell_of_page(browser)  # afterwards: a stylesheet that it has now is no other than that
            if problems != self._problems:
                browser.tell("problems", problems, self._serial)
        self._problems = problems

    def _tell_of_page(self, browser: Browser) -> None:
        old, new = browser.shown, self._look(browser.address)
        if old.version == new.version:
            return
        browser.shown = new
        links = new_stylesheets(old.content, new.content) if old.path == new.path else None
        browser.tell("css" if links else "page", links or {}, self._serial)
