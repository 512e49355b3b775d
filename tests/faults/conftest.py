"""Products that lose a program in the middle of their work, on every bus and database they can run on."""

import contextlib
import itertools
import random
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Desks
from tests.browser.people import Person, TeamBoard, add_people
from tests.browser.screen import expect_level, expect_live
from tests.faults.checker import flaws
from tests.faults.fleet import Fleet
from tests.faults.watcher import Watcher
from tests.faults.writer import Writer
from tests.services import Postgres, Redis
from tests.stack import Stack, running_stack

SEED = 20261121


@dataclass
class Scene:
    """A running product, a board of it that two people look at, and a third who will write."""

    stack: Stack
    board: TeamBoard
    watcher: Watcher
    pages: list[Page] = field(default_factory=list)

    def writer(self) -> Writer:
        """Give somebody who writes, in a thread, the same changes in every run."""
        return Writer(self.board, random.Random(SEED))

    def kill(self, *names: str) -> None:
        for name in names:
            self.stack.process(name).kill9()

    def start(self, *names: str) -> None:
        for name in names:
            self.stack.process(name).start()
        self.stack.wait_ready()

    def expect_level(self) -> None:
        """Wait until both pages and the watcher hold what the database holds, each event heard once."""
        expect_level(self.board, *self.pages)
        held = self.board.snapshot()
        self.watcher.wait_for(held["seq"], held["epoch"])
        assert flaws(self.watcher, held) == []
        for page in self.pages:
            seqs = [sign["seq"] for sign in page.evaluate("signs")]
            assert seqs == sorted(seqs)


@pytest.fixture(scope="module")
def stacks(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Stack]]:
    """Start each kind of product when it is first asked for: "sqlite", "sqlite redis", "postgres redis"."""
    running: dict[str, Stack] = {}
    with contextlib.ExitStack() as ending:

        def start(kind: str) -> Stack:
            if kind not in running:
                running[kind] = ending.enter_context(_running(kind, request))
            return running[kind]

        yield start


@pytest.fixture(scope="module")
def trios() -> Iterator[dict[str, list[Person]]]:
    """The people of each product, who keep their accounts from test to test."""
    added: dict[str, list[Person]] = {}
    yield added
    for person in itertools.chain.from_iterable(added.values()):
        person.close()


@pytest.fixture
def scene(
    kind: str,
    stacks: Callable[[str], Stack],
    trios: dict[str, list[Person]],
    chromium: Browser,
) -> Iterator[Scene]:
    """Set the scene on the `kind` of product that the test is for; whatever was killed is started again."""
    stack = stacks(kind)
    if kind not in trios:
        trios[kind] = add_people(stack, ("ana", "Ana", "Lima"), ("ben", "Ben", "Okafor"))
    ana, ben = trios[kind]
    board = TeamBoard(ana)
    board.admit(ben, "editor")
    desks = Desks(chromium, stack.board_url)
    with Watcher(board, ben) as watcher:
        scene = Scene(stack, board, watcher, [_opened(desks, person, board) for person in (ana, ben)])
        yield scene
    for name in ("web", "hub", "announce"):
        if not stack.process(name).is_running():
            scene.start(name)
    desks.tidy()


@pytest.fixture
async def fleet(redis: Redis, tmp_path: Path) -> AsyncIterator[Fleet]:
    """Hubs to be started on an empty Redis; whatever the test kills is its own, but Redis is up after it."""
    redis.restart()
    async with Fleet(tmp_path, redis_url=redis.url, seed=SEED) as fleet:
        yield fleet
    if not redis.is_running():
        redis.start()


def _opened(desks: Desks, person: Person, board: TeamBoard) -> Page:
    page = desks.context(storage_state=person.session).new_page()
    page.goto(f"/boards/{board.id}/")
    expect_live(page)
    page.evaluate("window.opened = true")
    return page


@contextlib.contextmanager
def _running(kind: str, request: pytest.FixtureRequest) -> Iterator[Stack]:
    variables: dict[str, Any] = {}
    if "redis" in kind:
        redis: Redis = request.getfixturevalue("redis")
        variables["REDIS_URL"] = redis.make_database()
    if "postgres" in kind:
        postgres: Postgres = request.getfixturevalue("postgres")
        variables["database"] = postgres.make_database("faults")
    with running_stack(**variables) as stack:
        yield stack
