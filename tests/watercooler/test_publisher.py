"""What any program's publisher does: post, try again, and fill in what the hub lacks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

import orjson
import pytest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from tests.watercooler.conftest import RunningHub
from tests.watercooler.events import make_event, make_events
from watercooler import publisher as publisher_module
from watercooler.frames import Close
from watercooler.messages import Event, Keys, parse_publish, revoke
from watercooler.publisher import HubAway, HubRefused, Publisher, batches

NOTHING: dict[str, Any] = {}


class ScriptedHub:
    """Answers as told, then takes everything; it keeps how many events each post had."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self.taken: list[int] = []
        self.posts = 0

    def take(self, body: bytes, headers: Any) -> tuple[int, dict[str, Any]]:
        self.posts += 1
        self.keys.verify(body, headers)
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(len(parse_publish(body).events))
        return 200, NOTHING


class Posting(RequestHandler):
    """POST /publish."""

    def initialize(self, hub: ScriptedHub) -> None:
        self.hub = hub

    def post(self) -> None:
        status, answer = self.hub.take(self.request.body, self.request.headers)
        self.set_status(status)
        self.finish(orjson.dumps(answer))


@pytest.fixture
async def scripted(keys: Keys) -> AsyncIterator[tuple[ScriptedHub, str]]:
    """A hub that a test tells what to answer, below a path, and its address."""
    hub = ScriptedHub(keys)
    server = HTTPServer(Application([("/live/publish", Posting, {"hub": hub})], log_function=lambda _: None))
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    yield hub, f"http://127.0.0.1:{sockets[0].getsockname()[1]}/live/"
    server.stop()
    await server.close_all_connections()


@pytest.fixture
def make_publisher(keys: Keys) -> Iterator[Callable[..., Publisher]]:
    made: list[Publisher] = []

    def make(url: str, **options: Any) -> Publisher:
        made.append(Publisher(url, keys, **{"patience": (0.01, 0.01), **options}))
        return made[-1]

    yield make
    for publisher in made:
        publisher.close()


def at(hub: RunningHub) -> str:
    return f"http://127.0.0.1:{hub.port}"


async def test_events_reach_the_viewers_and_the_last_seq_of_each_board_is_returned(
    hub: RunningHub, make_publisher: Callable[..., Publisher]
) -> None:
    watcher = await hub.watcher(after=0)

    tops = await make_publisher(at(hub)).publish_async([*make_events(1, 3), make_event(5, board=8)])

    assert tops == {7: 3, 8: 5}
    assert await watcher.hear_events(3) == [1, 2, 3]


async def test_many_threads_may_share_one_publisher(
    hub: RunningHub, make_publisher: Callable[..., Publisher]
) -> None:
    publisher = make_publisher(at(hub))

    tops = await asyncio.gather(
        *(asyncio.to_thread(publisher.publish, make_events(1, 3, board=board)) for board in range(1, 21))
    )

    assert tops == [{board: 3} for board in range(1, 21)]


async def test_controls_travel_as_events_do(
    hub: RunningHub, make_publisher: Callable[..., Publisher]
) -> None:
    watcher = await hub.watcher(after=0)

    assert await make_publisher(at(hub)).publish_async(controls=[revoke(3)]) == {}

    assert await watcher.hear_close() == Close.REVOKED


async def test_a_hub_that_lacks_earlier_events_is_sent_them_first(
    hub: RunningHub, make_publisher: Callable[..., Publisher]
) -> None:
    log, asked = make_events(1, 250), []

    def missing(board: int, after: int) -> Iterable[Event]:
        asked.append((board, after))
        return log[after:]

    publisher = make_publisher(at(hub), missing=missing)
    await publisher.publish_async(log[:2])

    assert await publisher.publish_async(log[200:210]) == {7: 250}

    assert asked == [(7, 2)]
    assert orjson.loads((await hub.publish([log[-1]])).body) == {"tops": {"7": 250}}


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        (None, "the hub lacks what follows event 2 of board 7, and no log gives it"),
        (lambda board, after: [], "the hub lacks what follows event 2 of board 7, and no log gives it"),
        (
            lambda board, after: make_events(after + 2, after + 4),
            "refuses 4 as the next; expected `missing`",
        ),
    ],
)
async def test_a_gap_that_the_log_does_not_fill_is_an_error_that_says_so(
    hub: RunningHub, make_publisher: Callable[..., Publisher], missing: Any, reason: str
) -> None:
    publisher = make_publisher(at(hub), missing=missing)
    await publisher.publish_async(make_events(1, 2))

    with pytest.raises(HubRefused, match=reason):
        await publisher.publish_async([make_event(5)])


