"""A service with a key answers only the addresses that were signed with it."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command

import placeholder
from tests.placeholder.service import Service, ask_elsewhere, forget, get, run_python

KEY = "a key of our own"
ADDRESSES = [
    "/600x400",
    "/600x400/264653/fff.png?text=Hello",
    "/600x400.webp?text=Hello%20World&font=serif",
    "/600x400?text=caf%C3%A9",
    "/600x400&text=Hello|World",
    "/600x400&text=caf%C3%A9",
    "/600x400&text=Hello%20World",
    "/60x40?text=a%26sig=b",
    "/60x40?json",
]


def sign(address: str) -> str:
    """What `python placeholder.py sign` prints."""
    said = StringIO()
    call_command(placeholder.Sign(), address, stdout=said)
    return said.getvalue().strip()


@pytest.fixture
def signing(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The service with a key; what it decided with one is not to be remembered without."""
    monkeypatch.setattr(placeholder, "SIGNING_KEY", KEY)
    yield service
    forget()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_signed_address_is_answered_with_the_picture_that_an_unsigned_one_has(
    service: Service, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsigned = service.ask(address)
    monkeypatch.setattr(placeholder, "SIGNING_KEY", KEY)
    forget()

    signed = service.ask(sign(address))

    assert signed.status == 200, signed.headers
    assert signed.etag == unsigned.etag
    assert signed.body == unsigned.body or "json" in address


@pytest.mark.slow
def test_the_key_of_the_environment_signs_and_is_asked_for() -> None:
    """The command and the server are programs of their own."""
    done = run_python("placeholder.py", "sign", "/600x400&text=caf%C3%A9", variables={"PLACEHOLDER_KEY": KEY})
    signed = done.stdout.decode().strip()

    replies = ask_elsewhere(get(signed), get("/600x400"), PLACEHOLDER_KEY=KEY)
    (other,) = ask_elsewhere(get(signed), PLACEHOLDER_KEY="another key")

    assert [reply.status for reply in (*replies, other)] == [200, 403, 403]


def test_whatever_is_not_signed_is_refused(signing: Service) -> None:
    address = sign("/600x400/264653?text=Hello")
    path, _, query = address.partition("?")
    tampered = [
        "/600x400/264653?text=Hello",
        address.replace("600x400", "601x400"),
        address.replace("Hello", "Bye"),
        address.replace("264653", "26465"),
        address[:-1] + ("a" if address[-1] != "a" else "b"),
        address.replace("sig=", "sig=x"),
        f"{address}&radius=9",
        f"{path}/fff?{query}",
        f"{path}?sig=",
        f"{path}?sig=%C3%A9",
        address.replace("sig=", "%73ig="),
        f"{path}&{query}",
        "/nothing",
    ]

    replies = [signing.ask(address) for address in tampered]

    assert [reply.status for reply in replies] == [403] * len(tampered)
    assert {reply.headers["Cache-Control"] for reply in replies} == {"no-store"}
    assert all("sign" in reply.error and reply.form == "PNG" for reply in replies)


def test_neither_key_nor_signature_is_told_to_those_without(signing: Service) -> None:
    address = sign("/600x400")
    signature = address.rpartition("sig=")[2]

    for asked in ("/600x400", "/600x400?json", "/600x400.svg", "/"):
        reply = signing.ask(asked)
        said = f"{reply.pairs}{reply.body!r}"
        assert KEY not in said
        assert signature not in said


def test_the_place_of_the_signature_does_not_matter(signing: Service) -> None:
    path, _, query = sign("/600x400?text=Hello").partition("?")
    text, signature = query.split("&")

    replies = [signing.ask(f"{path}?{query}") for query in (f"{text}&{signature}", f"{signature}&{text}")]

    assert [reply.status for reply in replies] == [200, 200]
    assert replies[0].etag == replies[1].etag


def test_a_signed_picture_stays_private_once_it_is_kept(signing: Service) -> None:
    address = sign("/600x400")

    replies = [signing.ask(asked) for asked in (address, "/600x400", address)]

    assert [reply.status for reply in replies] == [200, 403, 200]


def test_a_description_gives_addresses_that_are_signed_too(signing: Service) -> None:
    found = signing.ask(sign("/600x400?json&text=Hello")).json()
    addresses = [found["address"], *(part.strip().split()[0] for part in found["srcset"].split(","))]

    replies = [signing.ask(address) for address in addresses]

    assert [reply.status for reply in replies] == [200] * len(addresses)
    assert replies[0].etag == replies[1].etag == found["etag"]


def test_the_health_needs_no_signature(signing: Service) -> None:
    reply = signing.ask("/health")

    assert reply.status == 200
