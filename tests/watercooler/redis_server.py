"""A real Redis of our own, on a socket file: no port is taken and nothing is kept."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path


class RedisServer:
    """Starts and kills redis-server."""

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is missing; install it (Debian: apt-get install redis-server)"
        self._program = program
        self._directory = Path(tempfile.mkdtemp(prefix="redis-"))
        self.path = f"{self._directory}/socket"
        self.url = f"unix://{self.path}"

    def start(self) -> None:
        """Return when it accepts connections."""
        options = [
            "--port",
            "0",
            "--unixsocket",
            self.path,
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self._process = subprocess.Popen(
            [self._program, *options, "--dir", str(self._directory)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "eady to accept connections" in line:
                return
        raise AssertionError(f"redis-server ended with {self._process.wait()}")

    def send(self, number: signal.Signals) -> None:
        """Stop it for a while, or let it go on."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once, with everything it knows."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def remove(self) -> None:
        """End it, and leave nothing behind."""
        self.kill()
        shutil.rmtree(self._directory)
