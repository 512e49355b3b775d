"""Plain posts are read without Tornado's help, and whatever else comes over their connection with it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import pytest
from tornado.iostream import IOStream

from tests.watercooler.browser import PATIENCE_SECONDS
from tests.watercooler.conftest import NEVER_SECONDS, RunningHub, StartHub
from tests.watercooler.events import make_event
from tests.watercooler.patience import until
from watercooler import handlers
from watercooler.bus import Appended
from watercooler.lanes import Lane
from watercooler.messages import publish_body
from watercooler.post_reader import BODY_BYTES_AT_MOST, HEAD_BYTES_AT_MOST, PostReader, plain_fields, response

LINE = "POST /publish HTTP/1.1\r\n"
MUCH = 8 * 1024 * 1024  # bytes, more than two sockets hold
LENGTH = "Content-Length: 12\r\n"


class Wire:
    """A connection to a hub, byte by byte."""

    def __init__(self, hub: RunningHub) -> None:
        self._hub = hub

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._hub.port)

    def post(self, seq: int, *, more: str = "") -> bytes:
        """Give a post of one event."""
        body = publish_body([make_event(seq)])
        signed = "".join(f"{name}: {value}\r\n" for name, value in self._hub.keys.sign(body).items())
        head = f"{LINE}Host: x\r\n{more}Content-Length: {len(body)}\r\n{signed}\r\n"
        return head.encode() + body

    async def send(self, data: bytes) -> None:
        """Send bytes."""
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self) -> tuple[int, bytes]:
        """Read one answer: its status and its body."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2])
            body = await self._reader.readexactly(int(fields.get("content-length", "0")))
        return int(head.split(" ")[1]), body

    async def ends(self) -> bool:
        """Say that the hub has closed it, having sent nothing more."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                return await self._reader.read() == b""
            except ConnectionResetError:  # it has not read all that was sent
                return True

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()


@pytest.fixture
async def wire(hub: RunningHub) -> AsyncIterator[Wire]:
    """A connection to a hub."""
    wire = Wire(hub)
    await wire.open()
    yield wire
    await wire.close()


async def test_viewers_are_told_before_the_sender_is_answered(
    wire: Wire, hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hub.watcher(after=0)
    order: list[str] = []

    def note(owner: type, name: str, word: str) -> None:
        real = getattr(owner, name)

        def noted(*what: Any, **how: Any) -> Any:
            order.append(word)
            return real(*what, **how)

        monkeypatch.setattr(owner, name, noted)

    note(Lane, "send", "told")
    note(PostReader, "_send", "answered")

    await wire.send(wire.post(1))
    await wire.answer()

    assert order == ["told", "answered"]


async def test_posts_on_one_connection_are_answered_one_after_the_other(wire: Wire) -> None:
    for seq in (1, 2):
        await wire.send(wire.post(seq))
        assert await wire.answer() == (200, b'{"tops":{"7":%d}}' % seq)


async def test_a_plain_post_needs_no_handler(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(handlers.Publish, "post")

    await wire.send(wire.post(1))

    assert await wire.answer() == (200, b'{"tops":{"7":1}}')


async def test_posts_sent_ahead_of_their_answers_are_taken_in_order(wire: Wire) -> None:
    await wire.send(b"".join(wire.post(seq) for seq in range(1, 101)))

    assert [await wire.answer() for _ in range(100)] == [
        (200, b'{"tops":{"7":%d}}' % seq) for seq in range(1, 101)
    ]


async def test_who_posts_far_ahead_of_the_answers_is_not_read_meanwhile(
    hub: RunningHub, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One reading is taken in advance; what follows waits with its sender, and wakes nobody."""
    publish, is_taken, may_go_on = hub.hub.publish, asyncio.Event(), asyncio.Event()

    async def hold(*post: Any) -> Appended:
        is_taken.set()
        await may_go_on.wait()
        return await publish(*post)

    monkeypatch.setattr(hub.hub, "publish", hold)
    await wire.send(wire.post(1))
    await is_taken.wait()
    (reader,) = hub.service._server._post_readers
    second = wire.post(2)

    await wire.send(second)
    await until(lambda: reader._unread == second)
    await wire.send(wire.post(3))
    await until(lambda: not reader._is_listening)

    assert reader._unread == second
    may_go_on.set()
    assert [(await wire.answer())[1] for _ in range(3)] == [b'{"tops":{"7":%d}}' % seq for seq in (1, 2, 3)]


