"""A publisher may be killed after any step: visitors see one whole release, the next publish cleans up."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.sitebuilder.publishing import FIRST, SECOND, Built, Publisher, tree

pytestmark = pytest.mark.slow
THIRD: Built = {"index.html": "three", "static/app.css": "blue", "static/deep/er/a.js": "1"}
STEPS_OF_THE_LONGEST_PUBLISH = 16


def test_a_publish_killed_at_any_step_shows_the_old_release_or_the_new_one(tmp_path: Path) -> None:
    step = 0
    shown = []
    while True:
        publisher = Publisher(tmp_path / str(step), {"to": "folder", "path": "../www", "keep": 1})
        www = tmp_path / str(step) / "www"
        publisher.publish(FIRST)
        publisher.build(SECOND)

        killed = publisher.killed_at(step)

        assert len(publisher.target.releases()) <= 2
        assert publisher.target.releases()[0].id == publisher.target.live()
        shown.append(tree(www / "current"))
        again = publisher.publish()
        assert again.switched == (shown[-1] == FIRST), "what was live already is not made live again"
        assert tree(www / "current") == SECOND
        assert names(www) == {"current", "publish.lock", "publish.log", "releases"}
        assert len(list((www / "releases").iterdir())) == 2, "one release and its manifest"
        if not killed:
            break
        step += 1
    switched = shown.index(dict(SECOND))
    assert shown == [dict(FIRST)] * switched + [dict(SECOND)] * (len(shown) - switched)
    assert step >= 10


def test_a_rollback_killed_at_any_step_leaves_one_of_both(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, {"to": "folder", "path": "../www"})
    first = publisher.publish(FIRST).release.id
    step = 0
    while True:
        publisher.publish(SECOND)
        killed = publisher.killed_at(step, rolling_back=first)
        assert tree(tmp_path / "www/current") in (FIRST, SECOND)
        if not killed:
            break
        step += 1
    assert tree(tmp_path / "www/current") == FIRST
    assert step == 3


def names(www: Path) -> set[str]:
    return {path.name for path in www.iterdir()}


class Publishing(RuleBasedStateMachine):
    """Publish, roll back and die in any order: what is live is always what was asked for last."""

    builds = st.sampled_from([FIRST, SECOND, THIRD])

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="publishing-")
        root = Path(self.folder.name)
        self.publisher = Publisher(root, {"to": "folder", "path": "../www", "keep": 2})
        self.www = root / "www"
        self.content: dict[str, Built] = {}  # of every release that was ever live
        self.possible: list[Built] = [{}]  # one of these is live

    def teardown(self) -> None:
        self.folder.cleanup()

    @rule(built=builds)
    def publish(self, built: Built) -> None:
        outcome = self.publisher.publish(built)
        self.content[outcome.release.id] = built
        self.possible = [built]

    @rule(built=builds, step=st.integers(0, STEPS_OF_THE_LONGEST_PUBLISH))
    def publish_and_die(self, built: Built, step: int) -> None:
        self.publisher.build(built)
        self.publisher.killed_at(step)
        self.possible = [*self.possible, built]
        if live := self.publisher.target.live():
            self.content.setdefault(live, built)

    @rule(pick=st.integers(0, 5))
    def roll_back(self, pick: int) -> None:
        releases = self.publisher.target.releases()
        if not releases:
            return
        wanted = releases[pick % len(releases)].id
        self.publisher.roll_back(wanted)
        self.possible = [self.content[wanted]]

    @invariant()
    def one_whole_release_is_live(self) -> None:
        current = self.www / "current"
        shown = tree(current) if current.exists() else {}
        assert shown in self.possible
        self.possible = [shown]

    @invariant()
    def every_release_holds_what_it_was_made_of(self) -> None:
        """And was live: no other may be rolled back to."""
        for release in self.publisher.target.releases():
            assert tree(self.www / "releases" / release.id) == self.content[release.id]

    @invariant()
    def the_log_ends_with_what_is_live(self) -> None:
        if log := self.publisher.target.log():
            assert log[-1].now == self.publisher.target.live()


Publishing.TestCase.settings = settings(max_examples=15, stateful_step_count=8, deadline=None)
TestPublishing = Publishing.TestCase
