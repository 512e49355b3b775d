"""Post events over one kept-alive connection, by the clock or all at once, never waiting for an answer."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import BinaryIO

TIMEOUT_SECONDS = 60
ANSWERS_SECONDS = 5  # to wait for, after the deliveries


class Publisher:
    """A connection that posts are written to as they fall due; a thread reads the answers."""

    def __init__(self, port: int) -> None:
        self._posted, self._answers = 0, Answers()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = threading.Thread(target=self._answers.read, args=[self._socket], daemon=True)
        self._reader.start()

    def post(self, requests: Iterator[bytes], *, rate: float | None) -> None:
        """Send so many requests a second, each made when it falls due; without a rate, all at once."""
        if rate is None:
            together = list(requests)
            self._socket.sendall(b"".join(together))
            self._posted += len(together)
            return
        due = time.monotonic()
        for each in requests:
            self._socket.sendall(each)
            self._posted += 1
            due += 1 / rate
            time.sleep(max(0, due - time.monotonic()))

    def refusals(self) -> int:
        """Wait for the answers, and count the posts that were not taken."""
        self._answers.wait(self._posted)
        return self._posted - self._answers.taken

    def close(self) -> None:
        with contextlib.suppress(OSError):  # the server has closed it already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._socket.close()


class Answers:
    """What a server answered to the posts of one connection."""

    def __init__(self) -> None:
        self.taken = 0
        self._count = 0
        self._more = threading.Condition()

    def read(self, connection: socket.socket) -> None:
        """Read answers until the connection ends."""
        with connection.makefile("rb") as stream, contextlib.suppress(ConnectionResetError):
            while (status := read_status(stream)) is not None:
                with self._more:
                    self._count += 1
                    self.taken += 200 <= status < 300
                    self._more.notify()

    def wait(self, count: int) -> None:
        """Return when there are so many, or after some seconds."""
        with self._more:
            self._more.wait_for(lambda: self._count >= count, ANSWERS_SECONDS)


def request(port: int, path: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """Give the bytes of one POST."""
    lines = [f"{name}: {value}" for name, value in (headers or {}).items()]
    head = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join([*head, "", ""]).encode() + body


def read_status(answers: BinaryIO) -> int | None:
    """Read one answer to its end and return its status; None at the end of the connection."""
    first = answers.readline()
    if not first:
        return None
    length = 0
    while (line := answers.readline().lower().strip()) != b"":
        name, _, value = line.partition(b":")
        if name == b"content-length":
            length = int(value)
        elif name == b"transfer-encoding":
            raise RuntimeError(f"an answer came in pieces ({value.decode()}), which is not read here")
    answers.read(length)
    return int(first.split()[1])
