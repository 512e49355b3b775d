"""The list of a person's boards."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import Person, TeamBoard, add_people
from tests.browser.screen import choose, expect_live
from tests.stack import Stack

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def newcomers(stack: Stack) -> Iterator[list[Person]]:
    """People without a board, one for each test that needs one."""
    added = add_people(stack, *((f"newcomer{n}", "Noa", str(n)) for n in range(8)))
    yield list(added)
    for person in added:
        person.close()


@pytest.fixture
def newcomer(newcomers: list[Person]) -> Person:
    return newcomers.pop()


@pytest.fixture
def page(new_context: NewContext, newcomer: Person) -> Page:
    return new_context(storage_state=newcomer.session).new_page()


def test_without_a_board_the_page_says_what_one_is_for(page: Page) -> None:
    page.goto("/")

    expect(page.get_by_role("heading", name="No boards yet")).to_be_visible()
    expect(page.get_by_text("what is to do, what is being done, what is done")).to_be_visible()


def test_a_new_board_opens_with_three_columns_each_saying_what_it_is_for(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Name of a new board").fill("Spring release")
    page.get_by_role("button", name="Create board").click()

    expect_live(page)
    expect(page).to_have_title("Spring release")
    expect(page.locator(".lane h2")).to_have_text(["Backlog", "To do", "Doing", "Done"])
    for lane in page.locator("ol.cards").all():
        shown = lane.evaluate("(list) => getComputedStyle(list, '::before').content")
        assert shown == f'"{lane.get_attribute("data-hint")}"'


def test_a_board_is_renamed_in_the_list(page: Page, newcomer: Person) -> None:
    board = TeamBoard(newcomer, "Sping")
    page.goto("/")
    choose(page, "Options for Sping", "Rename")
    name = page.get_by_label("Name of the board")
    expect(name).to_be_focused()
    name.fill("Spring")
    name.press("Enter")

    expect(page.get_by_role("link", name="Spring", exact=True)).to_be_visible()
    assert board.snapshot()["board"]["name"] == "Spring"


def test_an_archived_board_is_put_away_and_can_be_brought_back(page: Page, newcomer: Person) -> None:
    board = TeamBoard(newcomer, "Spring")
    page.goto("/")
    choose(page, "Options for Spring", "Archive")
    page.get_by_text("1 archived board").click()
    expect(page.get_by_role("heading", name="No boards yet")).to_be_visible()
    assert board.snapshot()["board"]["archived"] is True

    choose(page, "Options for Spring", "Restore")

    expect(page.get_by_role("heading", name="No boards yet")).to_have_count(0)
    expect(page.get_by_role("link", name="Spring")).to_be_visible()
    assert board.snapshot()["board"]["archived"] is False


def test_who_is_no_admin_is_offered_no_change_of_a_board(page: Page, ana: Person, newcomer: Person) -> None:
    board = TeamBoard(ana, "Theirs")
    board.admit(newcomer, "editor")
    page.goto("/")

    expect(page.get_by_role("link", name="Theirs")).to_be_visible()
    expect(page.get_by_role("button", name="Options for Theirs")).to_have_count(0)


def test_a_list_that_cannot_be_read_says_so(page: Page) -> None:
    page.route("**/api/boards", lambda route: route.abort())
    page.goto("/")

    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
