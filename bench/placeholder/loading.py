"""Ask a server by wrk for a few seconds over 16 kept-alive connections, and say what each answer cost it.

Every run checks its answers: those of one address by their exact length on the wire, those of a list by their
status and by the first and the last bytes of the PNG.
"""

import json
import resource
import socket
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

from bench.placeholder.preparing import HERE
from bench.placeholder.servers import Server

CONNECTIONS = 16
LONGEST_SECONDS = 20  # for a list that is asked to its end
PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Turn:
    """What one server did in one run."""

    requests: int
    seconds: float
    cpu_seconds: float  # of the server
    client_cpu_seconds: float

    @property
    def per_cpu_second(self) -> float:
        return self.requests / self.cpu_seconds


class Wrong(Exception):
    """A server did not answer as it should."""


def again(server: Server, *, seconds: int, held: bool = False) -> Turn:
    """Ask for the hot address only; with `held`, by one who holds it and gets a 304."""
    etag = ask(server, server.hot)[2] if held else ""
    status, length, _ = ask(server, server.hot, etag)
    if status != (304 if held else 200):
        raise Wrong(f"{server.name} answered {server.hot} with {status}")
    headers = ["-H", f"If-None-Match: {etag}"] if held else []
    turn, told = _load(server, seconds, [*headers, f"http://127.0.0.1:{server.port}{server.hot}"])
    if not 0 <= told["bytes"] - turn.requests * length <= CONNECTIONS * length:
        raise Wrong(
            f"{server.name}: {told['bytes']} bytes in {turn.requests} answers; expected {length} each"
        )
    return turn


def each(server: Server, addresses: Iterable[str], *, seconds: int = LONGEST_SECONDS) -> Turn:
    """Ask for every address once, or for as many as can be had in these seconds."""
    listed = server.folder / "addresses"
    lines = [f"{address}\n" for address in addresses]
    listed.write_text("".join(lines))
    turn, told = _load(server, seconds, [f"http://127.0.0.1:{server.port}", "--", str(listed)])
    if told["bad"]:
        raise Wrong(f"{server.name}: {told['bad']} of {turn.requests} answers are no whole PNG")
    if seconds != LONGEST_SECONDS and turn.requests >= len(lines):
        raise Wrong(f"{server.name} drew all {len(lines)} addresses; make the list longer")
    return turn


def ask(server: Server, address: str, etag: str = "") -> tuple[int, int, str]:
    """Ask once; return the status, the length of the whole answer on the wire, and its ETag."""
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_SECONDS) as link:
        link.sendall(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{condition}\r\n".encode())
        with link.makefile("rb") as answer:
            head = [answer.readline()]
            while head[-1].strip():
                head.append(answer.readline())
    lines = (line.decode("latin-1").partition(":") for line in head[1:-1])
    headers = {name.lower(): value.strip() for name, _, value in lines}
    status = int(head[0].split()[1])
    body = 0 if status == 304 else int(headers["content-length"])
    return status, sum(map(len, head)) + body, headers.get("etag", "")


def _load(server: Server, seconds: int, words: list[str]) -> tuple[Turn, dict[str, int]]:
    wrk = [str(server.programs.wrk), "--threads", "1", "--connections", str(CONNECTIONS), "--timeout", "8s"]
    command = [*wrk, "--duration", f"{seconds}s", "--script", str(HERE / "load.lua"), *words]
    before, own = server.cpu_seconds(), _children_seconds()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    spent, client = server.cpu_seconds() - before, _children_seconds() - own
    told = json.loads(done.stdout.splitlines()[-1])
    if told["failed"] or not told["requests"]:
        raise Wrong(f"{server.name} failed:\n{done.stdout}\n{server.process.tail()}")
    return Turn(told["requests"], told["seconds"], spent, client), told


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)  # of those that have ended: wrk, not the servers
    return used.ru_utime + used.ru_stime
