"""Who may ask without a WebSocket, and what the others are answered; both ways refuse alike."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from tornado.httpclient import AsyncHTTPClient

from tests.watercooler.browser import ORIGIN
from tests.watercooler.conftest import RunningHub
from tests.watercooler.events import make_event, make_membership, make_ticket
from tests.watercooler.listener import Stream, poll
from watercooler.connections import CONNECTIONS_A_USER
from watercooler.messages import Keys, publish_body, revoke
from watercooler.tickets import TICKET_LIFETIME

FROM_THE_START = "?after=0&e=first"
both = pytest.mark.parametrize("path", ["events", "poll"])


async def refusal(
    hub: RunningHub, path: str, *, query: str = FROM_THE_START, **options: str
) -> tuple[int, str]:
    """Ask with a good ticket, or another; return the status and the reason."""
    ticket = options.pop("ticket", make_ticket(hub.keys, user=4, now=hub.clock()))
    answer = await poll(hub.port, ticket or None, query=query, path=path, **options)
    return answer.code, orjson.loads(answer.body)["error"]


@both
async def test_without_a_ticket_the_answer_says_where_it_belongs(hub: RunningHub, path: str) -> None:
    status, why = await refusal(hub, path, ticket="")

    assert (status, why) == (401, "there is no ticket; expected the header Authorization: Bearer TICKET")


@both
async def test_a_ticket_of_other_keys_or_of_another_time_opens_nothing(hub: RunningHub, path: str) -> None:
    forged = make_ticket(Keys.random(), now=hub.clock())
    expired = make_ticket(hub.keys, now=hub.clock() - TICKET_LIFETIME - timedelta(seconds=1))

    assert (await refusal(hub, path, ticket=forged))[0] == 401
    status, why = await refusal(hub, path, ticket=expired)
    assert (status, why[:22]) == (401, "the ticket expired at ")


@both
async def test_another_sites_page_is_refused(hub: RunningHub, path: str) -> None:
    status, why = await refusal(hub, path, Origin="https://elsewhere.example")

    assert (status, why) == (403, "https://elsewhere.example is not among WATERCOOLER_ORIGINS")


@both
async def test_who_was_taken_off_the_board_or_revoked_is_refused(hub: RunningHub, path: str) -> None:
    removed = make_ticket(hub.keys, user=4, now=hub.clock())
    revoked = make_ticket(hub.keys, user=5, now=hub.clock())
    await hub.publish([make_membership(1, user=4, is_member=False)])
    body = publish_body([], [revoke(5, at=hub.clock())])
    await hub.post(body, hub.keys.sign(body))

    for ticket in (removed, revoked):
        assert await refusal(hub, path, ticket=ticket) == (403, "board 7 is no longer open to this user")


@both
async def test_a_user_has_only_so_many_connections_of_all_kinds(hub: RunningHub, path: str) -> None:
    ticket = make_ticket(hub.keys, user=4, now=hub.clock())
    sockets = [await hub.browser(user=4) for _ in range(CONNECTIONS_A_USER - 1)]
    stream = await Stream.open(hub.port, ticket, query=FROM_THE_START)

    assert await refusal(hub, path) == (429, "too many connections of one user")

    stream.vanish()
    assert sockets


@both
async def test_a_hub_that_goes_down_takes_nobody(hub: RunningHub, path: str) -> None:
    await hub.hub.drain()

    answer = await poll(hub.port, make_ticket(hub.keys), query=FROM_THE_START, path=path)

    assert (answer.code, orjson.loads(answer.body)) == (503, {"error": "draining"})
    assert answer.headers["Retry-After"].isdecimal()


@both
@pytest.mark.parametrize(
    ("query", "last", "why"),
    [
        ("?e=first", "", "after is ''; expected the seq"),
        ("?after=-1&e=first", "", "after is '-1'; expected the seq"),
        ("?after=99999999999999999&e=first", "", "after is '99999999999999999'; expected"),
        ("?after=0", "", "e is ''; expected the epoch"),
        ("?after=0&e=a%0Ab", "", r"e is 'a\nb'; expected the epoch"),
        (FROM_THE_START, "first:8:5", "Last-Event-ID is 'first:8:5'; expected EPOCH:7:SEQ"),
        (FROM_THE_START, "5", "Last-Event-ID is '5'; expected EPOCH:7:SEQ"),
        (FROM_THE_START, "first:7:x", "after is 'x'; expected the seq"),
    ],
)
async def test_a_wrong_position_is_named(hub: RunningHub, path: str, query: str, last: str, why: str) -> None:
    options = {"Last_Event_ID": last} if last else {}

    status, reason = await refusal(hub, path, query=query, **options)

    assert (status, reason[: len(why)]) == (400, why)


async def test_pages_of_ours_may_read_the_answer_and_the_refusal(hub: RunningHub) -> None:
    await hub.publish([make_event(1)])
    ticket = make_ticket(hub.keys)

    answer = await poll(hub.port, ticket, query=FROM_THE_START, Origin=ORIGIN)
    refused = await poll(hub.port, "none", query=FROM_THE_START, Origin=ORIGIN)

    for response in (answer, refused):
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert response.headers["Vary"] == "Origin"
        assert response.headers["Cache-Control"] == "no-store"


@both
async def test_a_page_may_ask_whether_it_may_send_a_ticket(hub: RunningHub, path: str) -> None:
    client = AsyncHTTPClient(force_instance=True)
    url, headers = f"http://127.0.0.1:{hub.port}/live/{path}", {"Origin": ORIGIN}

    answer = await client.fetch(url, method="OPTIONS", headers=headers)

    client.close()
    assert answer.code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Methods"] == "GET"
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Last-Event-ID"


async def test_a_stream_needs_chunks(hub: RunningHub) -> None:
    """A proxy that speaks HTTP/1.0 would hold a stream back, or garble it."""
    stream = await Stream.open(hub.port, make_ticket(hub.keys), query=FROM_THE_START, version="1.0")

    assert stream.status == 505
    stream.vanish()
