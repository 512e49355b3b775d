"""Run the whole product as its Procfile does, on free ports, with a database and keys of its own."""

import base64
import contextlib
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Self

from tests.services import Process, answers, free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = ("web", "hub", "announce")  # those that a board needs
MORE_WORDS = {"hub": "--verbose"}  # for the report of a test that fails
PROCFILE_LINE = re.compile(r"^(\w+): (.+)$", re.MULTILINE)


class Stack:
    """The board, the hub and the announcer; each can be ended and started again by a test."""

    def __init__(self, folder: Path, *, database: str | None = None, **variables: str) -> None:
        self.folder = folder
        self.password = secrets.token_urlsafe(9)
        self.board_port, self.hub_port = free_port(), free_port()
        self.board_url = f"http://127.0.0.1:{self.board_port}"
        self.hub_url = f"http://127.0.0.1:{self.hub_port}"
        self.database = database or f"sqlite:///{folder / 'board.sqlite3'}"
        self.env = self._environment(variables)
        self._processes = dict(self._procfile())

    def start(self) -> Self:
        subprocess.run([sys.executable, "script/collect.py"], check=True, cwd=ROOT, env=self.env)
        self.manage("migrate", "--verbosity=0")
        for process in self._processes.values():
            process.start()
        self.wait_ready()
        return self

    def process(self, name: str) -> Process:
        """Return the process of the Procfile's line `name`: web, hub or announce."""
        return self._processes[name]

    def manage(self, *words: str) -> str:
        """Run a management command and return what it printed."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (
            f"manage.py {' '.join(words)} ended with {done.returncode}:\n{done.stderr}"
        )
        return done.stdout

    def wait_ready(self) -> None:
        """Wait until the board and the hub answer; fail at once where a program ended by itself."""
        for name, url in (("web", f"{self.board_url}/health"), ("hub", f"{self.hub_url}/ready")):
            wait_until(partial(self._answers, name, url), f"{url} answers")

    def stop(self) -> None:
        for process in reversed(self._processes.values()):
            process.terminate()

    def logs(self) -> str:
        return "\n".join(f"=== {name}\n{process.tail()}" for name, process in self._processes.items())

    def assert_no_traceback(self) -> None:
        for name, process in self._processes.items():
            log = process.log.read_text()
            assert "Traceback" not in log, f"{name} logged a traceback:\n{log}"

    def _answers(self, name: str, url: str) -> bool:
        return self._processes[name].check_running() and answers(url)

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Set every address and secret, so that nothing comes from the developer's own `.env`."""
        origins = ",".join(f"http://{host}:{self.board_port}" for host in ("localhost", "127.0.0.1"))
        ours = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "WATERCOOLER_KEYS": f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}",
            "DEMO_PASSWORD": self.password,
            "DEBUG": "false",
            "DATABASE_URL": self.database,
            "REDIS_URL": "",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "BOARD_PORT": str(self.board_port),
            "BOARD_ORIGINS": origins,
            "BOARD_URL": self.board_url,
            "WATERCOOLER_HOST": "127.0.0.1",
            "WATERCOOLER_PORT": str(self.hub_port),
            "WATERCOOLER_ORIGINS": origins,
            "WATERCOOLER_URL": self.hub_url,
            "WATERCOOLER_LIVE_URL": f"ws://localhost:{self.hub_port}/live",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
        }
        return {**os.environ, **ours, **variables}

    def _procfile(self) -> Iterator[tuple[str, Process]]:
        for name, command in PROCFILE_LINE.findall((ROOT / "Procfile").read_text()):
            if name not in PROCESSES:
                continue
            words = f"{command} {MORE_WORDS.get(name, '')}"
            log = self.folder / f"{name}.log"
            yield name, Process(name, ["/bin/sh", "-c", words], log=log, env=self.env, cwd=ROOT)


@contextlib.contextmanager
def running_stack(*, database: str | None = None, **variables: str) -> Iterator[Stack]:
    """Run a product of its own with the given database and further environment variables."""
    with tempfile.TemporaryDirectory(prefix="stack-") as folder:
        stack = Stack(Path(folder), database=database, **variables)
        try:
            yield stack.start()
        except BaseException as error:
            error.add_note(stack.logs())
            raise
        finally:
            stack.stop()
        stack.assert_no_traceback()
