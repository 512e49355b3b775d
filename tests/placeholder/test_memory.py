"""A finished answer is kept and given again; what is kept has a bound."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import placeholder
from tests.placeholder.service import Service, forget


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[placeholder.Picture]:
    """Every picture that is drawn, in order."""
    seen: list[placeholder.Picture] = []
    draw = placeholder.drawn

    def noted(picture: placeholder.Picture) -> tuple[bytes, list[str]]:
        seen.append(picture)
        return draw(picture)

    monkeypatch.setattr(placeholder, "drawn", noted)
    return seen


@pytest.mark.parametrize(
    "address", ["/60x40", "/60x40.avif?text=Hi", "/60x40.svg", "/300&text=caf%C3%A9", "/300?text=é"]
)
def test_a_picture_is_drawn_once(service: Service, drawings: list[placeholder.Picture], address: str) -> None:
    path, _, query = address.encode().decode("latin-1").partition("?")
    replies = [service.ask(address) if address.isascii() else service.ask_raw(path, query) for _ in range(3)]

    assert len(drawings) == 1
    assert len({reply.body for reply in replies}) == 1


@pytest.mark.parametrize(
    ("before", "other"),
    [
        ("200x100?text=Hi", "100x50@2x?text=Hi"),
        ("400x200", "400x200?font=serif"),
        ("400x200", "400x200?text=Bye"),
        ("400x200", "400x200?size=9"),
        ("400x200", "400x200/000"),
        ("400x200", "400x199?text=400+×+200"),
    ],
)
def test_a_picture_like_one_before_is_drawn_as_if_it_were_the_first(
    service: Service, before: str, other: str
) -> None:
    """What is kept of one picture serves those that differ in colours only."""
    path, _, query = f"/{other}".encode().decode("latin-1").partition("?")
    first = service.ask_raw(path, query).body
    forget()

    service.ask(f"/{before}")

    assert service.ask_raw(path, query).body == first


@pytest.mark.parametrize("held", ['"{}"', "*"])
def test_who_holds_a_picture_costs_no_drawing(
    service: Service, drawings: list[placeholder.Picture], held: str
) -> None:
    verdict, form = placeholder.decide("/60x40", "", "contrast")
    assert isinstance(verdict, placeholder.Picture)

    reply = service.ask("/60x40", HTTP_IF_NONE_MATCH=held.format(verdict.digest()))

    assert (reply.status, form, drawings) == (304, "png", [])


def test_the_answers_to_two_paths_are_never_confused(service: Service) -> None:
    """One path's bytes are the other's letters: they must not meet in the memory."""
    twice_encoded, once = "/300&text=caf%C3%83%C2%A9", "/300&text=caf%C3%A9"
    expected = service.ask(once).body
    placeholder.ANSWERS.values.clear()

    other = service.ask(twice_encoded).body

    assert service.ask(once).body == expected != other


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_an_error_is_never_kept_as_an_answer(service: Service, method: str) -> None:
    service.ask("/nothing", method)
    service.ask("/60x40", "POST")

    assert len(placeholder.ANSWERS.values) == 0


def test_the_memory_stays_within_its_bytes(service: Service) -> None:
    for number in range(300):
        service.ask(f"/{300 + number % 50}.jpg/{number:06x}?text={number}")
    kept = placeholder.ANSWERS

    held = sum(len(answer.body[0]) for answer, _ in kept.values.values())

    assert 0 < held <= kept.weight <= kept.most == 4 << 20


def test_when_the_memory_is_full_the_oldest_unused_answer_goes(
    service: Service, monkeypatch: pytest.MonkeyPatch, drawings: list[placeholder.Picture]
) -> None:
    monkeypatch.setattr(placeholder, "ANSWERS", placeholder.Kept(24_000))
    for side in (100, 101, 102):
        service.ask(f"/{side}")

    for side in range(103, 130):
        service.ask(f"/{side}")
        service.ask("/100")

    assert placeholder.ANSWERS.weight <= 24_000
    assert [picture.width for picture in drawings].count(100) == 1
    service.ask("/101")
    assert [picture.width for picture in drawings].count(101) == 2


def test_one_answer_never_takes_most_of_the_memory() -> None:
    kept = placeholder.Kept(800)

    kept.put("small", b"1", 100)
    kept.put("large", b"2", 101)

    assert list(kept.values) == ["small"]


def test_a_value_that_is_put_again_weighs_once() -> None:
    kept = placeholder.Kept(1000)

    for weight in (100, 50, 120):
        kept.put("key", weight, weight)

    assert (kept.weight, kept.get("key")) == (120, 120)


def test_what_is_too_long_to_be_read_is_not_remembered(service: Service) -> None:
    for number in range(3):
        service.ask(f"/60x40?text={number}{'x' * 5000}")

    assert placeholder.decided.cache_info().currsize == 0


def test_threads_that_ask_at_once_all_get_their_picture(service: Service) -> None:
    addresses = [
        f"/{side}.{form}?text={side}" for side in range(60, 70) for form in ("png", "gif", "svg")
    ] * 4
    barrier = threading.Barrier(4)

    def ask(part: int) -> list[str]:
        barrier.wait()
        return [service.ask(address).etag for address in addresses[part:] + addresses[:part]]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(ask, range(0, 40, 10)))

    expected = [service.ask(address).etag for address in addresses]
    assert [
        etags[-part:] + etags[:-part] if part else etags
        for part, etags in zip(range(0, 40, 10), found, strict=True)
    ] == [expected] * 4
