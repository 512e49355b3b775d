"""What the viewers of a board are told of each other, step by step."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from watercooler.presence import LISTED_AT_MOST, Change, Presence
from watercooler.room import Delivery

ANA, BO, CY = (3, "Ana"), (4, "Bo"), (5, "Cy")


def frames_of(deliveries: list[Delivery[str]]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Give who hears what."""
    assert all(delivery.ephemeral for delivery in deliveries)
    return [(delivery.to, orjson.loads(frame)) for delivery in deliveries for frame in delivery.frames]


def listed(*people: tuple[int, str]) -> list[dict[str, Any]]:
    """Give people as frames name them."""
    return [{"u": user, "name": name} for user, name in people]


@pytest.fixture
def presence() -> Presence[str]:
    """A board that Ana looks at, of which the bus knows nobody."""
    presence: Presence[str] = Presence(7)
    presence.read({})
    presence.come("ana's", *ANA)
    presence.greet()
    presence.announce()
    return presence


def test_who_comes_is_told_everybody_and_itself(presence: Presence[str]) -> None:
    presence.come("bo's", *BO)

    assert frames_of(presence.greet()) == [(("bo's",), {"t": "here", "b": 7, "all": listed(ANA, BO)})]


def test_each_is_told_what_is_new_to_it_when_it_is_time(presence: Presence[str]) -> None:
    presence.come("bo's", *BO)
    presence.greet()
    presence.come("cy's", *CY)
    presence.greet()
    presence.go("bo's")

    assert frames_of(presence.tell()) == [
        (("ana's",), {"t": "here", "b": 7, "in": listed(CY)}),
        (("cy's",), {"t": "here", "b": 7, "out": [BO[0]]}),
    ]
    assert presence.tell() == []


def test_who_leaves_and_comes_back_in_between_is_not_mentioned(presence: Presence[str]) -> None:
    presence.come("bo's", *BO)
    presence.tell()

    presence.go("bo's")
    presence.come("bo's again", *BO)

    assert frames_of(presence.tell()) == [(("bo's again",), {"t": "here", "b": 7, "all": listed(ANA, BO)})]
    assert presence.announce() == Change({BO[0]: BO[1]}, frozenset()), "only the bus had not heard of Bo yet"


def test_somebody_with_two_pages_is_here_once_until_the_last_is_closed(presence: Presence[str]) -> None:
    presence.come("ana's other", *ANA)
    assert not presence.announce()

    presence.go("ana's")
    assert not presence.announce()

    presence.go("ana's other")
    assert presence.announce() == Change({}, frozenset({ANA[0]}))
    assert presence.is_over()


def test_a_second_page_of_somebody_is_news_to_itself_only(presence: Presence[str]) -> None:
    presence.come("ana's other", *ANA)
    assert presence.is_news()

    assert frames_of(presence.tell()) == [(("ana's other",), {"t": "here", "b": 7, "all": listed(ANA)})]
    assert not presence.is_news()


def test_nobody_is_told_a_list_before_the_bus_has_been_asked() -> None:
    presence: Presence[str] = Presence(7)
    presence.come("ana's", *ANA)
    assert presence.greet() == []
    assert presence.tell() == []

    presence.read(dict([BO]))

    assert frames_of(presence.greet()) == [(("ana's",), {"t": "here", "b": 7, "all": listed(ANA, BO)})]


def test_people_of_other_processes_come_and_go_as_those_say(presence: Presence[str]) -> None:
    assert presence.hear(Change(dict([BO]), frozenset())) == {}
    assert frames_of(presence.tell()) == [(("ana's",), {"t": "here", "b": 7, "in": listed(BO)})]

    presence.hear(Change({}, frozenset({BO[0]})))
    assert frames_of(presence.tell()) == [(("ana's",), {"t": "here", "b": 7, "out": [BO[0]]})]


def test_who_left_another_process_and_is_here_is_contradicted(presence: Presence[str]) -> None:
    assert presence.hear(Change({}, frozenset({ANA[0], BO[0]}))) == dict([ANA])
    assert not presence.is_news()


def test_what_is_heard_while_the_bus_is_asked_is_newer_than_its_answer(presence: Presence[str]) -> None:
    presence.hear(Change(dict([BO]), frozenset()))

    presence.ask()
    presence.hear(Change(dict([CY]), frozenset({BO[0]})))
    presence.read(dict([ANA, BO]))

    assert frames_of(presence.tell()) == [(("ana's",), {"t": "here", "b": 7, "in": listed(CY)})]


def test_what_was_heard_before_the_bus_was_asked_is_older_than_its_answer(presence: Presence[str]) -> None:
    """A process that was killed says nothing; only the bus knows."""
    presence.hear(Change(dict([BO]), frozenset()))

    presence.ask()
    presence.read(dict([ANA]))

    assert not presence.is_news()


def test_a_new_name_is_told(presence: Presence[str]) -> None:
    presence.hear(Change(dict([BO]), frozenset()))
    presence.tell()

    presence.hear(Change({BO[0]: "Beau"}, frozenset()))

    assert frames_of(presence.tell()) == [(("ana's",), {"t": "here", "b": 7, "in": listed((BO[0], "Beau"))})]


def test_who_may_have_lost_something_is_told_everybody_again(presence: Presence[str]) -> None:
    presence.come("bo's", *BO)
    presence.tell()

    presence.forget_told(["ana's"])

    assert frames_of(presence.greet()) == [(("ana's",), {"t": "here", "b": 7, "all": listed(ANA, BO)})]


def test_of_a_crowd_the_lowest_numbers_are_listed_and_the_rest_is_counted(presence: Presence[str]) -> None:
    crowd = {user: f"Person {user}" for user in range(10, LISTED_AT_MOST + 10)}
    presence.hear(Change(crowd, frozenset()))
    presence.tell()

    presence.forget_told(["ana's"])
    ((_, everybody),) = frames_of(presence.greet())
    presence.hear(Change(dict([BO]), frozenset()))
    ((_, change),) = frames_of(presence.tell())
    presence.hear(Change({}, frozenset({LISTED_AT_MOST + 9})))
    ((_, count),) = frames_of(presence.tell())

    assert len(everybody["all"]) == LISTED_AT_MOST
    assert everybody["more"] == 1
    assert change == {"t": "here", "b": 7, "in": listed(BO), "out": [LISTED_AT_MOST + 8], "more": 2}
    assert count == {"t": "here", "b": 7, "more": 1}
