"""Answer browsers: the site's outputs, what of ours goes with them, and news of changes."""

import asyncio
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, RequestHandler

from sitebuilder.media_types import content_type
from sitebuilder.serving.browsers import Browser, Shown
from sitebuilder.serving.hosts import is_ours
from sitebuilder.serving.preview import Preview
from sitebuilder.serving.showing import OWN

STATIC = Path(__file__).parent / "static"
PING_SECONDS = 15  # shows that a browser has gone
CHUNK_BYTES = 1 << 16
END_OF_BODY = re.compile(rb"</body\s*>", re.IGNORECASE)


def application(preview: Preview, host: str) -> Application:
    words = {"preview": preview, "host": host}
    return Application(
        [
            (rf"{OWN}/events", EventsHandler, words),
            (rf"{OWN}/(reload\.js|problems\.js|problems\.css)", OwnHandler, words),
            (r".*", PageHandler, words),
        ],
        log_function=lambda handler: None,
    )


class Handler(RequestHandler):
    """What all answers have in common: nobody keeps them, and no foreign name leads here."""

    SUPPORTED_METHODS: tuple[str, ...] = ("GET", "HEAD")

    def initialize(self, preview: Preview, host: str) -> None:
        self.preview, self.own_host = preview, host

    def prepare(self) -> None:
        name = urlsplit(f"//{self.request.host}").hostname or ""
        if not is_ours(name, self.own_host):  # as in DNS rebinding: a foreign name that leads here
            raise HTTPError(403, reason="This host is not served here")

    def set_default_headers(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.clear_header("Server")

    def compute_etag(self) -> None:
        """No answer is compared with what a browser has: each is given anew."""

    def write_error(self, status_code: int, **words: Any) -> None:
        if status_code == 405:
            self.set_header("Allow", ", ".join(self.SUPPORTED_METHODS))
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}\n")

    async def head(self, *words: str) -> None:
        await self.get(*words)

    async def get(self, *words: str) -> None:
        raise NotImplementedError


class PageHandler(Handler):
    """The site itself."""

    async def get(self, *words: str) -> None:
        path = await self.preview.path_at(self.request.path)
        if path and not content_type(path).startswith("text/html"):
            await self.send_file(path)
        elif path is None and (target := self.preview.redirect(self.request.path)):
            self.redirect(f"{target}?{self.request.query}" if self.request.query else target)
        else:
            self.send_page(await self.preview.page(self.request.path))

    def send_page(self, shown: Shown) -> None:
        content = self.with_script(shown) if self.preview.is_live else shown.content
        self.set_status(shown.status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Length", len(content))
        self.finish(b"" if self.request.method == "HEAD" else content)

    def with_script(self, shown: Shown) -> bytes:
        """The page with our script at its end."""
        query = f"run={self.preview.run}&amp;known={self.preview.browsers.known(shown)}"
        script = f'<script type="module" src="{OWN}/reload.js?{query}"></script>'.encode()
        ends = list(END_OF_BODY.finditer(shown.content))
        place = ends[-1].start() if ends else len(shown.content)
        return shown.content[:place] + script + shown.content[place:]

    async def send_file(self, path: str) -> None:
        """Send a file as it is, however large."""
        try:
            file = self.preview.file(path).open("rb")
        except OSError:
            raise HTTPError(500, reason="It could not be made; the terminal says why") from None
        with file, suppress(StreamClosedError):  # a browser that has gone on to another page
            self.set_header("Content-Type", content_type(path))
            self.set_header("Content-Length", os.fstat(file.fileno()).st_size)
            if self.request.method != "HEAD":
                while chunk := file.read(CHUNK_BYTES):
                    self.write(chunk)
                    await self.flush()
            self.finish()


class OwnHandler(Handler):
    """The script and the styles that go with every page."""

    async def get(self, *words: str) -> None:
        (name,) = words
        self.set_header("Content-Type", content_type(name))
        self.finish((STATIC / name).read_bytes())


class EventsHandler(Handler):
    """News for one browser, as server-sent events."""

    SUPPORTED_METHODS = ("GET",)

    async def get(self, *words: str) -> None:
        self.set_header("Content-Type", "text/event-stream")
        known = self.request.headers.get("Last-Event-ID") or self.get_query_argument("known", "")
        if self.get_query_argument("run", "") != self.preview.run:
            known = ""  # of another start: whatever the browser shows may be old
        browser = self.preview.browsers.come(self.get_query_argument("address", "/"), known)
        try:
            while event := await news(browser):
                self.write(event)
                await self.flush()
        except StreamClosedError:
            pass  # it has gone, as browsers do
        finally:
            self.preview.browsers.leave(browser)


async def news(browser: Browser) -> bytes:
    try:
        return await asyncio.wait_for(browser.events.get(), PING_SECONDS)
    except TimeoutError:
        return b":\n\n"
