"""What one person does to a board, the other sees at once, in a page that is never reloaded."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import See
from tests.browser.people import Person, TeamBoard
from tests.browser.screen import (
    card,
    cards_of,
    carry,
    choose,
    drag,
    expect_level,
    expect_note,
    expect_position,
    lift,
    open_card,
)


@pytest.fixture
def tasks(board: TeamBoard) -> list[int]:
    """Three tasks to do; they are there before anybody looks."""
    return [board.add(name) for name in ("Draw", "Write", "Check")]


@pytest.fixture
def hers(see: See, ana: Person, board: TeamBoard, tasks: list[int]) -> Page:
    return see(ana, board)


@pytest.fixture
def his(see: See, ben: Person, board: TeamBoard, tasks: list[int]) -> Page:
    return see(ben, board)


def column_dialog(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Options for column {name}", exact=True).click()


def test_a_card_dragged_to_another_column_moves_on_the_other_page(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    drag(hers, tasks[0], board.doing)

    expect(card(his, tasks[0])).to_have_count(1)
    expect(cards_of(his, board.doing).locator("li")).to_have_text(["Draw"])
    assert board.task(tasks[0])["column"] == board.doing
    expect_level(board, hers, his)


def test_cards_dragged_to_a_new_order_have_that_order_on_the_other_page(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    drag(hers, tasks[2], board.todo, onto=tasks[0])

    expect(cards_of(his, board.todo).locator("li > button")).to_have_text(["Check", "Draw", "Write"])
    expect_level(board, hers, his)


def test_a_card_dragged_out_of_the_backlog_joins_the_sprint_and_back_leaves_it(
    hers: Page, his: Page, board: TeamBoard
) -> None:
    idea = board.add("Idea", sprint=None)
    expect_level(board, hers, his)

    drag(hers, idea, board.doing)
    expect(cards_of(his, board.doing).locator("li")).to_have_text(["Idea"])
    assert board.task(idea)["sprint"] == board.sprint
    drag(his, idea, "backlog")

    expect(cards_of(hers, "backlog").locator("li")).to_have_text(["Idea"])
    assert board.task(idea)["sprint"] is None
    expect_level(board, hers, his)


def test_a_card_stays_in_the_hand_while_others_move_what_lies_around_it(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    lift(his, tasks[1])
    drag(hers, tasks[0], board.doing)
    board.change(f"tasks/{tasks[2]}", column=board.done)
    expect_position(his, board)
    carry(his, tasks[1], board.done)
    his.mouse.up()

    expect(cards_of(hers, board.done).locator("li > button")).to_have_text(["Check", "Write"])
    expect(cards_of(his, board.doing).locator("li > button")).to_have_text(["Draw"])
    expect_level(board, hers, his)


def test_cards_typed_one_after_the_other_appear_on_the_other_page(
    hers: Page, his: Page, board: TeamBoard
) -> None:
    hers.get_by_role("button", name="Add card").nth(1).click()
    box = hers.get_by_role("textbox", name="What is to be done?")
    for name in ("First idea", "Second idea"):
        box.fill(name)
        box.press("Enter")

    expect(cards_of(his, board.todo).locator("li > button")).to_contain_text(
        ["Check", "First idea", "Second idea"]
    )
    expect(hers.locator(".card.unsaved")).to_have_count(0)
    expect_level(board, hers, his)


def test_a_renamed_card_has_its_new_name_on_the_other_page(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    name = open_card(hers, tasks[0]).get_by_role("textbox", name="Name", exact=True)
    name.fill("Draw the empty states")
    name.press("Enter")

    expect(card(his, tasks[0]).get_by_role("button")).to_have_text("Draw the empty states")
    expect_level(board, hers, his)


def test_an_archived_card_leaves_the_other_page_and_comes_back_from_the_archive(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    open_card(hers, tasks[1]).get_by_role("button", name="Archive").click()
    expect(card(his, tasks[1])).to_have_count(0)
    expect_note(hers, "Archived “Write”.")
    expect_level(board, hers, his)

    choose(his, "Board menu", "Archived tasks")
    his.get_by_role("button", name="Restore Write").click()

    expect(card(hers, tasks[1])).to_have_count(1)
    expect_level(board, hers, his)


def test_archiving_can_be_undone_from_the_note_that_tells_of_it(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    open_card(hers, tasks[1]).get_by_role("button", name="Archive").click()
    expect(card(his, tasks[1])).to_have_count(0)
    hers.get_by_role("button", name="Undo").click()

    expect(card(his, tasks[1])).to_have_count(1)
    expect_level(board, hers, his)


def test_a_deleted_card_leaves_the_other_page(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    dialog = open_card(hers, tasks[1])
    dialog.get_by_role("button", name="Delete").click()
    dialog.get_by_role("group", name="Delete this task for good?").get_by_role(
        "button", name="Delete"
    ).click()

    expect(card(his, tasks[1])).to_have_count(0)
    expect_note(hers, "Deleted “Write”.")
    expect_level(board, hers, his)


def test_a_column_added_renamed_limited_and_moved_is_so_on_the_other_page(
    hers: Page, his: Page, board: TeamBoard
) -> None:
    hers.get_by_role("button", name="Add column").click()
    dialog = hers.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Reveiw")
    dialog.get_by_role("button", name="Add column").click()
    expect(his.get_by_role("heading", name="Reveiw")).to_be_visible()
    column_dialog(hers, "Reveiw")
    dialog.get_by_label("Name").fill("Review")
    dialog.get_by_label("Limit").fill("2")
    dialog.get_by_role("button", name="Save").click()
    expect(his.get_by_label("0 of at most 2 cards")).to_be_visible()
    expect_level(board, hers, his)
    column_dialog(hers, "Review")
    dialog.get_by_role("button", name="Move left").click()

    expect(his.locator(".lane h2")).to_have_text(["Backlog", "To do", "Doing", "Review", "Done"])
    expect_level(board, hers, his)


def test_a_deleted_column_leaves_the_other_page_and_one_that_holds_cards_stays(
    hers: Page, his: Page, board: TeamBoard
) -> None:
    for name, question in (("Doing", "Delete this column?"), ("To do", "This column holds 3 cards")):
        column_dialog(hers, name)
        dialog = hers.get_by_role("dialog")
        dialog.get_by_role("button", name="Delete").click()
        dialog.get_by_role("group", name=question).get_by_role("button", name="Delete").click()
        if name == "Doing":
            expect(dialog).to_have_count(0)

    expect(hers.get_by_role("region", name="Notices").locator("p")).to_be_visible()
    expect(his.locator(".lane h2")).to_have_text(["Backlog", "To do", "Done"])
    expect_level(board, hers, his)


def test_a_finished_sprint_gives_its_open_cards_back_to_the_backlog_on_the_other_page(
    hers: Page, his: Page, board: TeamBoard, tasks: list[int]
) -> None:
    board.change(f"tasks/{tasks[0]}", column=board.done)
    choose(hers, "Board menu", "Sprints")
    dialog = hers.get_by_role("dialog", name="Sprints")
    dialog.get_by_role("button", name="Finish sprint").click()
    expect(dialog.get_by_text("2 unfinished tasks go back to the backlog.")).to_be_visible()
    dialog.get_by_role("group").get_by_role("button", name="Finish sprint").click()

    expect(cards_of(his, "backlog").locator("li > button")).to_have_text(["Write", "Check"])
    expect(his.get_by_label("Sprint shown")).to_have_value("all")
    expect_level(board, hers, his)


def test_a_started_sprint_is_the_one_that_the_other_page_shows(
    hers: Page, his: Page, board: TeamBoard
) -> None:
    board.change(f"sprints/{board.sprint}", state="finished")
    choose(hers, "Board menu", "Sprints")
    dialog = hers.get_by_role("dialog", name="Sprints")
    dialog.get_by_role("button", name="Add sprint").click()
    dialog.get_by_label("Name").fill("Sprint 2")
    dialog.get_by_role("button", name="Add sprint").click()
    dialog.get_by_role("button", name="Start", exact=True).click()

    expect(his.locator(".sprint-picker option:checked")).to_have_text("Sprint 2 (active)")
    expect_level(board, hers, his)


def test_a_renamed_board_has_its_new_name_on_the_other_page(hers: Page, his: Page, board: TeamBoard) -> None:
    name = hers.get_by_role("textbox", name="Name of the board")
    name.fill("Spring release")
    name.press("Enter")

    expect(his.get_by_role("heading", name="Spring release")).to_be_visible()
    expect_level(board, hers, his)


def test_whoever_is_made_an_editor_can_add_cards_at_once(
    see: See, hers: Page, vera: Person, board: TeamBoard
) -> None:
    theirs = see(vera, board)
    expect(theirs.get_by_role("button", name="Add card")).to_have_count(0)

    choose(hers, "Board menu", "People")
    hers.get_by_label("Role of Vera Novak").select_option("editor")

    expect(theirs.get_by_role("button", name="Add card").first).to_be_visible()
    expect_level(board, hers, theirs)
