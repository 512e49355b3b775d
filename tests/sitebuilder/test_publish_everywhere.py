"""What holds at every kind of stage, each of them a real one."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sitebuilder.errors import SiteError
from sitebuilder.publishing.publishing import difference, publish
from tests.sitebuilder import places
from tests.sitebuilder.places import Place
from tests.sitebuilder.publishing import FIRST, SECOND, Built

KINDS = {
    "folder": places.folder,
    "git": places.git_branch,
    "git with a remote": places.git_remote,
    "rsync": places.rsync,
}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    with places.s3_server() as endpoint:
        yield endpoint


@pytest.fixture(params=[*KINDS, "s3"])
def make(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Place]:
    """Make places of one kind, each in a folder of its own."""
    if request.param != "s3":
        return lambda name: KINDS[request.param](tmp_path / name)
    endpoint = request.getfixturevalue("s3_server")
    for name, value in places.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return lambda name: places.s3(tmp_path / name, endpoint)


@pytest.fixture
def place(make: Callable[[str], Place], tmp_path: Path) -> Place:
    (tmp_path / "place").mkdir()
    return make("place")


def test_visitors_get_what_was_published_last(place: Place) -> None:
    assert place.visited() == {}
    place.publisher.publish(FIRST)
    assert place.visited() == FIRST
    place.publisher.publish(SECOND)
    assert place.visited() == SECOND


def test_publishing_the_same_again_makes_no_release(place: Place) -> None:
    first = place.publisher.publish(FIRST)
    again = place.publisher.publish(FIRST)

    assert (again.switched, again.release.id) == (False, first.release.id)
    assert len(place.publisher.target.releases()) == 1


def test_a_rollback_brings_the_release_before_and_forward_again(place: Place) -> None:
    first, second = place.publisher.publish(FIRST), place.publisher.publish(SECOND)

    back = place.publisher.roll_back()
    assert place.visited() == FIRST
    assert (back.release.id, back.was) == (first.release.id, second.release.id)
    assert back.changes.added == ("about/index.html",)
    assert place.publisher.target.live() == first.release.id

    place.publisher.roll_back(second.release.id[-6:])
    assert place.visited() == SECOND


def test_after_a_rollback_the_next_release_is_the_newest(place: Place) -> None:
    first, second = place.publisher.publish(FIRST).release.id, place.publisher.publish(SECOND).release.id
    place.publisher.roll_back()
    third = place.publisher.publish(THIRD).release.id

    assert place.visited() == THIRD
    assert [release.id for release in place.publisher.target.releases()] == [third, second, first]


def test_a_release_tells_who_when_which_pages_and_how_many_other_files(place: Place) -> None:
    first = place.publisher.publish(FIRST).release
    made = place.publisher.publish(SECOND).release

    newest, oldest = place.publisher.target.releases()
    assert (newest.id, newest.by, newest.at, newest.pages) == (made.id, made.by, made.at, made.pages)
    assert (oldest.others, newest.others) == (first.others, made.others) == (1, 0)
    assert oldest.pages.added == first.pages.added == ("about/index.html", "index.html")
    assert newest.number > oldest.number


def test_the_log_tells_every_switch(place: Place) -> None:
    first, second = place.publisher.publish(FIRST).release.id, place.publisher.publish(SECOND).release.id
    place.publisher.roll_back()

    told = [(switch.how, switch.was, switch.now) for switch in place.publisher.target.log()]
    assert told == [("publish", "", first), ("publish", first, second), ("rollback", second, first)]


def test_a_stage_where_nothing_was_published_is_empty(place: Place) -> None:
    place.publisher.build(FIRST)
    target = place.publisher.target

    assert (target.live(), target.releases(), target.log()) == ("", [], [])
    assert difference(place.publisher.site, target).added == tuple(sorted(FIRST))


def test_two_publishers_at_once_do_not_meet(place: Place) -> None:
    place.publisher.publish(FIRST)
    place.publisher.build(SECOND)
    refused = []

    def publish_too(step: str) -> None:
        if step == "swept":
            with pytest.raises(SiteError, match=rf"process {os.getpid()}, since 20.* is publishing") as error:
                place.publisher.publish()
            refused.append(error)

    publish(place.publisher.site, place.publisher.target, step=publish_too)

    assert place.visited() == SECOND
    assert len(refused) == 1


def test_a_publish_killed_at_any_step_is_made_good_by_the_next(
    make: Callable[[str], Place], tmp_path: Path
) -> None:
    step, killed = 0, True
    while killed:
        (tmp_path / str(step)).mkdir()
        place = make(str(step))
        place.publisher.publish(FIRST)
        place.publisher.build(SECOND)

        killed = place.publisher.killed_at(step)

        found = place.visited()
        again = place.publisher.publish()
        if place.switches_at_once:
            assert found in (FIRST, SECOND)
            assert again.switched == (found == FIRST), "what was live already is not made live again"
        assert place.visited() == SECOND
        assert len(place.publisher.target.releases()) == 2
        step += 1
    assert step > 5


ODD: Built = {
    "index.html": "one\r\ntwo\r\n",
    "ein Ort/größe.html": "ä",
    '"quoted".html': "q",
    ".well-known/x.txt": "y",
    "a&b=c?.html": "z",
    "- dash/$HOME `x`.html": "shell",
}


def test_odd_names_and_line_ends_arrive_as_they_are(place: Place) -> None:
    place.publisher.publish(ODD)
    place.publisher.publish({**ODD, "index.html": "one"})
    place.publisher.roll_back()

    assert place.publisher.target.shown().keys() == ODD.keys()
    assert not difference(place.publisher.site, place.publisher.target).added
    assert difference(place.publisher.site, place.publisher.target).changed == ("index.html",)


THIRD: Built = {"index.html": "three"}
