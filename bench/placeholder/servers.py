"""The servers that are compared, each on a free port with one process that serves; ours among them."""

import contextlib
import os
import shutil
import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import ClassVar

from bench import cpu
from bench.placeholder.preparing import HERE, HOT, Programs
from tests.services import Process, free_port, wait_until
from tests.stack import ROOT

CACHE_BYTES = 4 << 20  # of finished pictures: what a worker of ours keeps unless told otherwise; Node's alike


class Server(ABC):
    """A program that answers addresses such as /300x200/264653/ffffff?text=Hello with a PNG."""

    name: ClassVar[str]
    hot: ClassVar[str] = HOT

    def __init__(self, folder: Path, programs: Programs) -> None:
        self.port, self.folder, self.programs = free_port(), folder, programs
        words = [str(word) for word in self.command()]
        options = {"cwd": ROOT, "env": {**os.environ, **self.environment()}}
        self.process = Process(self.name, words, log=folder / "log", **options)

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.process.start()
        wait_until(self.listens, f"{self.name} listens on port {self.port}")

    def stop(self) -> None:
        self.process.kill9()

    def listens(self) -> bool:
        self.process.check_running()
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        return False

    def cpu_seconds(self) -> float:
        """Give the processor time of all its processes so far."""
        return cpu.cpu_seconds(self.process.pid)

    def memory(self) -> cpu.Memory:
        """Give what the process that answers holds: of those that it consists of, the largest."""
        return max(map(cpu.memory, cpu.family(self.process.pid)))

    @abstractmethod
    def command(self) -> Sequence[str | Path]:
        """Give what starts it."""

    def environment(self) -> dict[str, str]:
        return {}


class Ours(Server):
    """placeholder.py under granian: one worker, one thread."""

    name = "placeholder.py"

    def command(self) -> Sequence[str | Path]:
        return [Path(sys.executable).parent / "granian", "--interface", "wsgi", "--http", "1", "--no-ws",
                "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1", "--blocking-threads", "1",
                "--backlog", "2048", "--no-access-log", "--log-level", "warning",
                "placeholder:application"]  # fmt: skip


class Nginx(Server):
    """nginx giving the same PNG from a file."""

    name = "nginx, a file"
    hot = "/hot.png"

    def command(self) -> Sequence[str | Path]:
        settings = Template((HERE / "peers" / "nginx.conf").read_text()).safe_substitute(
            user="user root;" if os.geteuid() == 0 else "",  # the folder is ours alone
            folder=self.folder,
            port=self.port,
        )
        (self.folder / "nginx.conf").write_text(settings)
        shutil.copy(self.programs.hot_file, self.folder)
        return [self.programs.nginx, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"]


class Sharp(Server):
    """node:http and sharp."""

    name = "Node, sharp"
    cache_bytes: ClassVar[int] = 0

    def command(self) -> Sequence[str | Path]:
        return [self.programs.node, HERE / "peers" / "node_sharp.cjs", str(self.port), str(self.cache_bytes)]

    def environment(self) -> dict[str, str]:
        return {"NODE_PATH": str(self.programs.node_modules)}


class CachedSharp(Sharp):
    """node:http and sharp, with finished pictures in a Map."""

    name = "Node, sharp, a cache"
    cache_bytes = CACHE_BYTES


class FlaskPillow(Server):
    """Flask and Pillow under gunicorn's gthread, one worker."""

    name = "Flask, Pillow"
    module: ClassVar[str] = "flask_pillow"

    def command(self) -> Sequence[str | Path]:
        return [self.programs.peers_python, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1",
                "--threads", "4", "--keep-alive", "30", "--bind", f"127.0.0.1:{self.port}",
                "--chdir", HERE / "peers", "--log-level", "warning",
                f"{self.module}:application"]  # fmt: skip


class SeedsView(FlaskPillow):
    """The view of Lightweight Django under the same gunicorn."""

    name = "the seed's view"
    hot = f"/image{HOT}/"
    module = "seeds_view"


PEERS = (Ours, Nginx, Sharp, CachedSharp, FlaskPillow, SeedsView)


@contextlib.contextmanager
def started(kinds: Iterable[type[Server]], programs: Programs) -> Iterator[dict[type[Server], Server]]:
    """Start servers side by side, and end them; who is not asked anything is idle."""
    with contextlib.ExitStack() as standing:
        servers: dict[type[Server], Server] = {}
        for kind in kinds:
            folder = Path(standing.enter_context(TemporaryDirectory(prefix="placeholder-")))
            servers[kind] = kind(folder, programs)
            standing.callback(servers[kind].stop)
            servers[kind].start()
        yield servers
