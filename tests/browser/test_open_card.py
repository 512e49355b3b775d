"""A card that is open while others change or delete it."""

from contextlib import nullcontext

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import See
from tests.browser.people import Person, TeamBoard
from tests.browser.screen import card, expect_level, hold_back, open_card


@pytest.fixture
def task(board: TeamBoard) -> int:
    return board.add("Draw", description="Old text")


@pytest.fixture
def page(see: See, ben: Person, board: TeamBoard, task: int) -> Page:
    return see(ben, board)


def write(dialog: Locator, text: str) -> Locator:
    """Type into the description and return its box."""
    dialog.get_by_role("button", name="Edit").click()
    box = dialog.get_by_role("textbox", name="Description")
    box.fill(text)
    return box


@pytest.mark.parametrize("ending", ["deleted", "archived"])
def test_an_open_card_that_another_takes_away_says_who_did_and_keeps_its_last_state(
    page: Page, board: TeamBoard, task: int, ending: str
) -> None:
    dialog = open_card(page, task)
    expect(dialog.get_by_text("Old text")).to_be_visible()  # the description comes after the card
    if ending == "deleted":
        board.remove(f"tasks/{task}")
    else:
        board.change(f"tasks/{task}", archived=True)

    expect(dialog.get_by_role("alert")).to_have_text(
        "Ana Lima archived or deleted this task. What you see is its last state."
    )
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Draw")
    expect(dialog.get_by_text("Old text")).to_be_visible()
    expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()
    expect_level(board, page)


def test_an_open_card_shows_what_others_change_as_they_change_it(
    page: Page, board: TeamBoard, task: int
) -> None:
    dialog = open_card(page, task)
    board.change(f"tasks/{task}", name="Draw more", description="New text", estimate=5)

    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Draw more")
    expect(dialog.get_by_text("New text")).to_be_visible()
    expect(dialog.get_by_label("Points")).to_have_value("5")


def test_a_description_saved_by_one_is_read_by_the_other(
    see: See, page: Page, ana: Person, board: TeamBoard, task: int
) -> None:
    theirs = open_card(see(ana, board), task)
    dialog = open_card(page, task)
    write(dialog, "Both *sides*")
    dialog.get_by_role("button", name="Save").click()

    expect(theirs.locator("em")).to_have_text("sides")
    assert board.task(task)["description"] == "Both *sides*"


@pytest.mark.parametrize("choice", ["Keep mine", "Take theirs"])
def test_a_description_that_another_saved_meanwhile_is_shown_beside_mine_and_i_choose(
    page: Page, board: TeamBoard, task: int, choice: str
) -> None:
    dialog = open_card(page, task)
    box = write(dialog, "Mine")
    board.change(f"tasks/{task}", description="Theirs")

    conflict = dialog.get_by_role("status").filter(has_text="Ana Lima changed this while you were editing.")
    expect(conflict.locator("blockquote")).to_have_text("Theirs")
    expect(box).to_have_value("Mine")
    assert board.task(task)["description"] == "Theirs"
    with page.expect_response(f"**/api/tasks/{task}") if choice == "Keep mine" else nullcontext():
        conflict.get_by_role("button", name=choice).click()

    chosen = "Mine" if choice == "Keep mine" else "Theirs"
    expect(conflict).to_have_count(0)
    expect(box).to_have_value(chosen)
    assert board.task(task)["description"] == chosen


def test_a_description_saved_before_the_other_change_was_heard_overwrites_nothing(
    page: Page, board: TeamBoard, task: int
) -> None:
    """The server refuses it by its version (412), for the page could not know."""
    dialog = open_card(page, task)
    write(dialog, "Mine")
    held = hold_back(page, f"**/api/tasks/{task}")
    with page.expect_request(lambda request: request.method == "PATCH"):
        dialog.get_by_role("button", name="Save").click()
    board.change(f"tasks/{task}", description="Theirs")
    with page.expect_response(lambda answer: answer.status == 412):
        held.pop().continue_()

    conflict = dialog.get_by_role("status").filter(has_text="changed this while you were editing.")
    expect(conflict.locator("blockquote")).to_have_text("Theirs")
    assert board.task(task)["description"] == "Theirs"
    with page.expect_response(f"**/api/tasks/{task}"):
        conflict.get_by_role("button", name="Keep mine").click()

    expect(conflict).to_have_count(0)
    expect_level(board, page)
    assert board.task(task)["description"] == "Mine"


def test_a_name_that_another_changed_meanwhile_is_not_overwritten_by_leaving_the_field(
    page: Page, board: TeamBoard, task: int
) -> None:
    dialog = open_card(page, task)
    dialog.get_by_label("Name", exact=True).fill("My name")
    board.change(f"tasks/{task}", name="Their name")
    expect(dialog.locator("blockquote")).to_have_text("Their name")
    dialog.get_by_role("button", name="Close").click()

    expect(card(page, task)).to_have_text("Their name")
    expect_level(board, page)
    assert board.task(task)["name"] == "Their name"


def test_changes_of_different_fields_at_the_same_time_are_both_kept(
    page: Page, board: TeamBoard, task: int
) -> None:
    dialog = open_card(page, task)
    write(dialog, "Mine")
    board.change(f"tasks/{task}", name="Their name")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Their name")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog.get_by_role("textbox", name="Description")).to_have_count(0)
    expect_level(board, page)
    held = board.task(task)
    assert (held["name"], held["description"]) == ("Their name", "Mine")


def test_what_is_written_in_a_description_runs_no_script(page: Page, board: TeamBoard, task: int) -> None:
    evil = "<script>window.hit=1</script><iframe srcdoc='<script>top.hit=1</script>'></iframe>"
    evil += "<a href='javascript:window.hit=1'>a</a> the end"
    board.change(f"tasks/{task}", description=evil, name="<b>bold</b>")
    dialog = open_card(page, task)

    expect(card(page, task)).to_have_text("<b>bold</b>")
    expect(dialog.get_by_text("the end")).to_be_visible()
    expect(dialog.locator("script, iframe, [href]")).to_have_count(0)
    assert page.evaluate("window.hit") is None
