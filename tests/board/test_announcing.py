"""Every committed event reaches the hub: at once, or by the announcer whatever happens."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import Mock

import orjson
import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from board import announcing
from board.events import Operation
from board.models import Board, User
from board.models.task import add_task
from board.starting import create_board
from watercooler.messages import BadSignature, parse_publish

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_SECONDS = 10.0


class Hub:
    """As much of a hub as the sender sees: it checks signatures and knows each board's top."""

    def __init__(self) -> None:
        self.tops: dict[int, int] = {}
        self.log: list[tuple[int, int]] = []
        self.answers: list[int] = []  # statuses to give first, before it works
        self.posted = threading.Condition()

    def take(self, body: bytes, headers: Any) -> tuple[int, dict[str, Any]]:
        try:
            announcing.keys().verify(body, dict(headers.items()))
        except BadSignature as error:
            return 401, {"message": str(error)}
        with self.posted:
            self.posted.notify_all()
            if self.answers:
                return self.answers.pop(0), {}
            return self._record(parse_publish(body))

    def _record(self, events: Any) -> tuple[int, dict[str, Any]]:
        have: dict[str, int] = {}
        for event in events:
            board, seq = event["board"], event["seq"]
            top = self.tops.setdefault(board, seq - 1)
            if seq == top + 1:
                self.tops[board] = seq
                self.log.append((board, seq))
            elif seq > top:
                have[str(board)] = top
        return (409, {"have": have}) if have else (200, {"tops": {}})

    def wait_for(self, met: Callable[[], bool]) -> None:
        with self.posted:
            assert self.posted.wait_for(met, WAIT_SECONDS), (self.tops, self.log)


@pytest.fixture
def hub(settings: Any) -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, said = hub.take(body, self.headers)
            answer = orjson.dumps(said)
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.WATERCOOLER_URL = f"http://127.0.0.1:{server.server_port}"
    announcing._sender.cache_clear()  # one that rests after another test's failure drops what it gets
    yield hub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def operation() -> Operation:
    return Operation(by=User.objects.create(username="ana"))


def make_board(operation: Operation, tasks: int) -> Board:
    board = create_board("B", operation)
    for number in range(tasks):
        add_task(board, operation, fields={"name": str(number)})
    return board


def test_a_committed_event_is_posted_by_the_web_process(hub: Hub, operation: Operation) -> None:
    board = create_board("B", operation)

    hub.wait_for(lambda: hub.log == [(board.pk, 1)])


def test_what_is_rolled_back_is_never_announced(hub: Hub, operation: Operation) -> None:
    with transaction.atomic():
        create_board("Never", operation)
        transaction.set_rollback(True)
    kept = create_board("Kept", operation)

    hub.wait_for(lambda: bool(hub.log))
    assert hub.log == [(kept.pk, 1)]


def test_the_announcer_sends_what_the_hub_missed_in_order(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    monkeypatch.setattr(announcing, "EVENTS_A_POST", 2)
    board = make_board(operation, 4)

    call_command("announce", "--once")

    assert hub.log == [(board.pk, seq) for seq in range(1, 6)]
    board.refresh_from_db()
    assert board.announced == 5


def test_what_the_hub_has_is_not_sent_again(hub: Hub, operation: Operation) -> None:
    make_board(operation, 1)
    call_command("announce", "--once")
    hub.answers = [500]

    call_command("announce", "--once")

    assert hub.answers == [500], "the announcer posted although nothing was missing"


def test_a_hub_that_lacks_earlier_events_gets_them(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub was restored to an older state than the board remembers."""
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    board = make_board(operation, 4)
    Board.objects.filter(pk=board.pk).update(announced=4)
    hub.tops[board.pk] = 1

    call_command("announce", "--once")

    assert hub.log == [(board.pk, seq) for seq in range(2, 6)]


def test_large_events_are_posted_a_few_at_a_time(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    monkeypatch.setattr(announcing, "BYTES_A_POST", 2_000)
    board = make_board(operation, 6)
    post = Mock(side_effect=announcing.post)
    monkeypatch.setattr(announcing, "post", post)

    call_command("announce", "--once")

    assert hub.log == [(board.pk, seq) for seq in range(1, 8)]
    assert post.call_count > 1


def test_a_board_whose_events_are_refused_keeps_no_other_waiting(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    make_board(operation, 1)
    second = make_board(operation, 1)
    hub.answers = [413]

    call_command("announce", "--once")

    assert hub.log == [(second.pk, 1), (second.pk, 2)]


def test_after_a_restore_the_hub_is_told_of_the_new_epoch(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    board = make_board(operation, 3)
    call_command("announce", "--once")
    epoch = board.epoch

    call_command("rewound")

    board.refresh_from_db()
    assert board.epoch != epoch
    assert list(Board.objects.filter(seq__gt=F("announced"))) == [board]


@pytest.mark.parametrize("status", [500, 503, 401])
def test_a_failing_hub_loses_nothing(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    board = make_board(operation, 2)
    hub.answers = [status]

    call_command("announce", "--once")
    assert hub.log == []

    call_command("announce", "--once")
    assert hub.log == [(board.pk, seq) for seq in range(1, 4)]


def test_a_hub_that_is_away_holds_no_change_up(operation: Operation, settings: Any) -> None:
    settings.WATERCOOLER_URL = "http://127.0.0.1:9"

    board = make_board(operation, 1)

    assert Board.objects.get(pk=board.pk).seq == 2
    with pytest.raises(announcing.HubAway, match="does not answer"):
        announcing.announce_missing([Board.objects.get(pk=board.pk)])


def test_a_hub_that_never_accepts_is_reported_instead_of_asked_for_ever(
    hub: Hub, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "announce", lambda _event: None)
    board = make_board(operation, 1)
    monkeypatch.setattr(announcing, "post", lambda events: {board.pk: events[0]["seq"] - 1})

    with pytest.raises(announcing.HubAway, match="refuses the next"):
        announcing.announce_missing([Board.objects.get(pk=board.pk)])
