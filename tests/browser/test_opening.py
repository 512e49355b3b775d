"""A board is drawn before the page takes part in it: what is done meanwhile waits, and the sign is true."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Desks
from tests.browser.people import Person, TeamBoard
from tests.browser.screen import (
    card,
    cards_of,
    centre,
    drag,
    expect_level,
    expect_live,
    expect_sign,
    hold_back,
)

PART = "**/take-part.*"  # the module that all taking part begins with


@pytest.fixture
def tasks(board: TeamBoard) -> list[int]:
    return [board.add(name) for name in ("Draw", "Write", "Check")]


@pytest.fixture
def page(new_page: Page, board: TeamBoard, tasks: list[int]) -> Page:
    """A page that has drawn the board and no more; the rest is held back."""
    new_page.goto(f"/boards/{board.id}/")
    expect(new_page.locator("html[data-ready=all]")).to_be_attached()
    new_page.evaluate("window.opened = true")
    return new_page


@pytest.fixture
def new_page(desks: Desks, ben: Person) -> Iterator[Page]:
    yield desks.page(ben)
    desks.tidy()


@pytest.fixture
def held(new_page: Page) -> list[Route]:
    return hold_back(new_page, PART)


def test_until_the_page_takes_part_its_cards_are_there_and_it_does_not_say_live(
    held: list[Route], page: Page, tasks: list[int], board: TeamBoard
) -> None:
    expect(cards_of(page, board.todo).locator("li")).to_have_count(3)
    expect_sign(page, "Reconnecting…", "reconnecting")
    board.change(f"tasks/{tasks[0]}", name="Draw it again")

    held[0].continue_()

    expect_live(page)
    expect(card(page, tasks[0])).to_contain_text("Draw it again")
    expect_level(board, page)


def test_a_card_pressed_before_the_page_takes_part_opens_when_it_does(
    held: list[Route], page: Page, tasks: list[int]
) -> None:
    card(page, tasks[1]).get_by_role("button").click()
    held[0].continue_()

    expect(page.get_by_role("dialog", name=f"Task {tasks[1]}")).to_be_visible()
    expect_live(page)


def test_a_box_asked_for_before_the_page_takes_part_opens_when_it_does(
    held: list[Route], page: Page, board: TeamBoard
) -> None:
    page.get_by_role("button", name="Add card").nth(1).click()
    held[0].continue_()
    box = page.get_by_role("textbox", name="What is to be done?")
    expect(box).to_be_focused()
    page.keyboard.type("Measure")
    page.keyboard.press("Enter")

    expect(cards_of(page, board.todo).get_by_role("button", name="Measure")).to_be_visible()
    expect_level(board, page)


def test_a_card_dragged_before_the_page_takes_part_stays_and_can_be_dragged_afterwards(
    held: list[Route], page: Page, tasks: list[int], board: TeamBoard
) -> None:
    page.mouse.move(*centre(card(page, tasks[0])))
    page.mouse.down()
    page.mouse.move(*centre(cards_of(page, board.doing)), steps=5)
    page.mouse.up()
    held[0].continue_()
    expect_live(page)
    expect_level(board, page)

    drag(page, tasks[0], board.doing)

    expect(cards_of(page, board.doing).locator("li")).to_have_count(1)
    expect_level(board, page)


def test_a_card_that_had_the_focus_before_the_page_took_part_keeps_it_when_another_moves_it(
    held: list[Route], page: Page, tasks: list[int], board: TeamBoard
) -> None:
    card(page, tasks[2]).get_by_role("button").focus()
    held[0].continue_()
    expect_live(page)
    board.change(f"tasks/{tasks[2]}", column=board.doing)

    expect(cards_of(page, board.doing).locator("li")).to_have_count(1)
    expect(card(page, tasks[2]).get_by_role("button")).to_be_focused()


def test_a_page_that_cannot_take_part_says_so_and_how_to_try_again(
    desks: Desks, new_page: Page, board: TeamBoard, tasks: list[int]
) -> None:
    new_page.route(PART, lambda route: route.abort())
    new_page.goto(f"/boards/{board.id}/")

    banner = new_page.get_by_role("alert").filter(has_text="This page did not load completely")
    expect(banner).to_be_visible()
    expect_sign(new_page, "Offline", "offline")
    expect(card(new_page, tasks[0])).to_be_visible()
    assert {sign["sign"] for sign in new_page.evaluate("signs")} <= {"reconnecting", "offline"}
    assert desks.faults, "what failed is told in the console"
    desks.faults.clear()
    new_page.unroute(PART)
    banner.get_by_role("button", name="Reload").click()
    expect_live(new_page)
