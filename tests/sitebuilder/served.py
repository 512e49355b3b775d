"""Run `serve` on a site as a process of its own, and listen to it as a terminal and as a browser do."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Self

import httpx

PATIENCE_SECONDS = 30  # for what comes in a moment, but on a busy machine
ROOT = Path(__file__).resolve().parents[2]


class Served:
    """A running preview; what it says on its standard output is read as it comes."""

    def __init__(self, site: Path, *words: str, **variables: str) -> None:
        command = [sys.executable, "-m", "sitebuilder", "--site", str(site), "serve", "--json", *words]
        if "--port" not in words:
            command += ["--port", "0"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "WATCHFILES_FORCE_POLLING": "", **variables}
        self.site = site
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - it is closed when the server has ended
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self._errors, text=True, env=environment
        )
        self._said: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._said.put(json.loads(line))
        self._said.put(None)

    def __enter__(self) -> Self:
        self.url = str(self.until("listening")["url"]).rstrip("/")
        self.until("level")
        return self

    def __exit__(self, *error: object) -> None:
        self.end(signal.SIGTERM)

    def end(self, number: int) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join()
        if not self._errors.closed:
            self._errors.seek(0)
            with self._errors:
                complaints = self._errors.read()
            assert not complaints, f"it complained: {complaints}"
        return code

    def until(self, event: str, **words: Any) -> dict[str, Any]:
        """Wait until it says this event with these words."""
        while True:
            said = self._said.get(timeout=PATIENCE_SECONDS)
            assert said is not None, f"it ended before {event} {words}"
            if said["event"] == event and all(said[name] == word for name, word in words.items()):
                return said

    def write(self, path: str, text: str | bytes) -> dict[str, Any]:
        """Edit a file of the site, and wait until the preview is level with it."""
        file = self.site / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.level_with(path)

    def level_with(self, path: str) -> dict[str, Any]:
        while True:
            said = self.until("level")
            if path in said["changed"] or any(path in problem for problem in said["problems"]):
                return said

    def get(self, address: str, **headers: str) -> httpx.Response:
        return self.ask("GET", address, **headers)

    def ask(self, method: str, address: str, **headers: str) -> httpx.Response:
        return httpx.request(method, self.url + address, headers=headers, timeout=PATIENCE_SECONDS)

    def browser(self, address: str) -> "contextlib.closing[Browser]":
        """A browser that has loaded a page, and listens for news of it."""
        return self.browser_of(address, self.get(address).text)

    def browser_of(self, address: str, page: str) -> "contextlib.closing[Browser]":
        return contextlib.closing(Browser(self.url, address, page))


class Browser:
    """Listens as the script in a page does."""

    def __init__(self, url: str, address: str, page: str) -> None:
        query = page.rpartition("/.sitebuilder/reload.js?")[2].partition('"')[0].replace("&amp;", "&")
        self._client = httpx.Client(timeout=PATIENCE_SECONDS)
        self._answer = self._client.send(
            self._client.build_request("GET", f"{url}/.sitebuilder/events?address={address}&{query}"),
            stream=True,
        )
        self._lines = self._answer.iter_lines()
        self.first = self.next()  # a browser is told at once how things are

    def next(self) -> tuple[str, Any]:
        """The next event, and what it says."""
        event = ""
        for line in self._lines:
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            if line.startswith("data: "):
                return event, json.loads(line.removeprefix("data: "))
        raise AssertionError("the server has ended")

    def close(self) -> None:
        self._answer.close()
        self._client.close()
