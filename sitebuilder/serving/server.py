"""Run a preview: listen, watch the site's files, make what changes, until somebody ends it."""

import asyncio
import fcntl
import os
import signal
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from sitebuilder.errors import wrong
from sitebuilder.serving.handlers import application
from sitebuilder.serving.place import preview_of
from sitebuilder.serving.preview import Preview
from sitebuilder.serving.telling import Teller
from sitebuilder.serving.watching import watch
from sitebuilder.settings import Site

PATIENCE_SECONDS = 0.5  # for the page at hand, when the preview is ended


def serve(site: Site, teller: Teller, *, host: str, port: int, is_live: bool, is_opened: bool) -> None:
    """Show a site until a signal ends it; raises SiteError where that cannot be."""
    preview_site = preview_of(site)
    preview_site.state.mkdir(parents=True, exist_ok=True)
    with alone(preview_site.state / "lock"):
        asyncio.run(run(Preview(preview_site, teller, is_live=is_live), host, port, is_opened=is_opened))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Refuse a second preview of the same site: both would write the same files."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            right = "one `serve` for a site; another browser can look at it, too"
            raise wrong("this site is being served already", right=right) from None
        yield


async def run(preview: Preview, host: str, port: int, *, is_opened: bool) -> None:
    server = HTTPServer(application(preview, host))
    port = listen(server, host, port)
    url = f"http://{name_of(host)}:{port}/"
    preview.teller.listening(url, port)
    if is_opened:
        asyncio.get_running_loop().run_in_executor(None, webbrowser.open, url)
    await until_ended(preview)
    server.stop()
    preview.browsers.close()
    await close(preview)
    await server.close_all_connections()


def listen(server: HTTPServer, host: str, port: int) -> int:
    """Take the port; 0 finds a free one."""
    try:
        sockets = bind_sockets(port, host)
    except OSError as error:
        right = "another one: --port 0 finds one that is free, and SITEBUILDER_PORT is the usual one"
        raise wrong(f"port {port} of {host or 'this machine'}: {error.strerror}", right=right) from None
    server.add_sockets(sockets)
    return int(sockets[0].getsockname()[1])


def name_of(host: str) -> str:
    """A host as a browser on this machine names it."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104
        return "localhost"
    return f"[{host}]" if ":" in host else host


async def until_ended(preview: Preview) -> None:
    """Watch and work until a signal."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    tasks = [
        asyncio.create_task(watch(preview.site.folder, preview.workshop.change)),
        asyncio.create_task(preview.workshop.work()),
        asyncio.create_task(ended.wait()),
    ]
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for task in done:
        task.result()


async def close(preview: Preview) -> None:
    try:
        await asyncio.wait_for(preview.workshop.close(), PATIENCE_SECONDS)
    except TimeoutError:
        os._exit(0)  # in the middle of a page that takes long: the next start makes everything again