async def test_a_post_that_comes_in_pieces_is_taken_whole(wire: Wire) -> None:
    await wire.send(wire.post(1))
    await wire.answer()
    post = wire.post(2)

    for place in range(0, len(post), 40):
        await wire.send(post[place : place + 40])
        await asyncio.sleep(0)

    assert await wire.answer() == (200, b'{"tops":{"7":2}}')


async def test_a_refusal_is_answered_and_the_connection_goes_on(wire: Wire) -> None:
    await wire.send(wire.post(1).replace(b"task.changed", b"task.removed"))
    status, body = await wire.answer()
    await wire.send(wire.post(1))

    assert (status, b"No matching signature" in body) == (401, True)
    assert (await wire.answer())[0] == 200


async def test_a_post_at_which_the_hub_fails_is_the_end_of_nothing_else(
    hub: RunningHub, wire: Wire, monkeypatch: pytest.MonkeyPatch, nothing_goes_wrong_unseen: list[Any]
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(hub.hub, "publish", None)
        await wire.send(wire.post(1))
        failed = await wire.answer()
    await wire.send(wire.post(1))

    assert (failed[0], await wire.answer()) == (500, (200, b'{"tops":{"7":1}}'))
    assert [line["event"] for line in nothing_goes_wrong_unseen if line["log_level"] == "error"] == [
        "post failed"
    ]
    nothing_goes_wrong_unseen.clear()


async def test_another_request_on_the_connection_is_answered_as_ever(wire: Wire) -> None:
    await wire.send(wire.post(1) + b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" + wire.post(2))

    assert await wire.answer() == (200, b'{"tops":{"7":1}}')
    assert await wire.answer() == (200, b'{"alive":true}')
    assert await wire.answer() == (200, b'{"tops":{"7":2}}')


async def test_a_websocket_on_the_connection_of_a_post_is_opened(wire: Wire) -> None:
    """A proxy keeps connections, and sends over each whatever comes next."""
    upgrade = (
        "GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    await wire.send(wire.post(1))
    await wire.answer()

    await wire.send(upgrade.encode())

    assert (await wire.answer())[0] == HTTPStatus.SWITCHING_PROTOCOLS


async def test_a_post_in_chunks_is_taken_too(hub: RunningHub, wire: Wire) -> None:
    body = publish_body([make_event(1)])
    signed = "".join(f"{name}: {value}\r\n" for name, value in hub.keys.sign(body).items())
    head = f"{LINE}Host: x\r\nTransfer-Encoding: chunked\r\n{signed}\r\n"

    await wire.send(head.encode() + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))

    assert await wire.answer() == (200, b'{"tops":{"7":1}}')


async def test_who_asks_for_the_end_of_the_connection_gets_it(wire: Wire) -> None:
    await wire.send(wire.post(1, more="Connection: close\r\n"))

    assert (await wire.answer())[0] == 200
    assert await wire.ends()


async def test_a_long_post_is_taken_too(hub: RunningHub) -> None:
    event = make_event(1)
    event["changes"][0]["now"] = {"description": "x" * BODY_BYTES_AT_MOST}

    assert (await hub.publish([event])).code == 200


async def test_a_head_without_an_end_is_refused(wire: Wire) -> None:
    await wire.send(LINE.encode() + b"X: " + b"x" * (HEAD_BYTES_AT_MOST + 70_000))

    assert await wire.ends()


async def test_a_silent_connection_is_closed(
    hub: RunningHub, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.service._server, "_silent_seconds", 0.05)

    await wire.send(wire.post(1))

    assert (await wire.answer())[0] == 200
    assert await wire.ends()


async def test_a_hub_that_goes_down_closes_the_boards_connections(start_hub: StartHub) -> None:
    hub = await start_hub(goodbye_seconds=2 * PATIENCE_SECONDS)
    wire = Wire(hub)
    await wire.open()
    await wire.send(wire.post(1))
    await wire.answer()

    async with asyncio.timeout(PATIENCE_SECONDS):
        await hub.service.stop()

    assert await wire.ends()
    await wire.close()


async def test_an_answer_that_does_not_fit_is_sent_in_pieces(hub: RunningHub) -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    reader = PostReader(IOStream(ours), hub.hub, silent_seconds=NEVER_SECONDS)
    their_end, writer = await asyncio.open_connection(sock=theirs)

    sending = asyncio.create_task(reader._send(b"x" * MUCH))
    async with asyncio.timeout(PATIENCE_SECONDS):
        arrived = await their_end.readexactly(MUCH)
        await sending

    assert arrived == b"x" * MUCH
    writer.close()
    ours.close()


async def test_a_connection_that_ends_no_longer_counts(hub: RunningHub, wire: Wire) -> None:
    await wire.send(wire.post(1))
    await wire.answer()
    assert hub.service._server._plain == 1

    await wire.close()

    await until(lambda: hub.service._server._plain == 0)


@pytest.mark.parametrize(
    "fields",
    [
        f"Host: x\r\n{LENGTH}",
        f"host:x\r\n{LENGTH}",
        f"{LENGTH}Connection: Keep-Alive\r\n",
        f"{LENGTH}webhook-id: \t a b \r\nX-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n",
    ],
)
def test_a_plain_head_is_read(fields: str) -> None:
    read = plain_fields(f"{LINE}{fields}\r\n")

    assert read is not None
    assert read["content-length"] == "12"
    assert read.get("webhook-id", "a b") == "a b"


@pytest.mark.parametrize(
    "head",
    [
        f"POST /publish?x HTTP/1.1\r\n{LENGTH}\r\n",
        f"POST /publish HTTP/1.0\r\n{LENGTH}\r\n",
        f"PUT /publish HTTP/1.1\r\n{LENGTH}\r\n",
        f"{LINE}Host: x\r\n\r\n",
        f"{LINE}{LENGTH}{LENGTH}\r\n",
        f"{LINE}{LENGTH}content-length: 13\r\n\r\n",
        f"{LINE}Content-Length: +12\r\n\r\n",
        f"{LINE}Content-Length: ²\r\n\r\n",
        f"{LINE}Content-Length: {BODY_BYTES_AT_MOST + 1}\r\n\r\n",
        f"{LINE}{LENGTH}Transfer-Encoding: chunked\r\n\r\n",
        f"{LINE}{LENGTH}Connection: close\r\n\r\n",
        f"{LINE}{LENGTH}Expect: 100-continue\r\n\r\n",
        f"{LINE}{LENGTH}Upgrade: h2c\r\n\r\n",
        f"{LINE}{LENGTH}X: a\r\n b\r\n\r\n",
        f"{LINE}{LENGTH}X : a\r\n\r\n",
        f"{LINE}{LENGTH}X: a\0b\r\n\r\n",
        f"{LINE}{LENGTH}X: a\nY: b\r\n\r\n",
        f"{LINE}{LENGTH}no colon\r\n\r\n",
    ],
)
def test_any_other_head_is_left_to_tornado(head: str) -> None:
    assert plain_fields(head) is None


def test_an_answer_is_dated_and_measured() -> None:
    head, _, body = response(HTTPStatus.CONFLICT, b'{"have":{}}').partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 409 Conflict\r\nDate: ")
    assert (b"Content-Length: 11" in head, body) == (True, b'{"have":{}}')
