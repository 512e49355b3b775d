"""A small board: a real HTTP server that answers as the board's events API does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import orjson
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from watercooler.messages import Event, Keys
from watercooler.tickets import BadTicket, check_hub_token


class FakeBoard:
    """Holds the logs; a test changes them, or takes the board away."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.epoch = "first"
        self.logs: dict[int, list[Event]] = {7: []}
        self.members: list[int] | None = None  # of every board; None: it does not say
        self.trimmed_to = 0
        self.status = 200
        self.refusal: dict[str, Any] = {}  # what is answered with any other status
        self.reads = 0
        self.reading = 0  # now
        self.most_at_once = 0
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    def record(self, events: Iterable[Event]) -> None:
        """Take into the logs what continues them; whatever else is posted is somebody's mistake."""
        for event in events:
            log = self.logs.get(event["board"])
            if log is not None and event["epoch"] == self.epoch and event["seq"] == _top(log) + 1:
                log.append(event)

    async def start(self) -> None:
        """Listen on a free port."""
        sockets = bind_sockets(0, "127.0.0.1")
        self.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
        self._server = HTTPServer(
            Application(
                [(r"/api/boards/(\d+)/events", Log, {"board": self})], log_function=lambda handler: None
            )
        )
        self._server.add_sockets(sockets)

    async def stop(self) -> None:
        """Stop listening."""
        self._server.stop()
        await self._server.close_all_connections()


class Log(RequestHandler):
    """GET /api/boards/7/events?after=N&limit=500."""

    def initialize(self, board: FakeBoard) -> None:
        """Remember the board."""
        self.board = board

    async def get(self, number: str) -> None:
        """Answer as the board would at the moment of the question."""
        board = self.board
        board.reads += 1
        status, answer = self._answer(int(number), int(self.get_query_argument("after")))
        board.asked.set()
        board.reading += 1
        board.most_at_once = max(board.most_at_once, board.reading)
        await board.may_answer.wait()
        board.reading -= 1
        self.set_status(status)
        self.finish(orjson.dumps(answer))

    def _answer(self, number: int, after: int) -> tuple[int, dict[str, Any]]:
        board = self.board
        try:
            check_hub_token(board.keys, self.request.headers["Authorization"].removeprefix("Bearer "))
        except BadTicket as error:
            return 401, {"message": str(error)}
        if board.status != 200:
            return board.status, board.refusal
        if number not in board.logs:
            return 404, {"code": "not_found"}
        log = board.logs[number]
        top = _top(log)
        if not board.trimmed_to <= after <= top:
            return 410, {"code": "gone"}
        page = [event for event in log if event["seq"] > after][: int(self.get_query_argument("limit"))]
        members = {} if board.members is None else {"members": board.members}
        return 200, {"events": page, "seq": top, "epoch": board.epoch, **members}


def _top(log: list[Event]) -> int:
    return log[-1]["seq"] if log else 0
