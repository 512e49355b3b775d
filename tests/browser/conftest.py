"""A running product for all these tests, people with boards on it, and pages whose console stays silent."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.people import Person, TeamBoard, add_people
from tests.browser.screen import KEEP_SIGNS, PATIENCE_MS, expect_live, is_fault
from tests.diary import Diary
from tests.stack import Stack, running_stack

PEOPLE = (("ana", "Ana", "Lima"), ("ben", "Ben", "Okafor"), ("vera", "Vera", "Novak"), ("sam", "Sam", "Roe"))

expect.set_options(timeout=PATIENCE_MS)


class See(Protocol):
    """Open a board as one person, in a browser of that person's own."""

    def __call__(self, person: Person, board: TeamBoard, **options: Any) -> Page: ...


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One product for the tests of this folder: each makes a board of its own."""
    with running_stack() as stack:
        yield stack


@pytest.fixture(scope="session")
def people(stack: Stack) -> Iterator[dict[str, Person]]:
    added = {person.username: person for person in add_people(stack, *PEOPLE)}
    yield added
    for person in added.values():
        person.close()


@pytest.fixture
def ana(people: dict[str, Person]) -> Person:
    """The admin of every board."""
    return people["ana"]


@pytest.fixture
def ben(people: dict[str, Person]) -> Person:
    """An editor."""
    return people["ben"]


@pytest.fixture
def vera(people: dict[str, Person]) -> Person:
    """A viewer."""
    return people["vera"]


@pytest.fixture
def sam(people: dict[str, Person]) -> Person:
    """A member of no board."""
    return people["sam"]


@pytest.fixture
def board(ana: Person, ben: Person, vera: Person) -> TeamBoard:
    made = TeamBoard(ana)
    made.admit(ben, "editor")
    made.admit(vera, "viewer")
    return made


class Desks:
    """The browsers of one module: a person's is kept, so that its cache is warm, with a page a test."""

    def __init__(self, chromium: Browser, base_url: str) -> None:
        self._chromium, self._base_url = chromium, base_url
        self._kept: dict[str, BrowserContext] = {}
        self.faults: list[str] = []

    def context(self, **options: Any) -> BrowserContext:
        """Make a browser of nobody yet; what goes wrong in its pages is written down."""
        options = {"locale": "en-US", "timezone_id": "UTC", "base_url": self._base_url, **options}
        context = self._chromium.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        Diary(context)
        context.on("weberror", lambda caught: self.faults.append(str(caught.error)))
        context.on("console", lambda said: self.faults.append(said.text) if is_fault(said) else None)
        context.add_init_script(KEEP_SIGNS)
        return context

    def page(self, person: Person, **options: Any) -> Page:
        key = f"{person.username} {options}"
        if key not in self._kept:
            self._kept[key] = self.context(storage_state=person.session, **options)
        return self._kept[key].new_page()

    def tidy(self) -> None:
        """Close the pages of a test; fail for what went wrong in them."""
        for context in self._chromium.contexts:
            if context in self._kept.values():
                context.set_offline(False)
                for page in context.pages:
                    page.close()
            else:
                context.close()
        faults, self.faults = self.faults, []
        assert faults == []


@pytest.fixture(scope="module")
def desks(chromium: Browser, stack: Stack) -> Desks:
    return Desks(chromium, stack.board_url)


@pytest.fixture
def new_context(desks: Desks) -> Iterator[Callable[..., BrowserContext]]:
    """Make browsers that know nothing; whatever a console says that is no refusal fails the test."""
    yield desks.context
    desks.tidy()


@pytest.fixture
def see(desks: Desks) -> Iterator[See]:
    def open_board(person: Person, board: TeamBoard, **options: Any) -> Page:
        page = desks.page(person, **options)
        page.goto(f"/boards/{board.id}/")
        expect_live(page)
        page.evaluate("window.opened = true")
        return page

    yield open_board
    desks.tidy()
