"""Behind the server of the Procfile, answers are on the wire what they are in the program."""

import http.client
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.placeholder.service import ROOT, Reply, environment
from tests.services import Process, free_port, wait_until

pytestmark = pytest.mark.slow  # a real server
ADDRESSES = [
    "/60x40",
    "/600x400.webp?text=Hello",
    "/60x40.svg",
    "/60x40?json",
    "/300&text=caf%C3%A9",
    "/300?text=a|b",
]
OF_THE_SERVER = {"server", "date", "connection", "transfer-encoding"}


class Granian(Process):
    """The Procfile's line, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        found = re.search(r"^placeholder: exec (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
        assert found is not None
        command = ["sh", "-c", f"exec {found[1]}"]
        variables = environment(
            PLACEHOLDER_PORT=str(self.port), PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        )
        super().__init__("granian", command, log=folder / "log", cwd=ROOT, env=variables)

    def ask(self, address: str, method: str = "GET", **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, address, headers=headers)
            answer = connection.getresponse()
            pairs = [(name.title(), value) for name, value in answer.getheaders()]
            pairs = [(name, value) for name, value in pairs if name.lower() not in OF_THE_SERVER]
            return Reply(answer.status, sorted(pairs), answer.read())
        finally:
            connection.close()

    def answers(self) -> bool:
        self.check_running()
        try:
            return self.ask("/health").status == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Granian]:
    granian = Granian(tmp_path_factory.mktemp("granian")).start()
    try:
        wait_until(granian.answers, "granian answers")
        yield granian
        assert "Traceback" not in granian.tail()
    finally:
        granian.terminate()


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_first_answer_the_next_ones_and_head_are_the_same(server: Granian, address: str) -> None:
    first, again, head = server.ask(address), server.ask(address), server.ask(address, "HEAD")

    assert first.status == 200
    assert again == first
    assert (head.status, head.pairs, head.body) == (200, first.pairs, b"")
    assert first.headers["Content-Length"] == str(len(first.body))


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_holds_the_picture_is_told_so(server: Granian, address: str) -> None:
    etag = dict(server.ask(address).pairs)["Etag"]

    reply = server.ask(address, **{"If-None-Match": f'"x", W/{etag}'})

    assert (reply.status, reply.body, reply.headers["Etag"]) == (304, b"", etag)


@pytest.mark.parametrize(
    "address", ["/nothing", "/nothing.svg", "/60x40/zebra?json", "/60x40/red,%0D%0AX:y", "/%00"]
)
def test_an_error_is_one_and_head_says_the_same(server: Granian, address: str) -> None:
    got, head = server.ask(address), server.ask(address, "HEAD")

    assert got.status in (400, 404)
    assert (head.status, head.pairs, head.body) == (got.status, got.pairs, b"")
    assert "X" not in got.headers


def test_methods_that_change_things_are_refused_and_questions_answered(server: Granian) -> None:
    posted, asked = server.ask("/60x40", "POST"), server.ask("/60x40", "OPTIONS")

    assert (posted.status, posted.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (asked.status, asked.body) == (204, b"")


def test_a_very_long_address_is_refused(server: Granian) -> None:
    assert server.ask("/60x40?text=" + "x" * 20_000).status == 414


def test_the_largest_picture_arrives_whole(server: Granian) -> None:
    assert server.ask("/4000x4000").size == (4000, 4000)
    assert server.ask("/4000x4000").image("L").size == (4000, 4000)
