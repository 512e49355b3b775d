"""The servers that are compared, each on a free port with one process that serves; ours among them."""

import contextlib
import os
import re
import resource
import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import ClassVar

from bench.fanout.audience import Seat
from bench.fanout.board import Board
from bench.fanout.events import EPOCH, Events, text_of
from bench.fanout.preparing import HERE, Programs
from bench.fanout.publishing import request
from tests.services import Process, Redis, answers, free_port, wait_until
from tests.stack import ROOT
from watercooler.messages import Event, Keys, publish_body, random_key
from watercooler.tickets import issue_ticket

COMPLAINT = re.compile(r"warning|error|traceback|exception", re.IGNORECASE)
LINES = 20  # of complaints that are shown


class Server(ABC):
    """A peer: rooms at `/sub?id=ROOM`, and posts to `/pub?id=ROOM` that are delivered as they are."""

    name: ClassVar[str]
    bears: ClassVar[float] = 1.0  # the share of the others' work that it is asked to do in the same time

    def __init__(self, folder: Path, programs: Programs, events: Events) -> None:
        self.port, self.folder, self.programs, self.events = free_port(), folder, programs, events
        self.processes: list[Process] = []

    def start(self) -> None:
        """Start what serves, and wait until it listens."""
        self.run(self.command(), self.environment())
        wait_until(self.listens, f"{self.name} listens on port {self.port}")

    def stop(self) -> None:
        """End it, and show what it complained of."""
        for process in self.processes:
            process.kill9()
        logs = [process.log for process in self.processes if process.name == self.name]
        complaints = [line for log in logs for line in log.read_text().splitlines() if self.complains(line)]
        if complaints:
            print(f"{self.name} wrote:", *complaints[-LINES:], sep="\n", end="\n\n", flush=True)

    def complains(self, line: str) -> bool:
        return bool(COMPLAINT.search(line))

    def run(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        log = self.folder / f"{len(self.processes)}.log"
        words = [str(word) for word in command]
        options = {"cwd": ROOT, "env": {**os.environ, **environment}}
        self.processes.append(Process(self.name, words, log=log, **options).start())

    def is_running(self) -> bool:
        """Say true, or fail with what the program last said."""
        return all(process.check_running() for process in self.processes)

    def listens(self) -> bool:
        self.is_running()
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        return False

    @abstractmethod
    def command(self) -> Sequence[str | Path]:
        """Give what is run to serve."""

    def environment(self) -> dict[str, str]:
        return {}

    def pids(self) -> list[int]:
        """Give the processes whose time and memory count."""
        return [process.pid for process in self.processes]

    def seat(self, place: int, room: int) -> Seat:
        """Say how the connection number `place` gets into this room."""
        return Seat(self.port, f"/sub?id={room}")

    def request(self, event: Event) -> bytes:
        """Give the post that has this event delivered."""
        return request(self.port, f"/pub?id={event['board']}", text_of(event))


class Floor(Server):
    """A loop of send() in C."""

    name = "C send()"

    def command(self) -> Sequence[str | Path]:
        return [self.programs.floor, str(self.port)]


class JoinedFloor(Floor):
    """The same, with what one turn of the loop brings joined."""

    name = "C joined"

    def command(self) -> Sequence[str | Path]:
        return [*super().command(), "joined"]


class Nchan(Server):
    """nginx with nchan."""

    name = "nchan"

    def command(self) -> Sequence[str | Path]:
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        settings = Template((HERE / "peers" / "nginx.conf").read_text()).safe_substitute(
            module=self.programs.nchan,
            user="user root;" if os.geteuid() == 0 else "",  # the folder is ours alone
            files=files,
            connections=files - 100,
            folder=self.folder,
            port=self.port,
        )
        (self.folder / "nginx.conf").write_text(settings)
        return [self.programs.nginx, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"]


class NodeWs(Server):
    """Node's ws, one frame for all."""

    name = "Node ws"

    def command(self) -> Sequence[str | Path]:
        return [self.programs.node, HERE / "peers" / "node_ws.cjs", str(self.port)]

    def environment(self) -> dict[str, str]:
        return {"NODE_PATH": str(self.programs.node_modules)}


class TornadoPlain(Server):
    """Tornado's write_message."""

    name = "Tornado"

    def command(self) -> Sequence[str | Path]:
        return [sys.executable, "-m", "bench.fanout.peers.tornado_plain", str(self.port)]


class Channels(Server):
    """Django Channels, its groups in Redis."""

    name = "Channels"
    bears = 0.1

    def start(self) -> None:
        self.redis = Redis(self.folder).start()
        self.processes.append(self.redis)
        super().start()

    def command(self) -> Sequence[str | Path]:
        return [self.programs.channels_python, "-m", "uvicorn", "django_channels:application",
                "--app-dir", HERE / "peers", "--host", "127.0.0.1", "--port", str(self.port),
                "--loop", "uvloop", "--http", "httptools", "--log-level", "warning",
                "--no-access-log"]  # fmt: skip

    def environment(self) -> dict[str, str]:
        return {"REDIS_URL": self.redis.url}


class Hub(Server):
    """Our hub, one process: posts are signed, numbered without a hole and remembered."""

    name = "our hub"
    ports: ClassVar[int] = 1

    def start(self) -> None:
        self.key = random_key()
        self.keys = Keys.parse(self.key)
        self.board = Board(self.keys)
        self.all_ports = [self.port, *(free_port() for _ in range(self.ports - 1))]
        for port in self.all_ports:
            self.run(self.command(), {**self.environment(), "WATERCOOLER_PORT": str(port)})
        wait_until(self.is_ready, f"{self.name} is ready")

    def stop(self) -> None:
        super().stop()
        self.board.stop()

    def complains(self, line: str) -> bool:
        """Pass over those whom it told to come back a little later, which the load client does."""
        return super().complains(line) and "status=503" not in line

    def is_ready(self) -> bool:
        return self.is_running() and all(answers(f"http://127.0.0.1:{port}/ready") for port in self.all_ports)

    def command(self) -> Sequence[str | Path]:
        return [sys.executable, "-m", "watercooler"]

    def environment(self) -> dict[str, str]:
        return {
            "WATERCOOLER_KEYS": self.key,
            "WATERCOOLER_HOST": "127.0.0.1",
            "WATERCOOLER_ORIGINS": "http://127.0.0.1",
            "BOARD_URL": self.board.url,
            "REDIS_URL": "",
        }

    def seat(self, place: int, room: int) -> Seat:
        return self.seat_in_all(place, [room])

    def seat_in_all(self, place: int, rooms: Sequence[int]) -> Seat:
        """Say how one connection of a person of its own watches these rooms."""
        port = self.all_ports[place % self.ports]
        tickets = {room: self.ticket(place, room) for room in rooms}
        hello = f'{{"t":"hello","v":1,"ticket":"{tickets[rooms[0]]}"}}'
        wishes = [self.wish(room, ticket) for room, ticket in tickets.items()]
        return Seat(port, "/live", '"t":"sub"', (hello, *wishes))

    def ticket(self, place: int, room: int) -> str:
        name = f"Person {place}"
        return issue_ticket(self.keys, user=place + 1, name=name, board=room, epoch=EPOCH)[0]

    def wish(self, room: int, ticket: str) -> str:
        """Give the frame that asks for what is new in a room."""
        self.board.know(room)
        after = self.events.tops[room]
        return f'{{"t":"sub","b":{room},"ticket":"{ticket}","after":{after},"e":"{EPOCH}"}}'

    def request(self, event: Event) -> bytes:
        self.board.record(event)
        body = publish_body([event])
        return request(self.port, "/publish", body, self.keys.sign(body))


class HubsOverRedis(Hub):
    """Our hub, two processes with Redis between; the time of the hubs alone counts."""

    name = "2 hubs, Redis"
    ports = 2

    def start(self) -> None:
        self.redis = Redis(self.folder).start()
        super().start()

    def stop(self) -> None:
        super().stop()
        self.redis.kill9()

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "REDIS_URL": self.redis.url}


PEERS = (Hub, Nchan, Floor, JoinedFloor, NodeWs, TornadoPlain, Channels)
