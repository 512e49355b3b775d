"""Every answer keeps to HTTP: methods, conditions, headers, and what caches may make of them."""

from collections.abc import Callable
from typing import Any

import pytest

import placeholder
from tests.placeholder.service import Reply, Service, forget

FORMS = ("png", "jpg", "gif", "webp", "avif", "svg", "json")
FOR_EVER = "public, max-age=31536000, immutable"
ADDRESS = "/60x40/09f.png?text=Hi"

Ask = Callable[..., Reply]


def from_django(service: Service, address: str, *words: Any, **headers: str) -> Reply:
    """What a request gets that is the first of its kind."""
    forget()
    return service.ask(address, *words, **headers)


def from_memory(service: Service, address: str, *words: Any, **headers: str) -> Reply:
    """What the same request gets once the picture is kept."""
    forget()
    service.ask(address)
    return service.ask(address, *words, **headers)


either_way = pytest.mark.parametrize("asked", [from_django, from_memory])


@either_way
@pytest.mark.parametrize("form", FORMS)
def test_an_answer_may_be_kept_for_ever_and_used_by_any_page(service: Service, asked: Ask, form: str) -> None:
    reply = asked(service, f"/60x40.{form}")

    assert reply.status == 200
    assert reply.headers["Cache-Control"] == FOR_EVER
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Length"] == str(len(reply.body))
    assert "Set-Cookie" not in reply.headers
    assert "Vary" not in reply.headers


@either_way
@pytest.mark.parametrize("form", FORMS)
def test_the_etag_is_strong_and_stays_the_same(service: Service, asked: Ask, form: str) -> None:
    reply = asked(service, f"/60x40.{form}")

    assert reply.etag[0] == reply.etag[-1] == '"'
    assert asked(service, f"/60x40.{form}").etag == reply.etag
    assert asked(service, f"/61x40.{form}").etag != reply.etag


@either_way
def test_a_drawing_cannot_run_scripts_where_it_is_opened_by_itself(service: Service, asked: Ask) -> None:
    policy = asked(service, "/60x40.svg").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "sandbox" in policy


@pytest.mark.parametrize(
    "address", [ADDRESS, "/60x40.svg", "/60x40?json", "/60x40?text=a%F3%B0%80%80", "/300&text=caf%C3%A9"]
)
@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"HTTP_IF_NONE_MATCH": "*"}),
        ("GET", {"HTTP_IF_MATCH": "*"}),
        ("GET", {"HTTP_IF_UNMODIFIED_SINCE": "Sat, 29 Oct 1994 19:43:31 GMT"}),
        ("GET", {"HTTP_IF_MODIFIED_SINCE": "Sat, 29 Oct 2094 19:43:31 GMT"}),
        ("GET", {"HTTP_RANGE": "bytes=0-9"}),
        ("POST", {}),
        ("OPTIONS", {}),
    ],
)
def test_memory_answers_as_django_does(
    service: Service, address: str, method: str, headers: dict[str, str]
) -> None:
    fresh = from_django(service, address, method, **headers)

    kept = from_memory(service, address, method, **headers)

    assert (kept.status, sorted(kept.pairs), kept.body) == (fresh.status, sorted(fresh.pairs), fresh.body)


@either_way
@pytest.mark.parametrize("form", FORMS)
def test_head_says_what_get_would_without_a_body(service: Service, asked: Ask, form: str) -> None:
    address = f"/60x40.{form}"
    got = asked(service, address)

    head = asked(service, address, "HEAD")

    assert (head.status, head.pairs, head.body) == (200, got.pairs, b"")


@either_way
@pytest.mark.parametrize("held", ["{}", "W/{}", '"other", {}', '"a",W/"b",W/{}', "*", " * ", '{}, "other"'])
def test_who_holds_the_picture_is_told_so_without_it(service: Service, asked: Ask, held: str) -> None:
    etag = service.ask(ADDRESS).etag

    reply = asked(service, ADDRESS, HTTP_IF_NONE_MATCH=held.format(etag))

    assert (reply.status, reply.body, reply.etag) == (304, b"", etag)
    assert reply.headers["Cache-Control"] == FOR_EVER
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Type" not in reply.headers


