"""Links to other sites are asked for on request, kindly."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

import pytest

from sitebuilder.checking import check
from sitebuilder.checking.external import REMEMBERED_SECONDS, unreachable
from tests.sitebuilder.checked_site import built, page


@dataclass
class Other:
    """A site of somebody else: what it answers by path, and what it was asked."""

    url: str = ""
    answers: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    busy: Lock = field(default_factory=Lock)
    crowded: bool = False  # two were served at once


@contextmanager
def serving(other: Other) -> Iterator[Other]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            if not other.busy.acquire(blocking=False):
                other.crowded = True
                other.busy.acquire()
            other.asked.append(f"{self.command} {self.path}")
            status = other.answers.get(f"{self.command} {self.path}", other.answers.get(self.path, 404))
            other.busy.release()
            self.send_response(status)
            if status == 301:
                self.send_header("Location", "/moved")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    other.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield other
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def other() -> Iterator[Other]:
    with serving(Other(answers={"/ok": 200})) as running:
        yield running


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "state" / "links.json"


def test_a_dead_link_is_told_with_its_source_only_on_request(tmp_path: Path, other: Other) -> None:
    body = page(f'<a href="{other.url}/gone#x">x</a><a href="{other.url}/ok">y</a>')
    site = built(
        tmp_path, {"out/index.html": body, "pages/index.md": f"[y]({other.url}/ok)\n[x]({other.url}/gone#x)"}
    )

    quiet = check(site)
    asked_quietly = list(other.asked)
    (problem,) = check(site, external=True)

    assert (quiet, asked_quietly) == ([], [])
    assert str(problem) == (
        f"pages/index.md:2: the link {other.url}/gone#x answers 404; expected an address that answers"
    )
    assert sorted(other.asked) == ["GET /gone", "HEAD /gone", "HEAD /ok"]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"/x": 200}, ""),
        ({"HEAD /x": 405, "GET /x": 200}, ""),
        ({"HEAD /x": 404, "GET /x": 200}, ""),
        ({"/x": 301, "/moved": 200}, ""),
        ({"/x": 301, "/moved": 404}, "answers 404"),
        ({"/x": 403}, ""),
        ({"/x": 429}, ""),
        ({"/x": 404}, "answers 404"),
        ({"/x": 410}, "answers 410"),
        ({"/x": 500}, "answers 500"),
    ],
)
def test_an_answer_says_whether_a_page_is_there(
    other: Other, memory: Path, answers: dict[str, int], why: str
) -> None:
    other.answers = answers

    assert unreachable([f"{other.url}/x"], memory) == ({f"{other.url}/x": why} if why else {})


def test_a_circle_of_redirects_leads_nowhere(other: Other, memory: Path) -> None:
    other.answers = {"/x": 301, "/moved": 301}

    assert unreachable([f"{other.url}/x"], memory)[f"{other.url}/x"] == "does not answer: too many redirects"


def test_a_site_that_is_down_is_named_with_the_reason(memory: Path) -> None:
    with serving(Other()) as gone:
        address = f"{gone.url}/x"

    assert unreachable([address], memory)[address].startswith("does not answer: ")


@pytest.mark.parametrize("address", ["http:///x", "http://a:b/", "http://exa mple/"])
def test_an_address_without_a_sensible_host_leads_nowhere(memory: Path, address: str) -> None:
    assert unreachable([address], memory)[address].startswith("does not answer")


def test_what_answered_is_remembered_for_a_day_and_what_did_not_is_asked_again(
    other: Other, memory: Path
) -> None:
    addresses = [f"{other.url}/ok", f"{other.url}/gone"]
    unreachable(addresses, memory, clock=lambda: 1000.0)
    other.asked.clear()

    unreachable(addresses, memory, clock=lambda: 999.0 + REMEMBERED_SECONDS)
    within_a_day = sorted(other.asked)
    unreachable(addresses, memory, clock=lambda: 1000.0 + REMEMBERED_SECONDS)

    assert within_a_day == ["GET /gone", "HEAD /gone"]
    assert "HEAD /ok" in other.asked


def test_one_host_is_asked_one_thing_at_a_time(other: Other, memory: Path) -> None:
    other.answers = {f"/{number}": 200 for number in range(40)}

    assert unreachable([f"{other.url}/{number}" for number in range(40)], memory) == {}

    assert len(other.asked) == 40
    assert not other.crowded


def test_an_address_is_asked_for_once_whatever_part_is_named(other: Other, memory: Path) -> None:
    assert unreachable([f"{other.url}/ok#a", f"{other.url}/ok#b"], memory) == {}

    assert other.asked == ["HEAD /ok"]


@pytest.mark.parametrize("damage", ["", "{", "[1]"])
def test_a_damaged_memory_of_links_is_forgotten(other: Other, memory: Path, damage: str) -> None:
    memory.parent.mkdir()
    memory.write_text(damage)

    assert unreachable([f"{other.url}/ok"], memory) == {}
