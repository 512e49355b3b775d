"""Post events over one kept-alive connection, by the clock or all at once, never waiting for an answer."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

TIMEOUT_SECONDS = 60


class Publisher:
    """A connection that posts are written to as they fall due; a thread reads the answers."""

    def __init__(self, port: int) -> None:
        self.statuses: Counter[int] = Counter()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def post(self, requests: Iterator[bytes], *, rate: float | None) -> None:
        """Send so many requests a second, each made when it falls due; without a rate, all at once."""
        if rate is None:
            self._socket.sendall(b"".join(requests))
            return
        due = time.monotonic()
        for each in requests:
            self._socket.sendall(each)
            due += 1 / rate
            time.sleep(max(0, due - time.monotonic()))

    def refusals(self) -> int:
        """Count the posts that were not taken."""
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 300)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._answers.close()
        self._socket.close()

    def _read(self) -> None:
        while (status := read_status(self._answers)) is not None:
            self.statuses[status] += 1


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