@either_way
@pytest.mark.parametrize("held", ['"other"', 'W/"other"', "other", "{0}x", "{0}", "", ",", '"'])
def test_who_holds_another_picture_gets_this_one(service: Service, asked: Ask, held: str) -> None:
    etag = service.ask(ADDRESS).etag

    reply = asked(service, ADDRESS, HTTP_IF_NONE_MATCH=held.format(etag.strip('"')))

    assert (reply.status, reply.etag) == (200, etag)
    assert len(reply.body) > 0


@pytest.mark.parametrize("address", ["/99999x1", "/60x40/zzz", "/60x40?font=nope", "/nothing"])
@pytest.mark.parametrize("held", ["*", '"x"'])
def test_what_cannot_be_drawn_is_never_unchanged(service: Service, address: str, held: str) -> None:
    refused = service.ask(address)

    reply = service.ask(address, HTTP_IF_NONE_MATCH=held)

    assert (reply.status, reply.body) == (refused.status, refused.body)
    assert reply.status in (400, 404)


@either_way
def test_a_picture_has_no_date_so_conditions_on_dates_do_not_count(service: Service, asked: Ask) -> None:
    """RFC 9110, 13.1.3 and 13.1.4."""
    past, future = "Sat, 29 Oct 1994 19:43:31 GMT", "Sat, 29 Oct 2094 19:43:31 GMT"

    replies = [asked(service, ADDRESS, HTTP_IF_MODIFIED_SINCE=future)]
    replies += [asked(service, ADDRESS, HTTP_IF_UNMODIFIED_SINCE=date) for date in (past, future)]

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert "Last-Modified" not in replies[0].headers


@either_way
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_condition_on_another_picture_fails_and_the_failure_is_not_kept(
    service: Service, asked: Ask, method: str
) -> None:
    reply = asked(service, ADDRESS, method, HTTP_IF_MATCH='"other"')

    assert reply.status == 412
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@either_way
@pytest.mark.parametrize("match", ["{}", "*", '"other", {}'])
def test_a_condition_on_this_picture_holds(service: Service, asked: Ask, match: str) -> None:
    etag = service.ask(ADDRESS).etag

    assert asked(service, ADDRESS, HTTP_IF_MATCH=match.format(etag)).status == 200


@either_way
def test_another_page_may_ask_first(service: Service, asked: Ask) -> None:
    reply = asked(service, ADDRESS, "OPTIONS", HTTP_ORIGIN="https://elsewhere.example")

    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in reply.headers["Access-Control-Allow-Methods"]
    assert reply.headers["Allow"] == "GET, HEAD, OPTIONS"


@either_way
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_method_that_changes_things_is_refused_by_a_picture(
    service: Service, asked: Ask, method: str
) -> None:
    reply = asked(service, ADDRESS, method)

    assert reply.status == 405
    assert reply.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert reply.headers["Cache-Control"] == "no-store"
    assert method in reply.error
    assert reply.form == "PNG"


@pytest.mark.parametrize("host", ["localhost", "evil.example", "a.b:99", "[::1]:8002", "not a host", ""])
@pytest.mark.parametrize("address", [ADDRESS, "/60x40?json", "/60x40.svg", "/nothing"])
def test_no_answer_depends_on_the_name_of_the_host(service: Service, address: str, host: str) -> None:
    expected = from_django(service, address, HTTP_HOST="placeholder.example")

    reply = from_django(service, address, HTTP_HOST=host)

    assert (reply.status, reply.pairs, reply.body) == (expected.status, expected.pairs, expected.body)


def test_the_health_is_never_kept(service: Service) -> None:
    reply = service.ask("/health")

    assert (reply.status, reply.body, reply.headers["Cache-Control"]) == (200, b"ok\n", "no-store")


def test_the_front_page_admits_only_its_own_scripts_and_styles(service: Service) -> None:
    reply = service.ask("/")

    assert reply.status == 200
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert str(placeholder.MOST_SIDE) in reply.body.decode()
