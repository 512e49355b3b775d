"""Who else looks at a board is seen, and what each has in hand; nobody is kept from anything by it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import See
from tests.browser.people import Person, TeamBoard
from tests.browser.screen import card, cards_of, drag, expect_level, expect_live, lift, open_card, press


@pytest.fixture
def tasks(board: TeamBoard) -> list[int]:
    return [board.add(name) for name in ("Draw", "Write", "Check")]


@pytest.fixture
def hers(see: See, ana: Person, board: TeamBoard, tasks: list[int]) -> Page:
    return see(ana, board)


@pytest.fixture
def his(see: See, ben: Person, board: TeamBoard, hers: Page) -> Page:
    page = see(ben, board)
    expect(others(hers, "Ben Okafor is here")).to_be_visible()
    return page


def others(page: Page, text: str) -> Locator:
    return page.get_by_role("button", name=text)


def hand(page: Page, task: int) -> Locator:
    """What a card says of who has it in hand."""
    return card(page, task).locator(".hand")


def test_whoever_looks_at_the_board_is_seen_by_the_others_and_gone_when_they_leave(
    see: See, hers: Page, his: Page, vera: Person, board: TeamBoard
) -> None:
    third = see(vera, board)
    expect(others(hers, "Ben Okafor and Vera Novak are here")).to_be_visible()
    expect(others(his, "Ana Lima and Vera Novak are here")).to_be_visible()
    third.close()

    expect(others(hers, "Ben Okafor is here")).to_be_visible()


def test_a_second_page_of_one_person_is_no_company(see: See, hers: Page, his: Page, board: TeamBoard) -> None:
    his.reload()
    expect_live(his)

    expect(others(his, "Ana Lima is here")).to_be_visible()
    expect(others(hers, "Ben Okafor is here")).to_be_visible()


def test_without_a_network_nobody_is_shown_as_being_here(hers: Page, his: Page) -> None:
    expect(others(his, "Ana Lima is here")).to_be_visible()

    his.context.set_offline(True)

    expect(others(his, "is here")).to_have_count(0)
    his.context.set_offline(False)
    expect(others(his, "Ana Lima is here")).to_be_visible()


def test_the_mark_of_a_card_in_hand_lies_around_just_that_card(
    hers: Page, his: Page, tasks: list[int]
) -> None:
    lift(hers, tasks[0])

    expect(hand(his, tasks[0])).to_be_visible()
    assert hand(his, tasks[0]).bounding_box() == card(his, tasks[0]).bounding_box()
    hers.mouse.up()


def test_the_list_of_people_tells_who_is_here(hers: Page, his: Page) -> None:
    others(hers, "Ben Okafor is here").click()
    dialog = hers.get_by_role("dialog", name="People")

    expect(dialog.locator(".person").filter(has_text="Ben Okafor")).to_contain_text("here now")
    expect(dialog.locator(".person").filter(has_text="Vera Novak")).not_to_contain_text("here now")


def test_a_card_in_the_air_is_marked_for_the_others_until_it_lands(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    lift(his, tasks[0])
    expect(hand(hers, tasks[0])).to_have_text("Ben Okafor is moving this")
    expect(hand(his, tasks[0])).to_have_count(0)
    his.mouse.up()

    expect(hand(hers, tasks[0])).to_have_count(0)


def test_a_card_that_another_moves_can_be_moved_all_the_same(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    lift(his, tasks[0])
    expect(hand(hers, tasks[0])).to_be_attached()

    drag(hers, tasks[0], board.doing)

    expect(cards_of(hers, board.doing).locator(".hand")).to_have_text("Ben Okafor is moving this")
    his.mouse.up()
    expect_level(board, hers, his)


def test_a_card_carried_by_keys_is_marked_too(hers: Page, his: Page, tasks: list[int]) -> None:
    press(his, tasks[1], "Space")
    expect(hand(hers, tasks[1])).to_have_text("Ben Okafor is moving this")
    press(his, tasks[1], "Escape")

    expect(hand(hers, tasks[1])).to_have_count(0)


def test_whoever_leaves_with_a_card_in_hand_lets_it_go(hers: Page, his: Page, tasks: list[int]) -> None:
    lift(his, tasks[0])
    expect(hand(hers, tasks[0])).to_be_attached()

    his.close()

    expect(hand(hers, tasks[0])).to_have_count(0)


def test_a_task_is_being_edited_from_the_first_field_to_the_last_and_not_by_being_read(
    hers: Page, his: Page, tasks: list[int]
) -> None:
    dialog = open_card(his, tasks[2])
    seen = open_card(hers, tasks[2])
    dialog.get_by_role("textbox", name="Name").focus()
    expect(seen.get_by_text("Ben Okafor is editing this")).to_be_visible()
    expect(dialog.get_by_text("is editing this")).to_have_count(0)
    dialog.get_by_role("spinbutton", name="Points").focus()
    expect(seen.get_by_text("Ben Okafor is editing this")).to_be_visible()
    dialog.get_by_role("button", name="Close").focus()

    expect(seen.get_by_text("is editing this")).to_have_count(0)


def test_a_description_is_being_edited_while_its_preview_is_looked_at(
    hers: Page, his: Page, tasks: list[int]
) -> None:
    dialog = open_card(his, tasks[2])
    dialog.get_by_role("button", name="Edit").click()
    dialog.get_by_role("textbox", name="Description").fill("Twice")
    dialog.get_by_role("button", name="Preview").click()
    expect(hand(hers, tasks[2])).to_have_text("Ben Okafor is editing this")
    dialog.get_by_role("button", name="Save").click()

    expect(hand(hers, tasks[2])).to_have_count(0)
