"""Start real programs for the tests, each on a port of its own, and end every one of them.

A program runs in a session of its own, so that a Ctrl-C reaches only the tests, which then end it.
"""

import atexit
import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import psycopg
import redis

from tests import tools

START_SECONDS = 30
STOP_SECONDS = 10
_started: set["Process"] = set()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Poll until `holds`; after `seconds` fail, saying that `what` did not come true."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(0.02)


def answers(url: str) -> bool:
    """Say whether a server gives this page, well."""
    with (
        contextlib.suppress(urllib.error.URLError, OSError),
        urllib.request.urlopen(url, timeout=2) as answer,
    ):
        return bool(answer.status == 200)
    return False


class Process:
    """A program that can be ended kindly, killed, and started again with the same command."""

    ending = signal.SIGTERM

    def __init__(self, name: str, command: Sequence[str], *, log: Path, **options: Any) -> None:
        """`options` are those of `subprocess.Popen`, such as env, cwd and user."""
        self.name, self.command, self.log, self.options = name, list(command), log, options
        self.log.touch()
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.options,
            )
        _started.add(self)
        return self

    @property
    def pid(self) -> int:
        assert self._popen is not None, f"{self.name} was never started"
        return self._popen.pid

    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def check_running(self) -> bool:
        """Say true, or fail with what the program last said before it ended."""
        if not self.is_running():
            raise RuntimeError(f"{self.name} ended by itself:\n{self.tail()}")
        return True

    def kill9(self) -> None:
        """Kill the program and all that it started, as a power cut would."""
        self._end(signal.SIGKILL)

    def terminate(self) -> int:
        """Ask the program to end, wait for it, and return its exit code."""
        return self._end(self.ending)

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _end(self, number: signal.Signals) -> int:
        if self._popen is None:
            return 0
        if number != signal.SIGKILL and self.is_running():
            self._popen.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError, PermissionError):  # all have ended (as macOS says it)
            os.killpg(self.pid, signal.SIGKILL)
        _started.discard(self)
        return self._popen.wait()


def sections() -> list[tuple[str, str]]:
    """Give the title and the text of each running program's last log lines."""
    tails = [(process, process.tail()) for process in _started]
    return [(f"Log of {process.name} ({process.pid})", tail) for process, tail in tails if tail]


@atexit.register
def end_all() -> None:
    """End what a failed set-up or an interrupted run has left."""
    for process in list(_started):
        process.kill9()


class Redis(Process):
    """A Redis server that keeps nothing on disk: started again, it is empty."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._databases = itertools.count(1)
        command = [tools.REDIS.path(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                   "--appendonly", "no", "--dir", str(folder)]  # fmt: skip
        super().__init__("redis", command, log=folder / "redis.log")

    def start(self) -> Self:
        super().start()
        wait_until(self.answers, "Redis answers")
        return self

    def make_database(self) -> str:
        """Return the url of a database that nothing else uses; two products on one would hear each other."""
        return f"redis://127.0.0.1:{self.port}/{next(self._databases)}"

    def restart(self) -> None:
        self.kill9()
        self.start()

    def answers(self) -> bool:
        self.check_running()
        with redis.Redis.from_url(self.url) as client, contextlib.suppress(redis.ConnectionError):
            return bool(client.ping())
        return False


class Postgres(Process):
    """A PostgreSQL server that never waits for a disk; its data go with the tests."""

    ending = signal.SIGINT  # at once, whoever is still connected

    def __init__(self, folder: Path, user: str | None) -> None:
        self.port, self.folder = free_port(), folder
        data, log = str(folder / "data"), folder / "postgres.log"
        initdb = [tools.INITDB.path(), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, user=user, cwd="/")
        command = [tools.POSTGRES.path(), "-D", data, "-p", str(self.port), "-h", "127.0.0.1"]
        command += ["-k", str(folder), "-F", "-c", "max_connections=200", "-c", "full_page_writes=off"]
        super().__init__("postgres", command, log=log, user=user, cwd="/")

    def url(self, database: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> Self:
        super().start()
        wait_until(self.answers, "PostgreSQL answers")
        return self

    def answers(self) -> bool:
        self.check_running()
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.url()):
            return True
        return False

    def make_database(self, name: str) -> str:
        """Make an empty database and return its url."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        return self.url(name)


@contextlib.contextmanager
def redis_server() -> Iterator[Redis]:
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = Redis(Path(folder)).start()
        try:
            yield server
        finally:
            server.kill9()


@contextlib.contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Run PostgreSQL, which refuses to run as root: then as its own user, in a folder of that user."""
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="postgres-", dir="/tmp") as folder:
        if user:
            shutil.chown(folder, user, user)
        server = Postgres(Path(folder), user).start()
        try:
            yield server
        finally:
            server.terminate()
