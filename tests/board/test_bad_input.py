"""Whatever is sent, the answer is a 4xx in the one error shape, nothing changes and nothing breaks."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from board.models import Board, Task
from tests.board.conftest import fresh

pytestmark = pytest.mark.django_db
MakeTask = Callable[..., Task]
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _nothing_breaks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def refused(response: Any, *statuses: int) -> Any:
    assert response.status_code in statuses, response.content
    body = response.json()
    assert {"code", "message", "fields"} <= body.keys()
    assert body["message"]
    assert all(isinstance(said, list) for said in body["fields"].values())
    return body


BODIES: dict[str, bytes] = {
    "broken JSON": b'{"name": "x',
    "NaN": b'{"name": "x", "estimate": NaN}',
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "a list": b"[]",
    "a string": b'"name"',
    "null": b"null",
    "deep nesting": b"[" * 10_000,
    "a NUL byte": json.dumps({"name": "a\0b"}).encode(),
    "an empty name": b'{"name": "   "}',
    "a long name": json.dumps({"name": "x" * 513}).encode(),
    "a megabyte": json.dumps({"name": "x" * MEGABYTE}).encode(),
    "a number as name": b'{"name": 5}',
    "an unknown field": b'{"nam": "x"}',
    "a field one cannot set": b'{"place": "a0"}',
    "a word for a number": b'{"estimate": "many"}',
    "digits in quotes": b'{"estimate": "5"}',
    "a negative estimate": b'{"estimate": -1}',
    "an endless number": b'{"estimate": 1e400}',
    "a number beyond 64 bits": b'{"column": 99999999999999999999999}',
    "an unknown column": b'{"column": 987654321}',
    "an unknown sprint": b'{"sprint": 987654321}',
    "an unknown neighbour": b'{"before": 987654321}',
    "two neighbours": b'{"before": 1, "after": 1}',
    "a date that is none": b'{"due": "2026-02-30"}',
    "a truth that is none": b'{"archived": "yes"}',
    "assignees that are no list": b'{"assignees": 5}',
    "too many assignees": json.dumps({"assignees": list(range(1, 30))}).encode(),
    "an assignee that is a list": b'{"assignees": [[1]]}',
    "another board": b'{"board": 2}',
    "a description of 65 KiB": json.dumps({"description": "é" * 33 * 1024}).encode(),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_is_wrong_is_refused_and_changes_nothing(
    api: APIClient, board: Board, make_task: MakeTask, body: bytes
) -> None:
    task = make_task()
    before = fresh(board)

    for send, path in ((api.patch, f"/api/tasks/{task.pk}"), (api.post, "/api/tasks")):
        refused(send(path, body, content_type="application/json"), 400, 413)

    assert fresh(board) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Idempotency-Key": "x" * 65},
        {"Idempotency-Key": "with space"},
        {"Idempotency-Key": ""},
        {"Idempotency-Key": "ä"},
        {"If-Match": "5"},
        {"If-Match": '"soon"'},
        {"If-Match": '"' + "9" * 30 + '"'},
    ],
    ids=str,
)
def test_a_header_that_is_wrong_is_refused(
    api: APIClient, make_task: MakeTask, headers: dict[str, str]
) -> None:
    task = make_task()

    refused(api.patch(f"/api/tasks/{task.pk}", {"name": "New"}, headers=headers), 400)
    task.refresh_from_db()
    assert task.name == "Task"


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("get", "/api/nothing", (404,)),
        ("get", "/api/tasks/987654321", (404,)),
        ("get", "/api/tasks/99999999999999999999999999", (404,)),
        ("get", "/api/tasks/abc", (404,)),
        ("get", "/api/boards/987654321/snapshot", (404,)),
        ("get", "/api/boards/99999999999999999999/events", (404,)),
        ("get", "/api/tasks?board=abc", (400,)),
        ("get", "/api/tasks?board=99999999999999999999999", (400,)),
        ("get", "/api/tasks?due_before=soon", (400,)),
        ("get", "/api/tasks?page=999", (404,)),
        ("get", "/api/tasks?kind=never", (400,)),
        ("put", "/api/tasks", (405,)),
        ("delete", "/api/boards", (405,)),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(
    api: APIClient, method: str, path: str, statuses: tuple[int, ...]
) -> None:
    refused(getattr(api, method)(path), *statuses)


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1e3", "limit=none", "after=" + "9" * 40])
def test_a_log_position_that_is_none_is_refused(api: APIClient, board: Board, query: str) -> None:
    refused(api.get(f"/api/boards/{board.pk}/events?{query}"), 400)


def test_searching_for_a_nul_byte_finds_nothing_and_breaks_nothing(api: APIClient, board: Board) -> None:
    assert api.get("/api/tasks?search=%00").status_code in (200, 400)
    assert api.get("/api/users?search=%00").status_code == 200


def test_another_content_type_is_refused(api: APIClient, board: Board) -> None:
    refused(api.post("/api/tasks", b"name=x", content_type="text/plain"), 415)


def test_a_form_of_another_site_is_refused(ana: Any, board: Board) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(ana)

    assert refused(browser.post("/api/tasks", {"board": board.pk, "name": "x"}), 403)["code"] == "forbidden"


def test_a_broken_token_is_refused(board: Board) -> None:
    for token in ("Token", "Token a b", "Token nonsense", "Token \xff", "Bearer x.y.z", "Bearer"):
        response = APIClient().get("/api/boards", headers={"Authorization": token})
        refused(response, 401)


def test_a_missing_board_is_named(api: APIClient) -> None:
    assert list(refused(api.post("/api/tasks", {"name": "x"}), 400)["fields"]) == ["board"]
    assert list(refused(api.post("/api/tasks"), 400)["fields"]) == ["board", "name"]
