"""As much of a hub as the board sees of it, on a real socket."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

from board import announcing
from watercooler.messages import BadSignature, Post, parse_publish

WAIT_SECONDS = 10.0


class Hub:
    """As much of a hub as the sender sees: it checks signatures and knows each board's top."""

    def __init__(self) -> None:
        self.tops: dict[int, int] = {}
        self.log: list[tuple[int, int]] = []
        self.posts = 0
        self.revoked: list[tuple[int | None, int | None]] = []  # users and boards
        self.answers: list[int] = []  # statuses to give first, before it works
        self.refuses_all = False
        self.posted = threading.Condition()

    def take(self, body: bytes, headers: Any) -> tuple[int, dict[str, Any]]:
        try:
            announcing.keys().verify(body, dict(headers.items()))
        except BadSignature as error:
            return 401, {"message": str(error)}
        with self.posted:
            self.posted.notify_all()
            self.posts += 1
            if self.answers:
                return self.answers.pop(0), {}
            return self._record(parse_publish(body))

    def _record(self, post: Post) -> tuple[int, dict[str, Any]]:
        have: dict[str, int] = {}
        if self.refuses_all:
            return 409, {"have": {str(event["board"]): event["seq"] - 1 for event in post.events}}
        self.revoked += [(control.user, control.board) for control in post.controls]
        for event in post.events:
            board, seq = event["board"], event["seq"]
            top = self.tops.setdefault(board, seq - 1)
            if seq == top + 1:
                self.tops[board] = seq
                self.log.append((board, seq))
            elif seq > top:
                have[str(board)] = top
        return (409, {"have": have}) if have else (200, {"tops": {}})

    def wait_for(self, met: Callable[[], bool]) -> None:
        with self.posted:
            assert self.posted.wait_for(met, WAIT_SECONDS), (self.tops, self.log)


@contextlib.contextmanager
def running_hub() -> Iterator[tuple[Hub, str]]:
    """Run one, and give its address too."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, said = hub.take(body, self.headers)
            answer = orjson.dumps(said)
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield hub, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