@pytest.mark.parametrize("status", [502, 503, 504, 429])
async def test_a_hub_that_is_away_is_tried_again(
    scripted: tuple[ScriptedHub, str], make_publisher: Callable[..., Publisher], status: int
) -> None:
    hub, url = scripted
    hub.answers = [(status, NOTHING)] * 2

    await make_publisher(url).publish_async([make_event(1)])

    assert (hub.posts, hub.taken) == (3, [1])


async def test_a_hub_that_stays_away_is_given_up_after_the_last_try(
    scripted: tuple[ScriptedHub, str], make_publisher: Callable[..., Publisher]
) -> None:
    hub, url = scripted
    hub.answers = [(503, {"error": "Redis is away"})] * 9

    with pytest.raises(HubAway, match=r"answered 503: .*Redis is away"):
        await make_publisher(url).publish_async([make_event(1)])

    assert hub.posts == 3


async def test_what_the_hub_refuses_is_not_repeated(
    scripted: tuple[ScriptedHub, str], make_publisher: Callable[..., Publisher]
) -> None:
    hub, url = scripted
    hub.answers = [(401, {"error": "check the clocks"})]

    with pytest.raises(HubRefused, match=r"answered 401: .*check the clocks"):
        await make_publisher(url).publish_async([make_event(1)])

    assert hub.posts == 1


@pytest.mark.parametrize("answer", [NOTHING, {"have": {}}, {"have": {"7": "2"}}, {"have": [7]}])
async def test_a_conflict_that_names_no_board_is_an_error(
    scripted: tuple[ScriptedHub, str], make_publisher: Callable[..., Publisher], answer: dict[str, Any]
) -> None:
    hub, url = scripted
    hub.answers = [(409, answer)]

    with pytest.raises(HubRefused, match=r"the hub answered 409 with .*; expected"):
        await make_publisher(url).publish_async([make_event(1)])


async def test_a_long_log_is_sent_in_several_posts(
    scripted: tuple[ScriptedHub, str], make_publisher: Callable[..., Publisher]
) -> None:
    hub, url = scripted

    await make_publisher(url).publish_async(iter(make_events(1, 250)))

    assert hub.taken == [100, 100, 50]


async def test_after_a_failure_only_what_was_not_taken_is_posted_again(
    scripted: tuple[ScriptedHub, str],
    make_publisher: Callable[..., Publisher],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publisher_module, "EVENTS_A_POST", 2)
    hub, url = scripted
    hub.answers = [(200, NOTHING), (503, NOTHING)]

    await make_publisher(url).publish_async(make_events(1, 5))

    assert (hub.posts, hub.taken) == (4, [2, 1])


def test_nobody_there_is_said_with_the_address(make_publisher: Callable[..., Publisher]) -> None:
    with pytest.raises(HubAway, match=r"the hub at http://127\.0\.0\.1:9 does not answer"):
        make_publisher("http://127.0.0.1:9", patience=()).publish([make_event(1)])


def test_events_are_cut_by_count_and_by_size_and_a_large_one_goes_alone() -> None:
    lengths = [10, 10, 10, 500, 10]
    events = [{"text": "x" * length} for length in lengths]

    parts = [[len(event["text"]) for event in part] for part in batches(events, size=100, count=2)]

    assert parts == [[10, 10], [10], [500], [10]]
    assert list(batches([], size=100, count=2)) == []
