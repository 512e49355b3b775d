"""Moving a card by finger, by keyboard and by its dialog; and what happens where the board says no."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import See
from tests.browser.people import Person, TeamBoard
from tests.browser.screen import (
    card,
    cards_of,
    centre,
    drag,
    expect_level,
    expect_note,
    hold_back,
    lift,
    open_card,
    press,
)

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def tasks(board: TeamBoard) -> list[int]:
    return [board.add(name) for name in ("Draw", "Write", "Check")]


@pytest.fixture
def page(see: See, ben: Person, board: TeamBoard, tasks: list[int]) -> Page:
    return see(ben, board)


class Finger:
    """One finger on a touch screen."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._at = (0.0, 0.0)

    def put(self, x: float, y: float) -> None:
        self._touch("touchStart", x, y)

    def go(self, x: float, y: float, steps: int = 12) -> None:
        from_x, from_y = self._at
        for step in range(1, steps + 1):
            part = step / steps
            self._touch("touchMove", from_x + (x - from_x) * part, from_y + (y - from_y) * part)

    def lift(self) -> None:
        self._cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _touch(self, kind: str, x: float, y: float) -> None:
        self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        self._at = (x, y)


def hold(page: Page, task: int) -> Finger:
    """Hold a finger on a card until the card is taken."""
    finger = Finger(page)
    finger.put(*centre(card(page, task)))
    expect(page.locator(f".sortable-chosen[data-task='{task}']")).to_have_count(1)
    return finger


def test_a_card_lifted_and_put_down_where_it_was_opens_at_the_next_click(
    page: Page, tasks: list[int]
) -> None:
    lift(page, tasks[0])
    page.mouse.up()
    expect(page.locator("body > .lifted")).to_have_count(0)

    open_card(page, tasks[0])

    expect(page.get_by_role("dialog", name=f"Task {tasks[0]}")).to_be_visible()


def test_a_card_held_by_a_finger_can_be_dragged_up_its_column(
    see: See, ben: Person, board: TeamBoard, tasks: list[int]
) -> None:
    page = see(ben, board, **PHONE)
    x, y = centre(card(page, tasks[0]))

    finger = hold(page, tasks[2])
    finger.go(x, y - 14)
    expect(cards_of(page, board.todo).locator("li").first).to_have_attribute("data-task", str(tasks[2]))
    finger.lift()

    expect(page.locator(".gap")).to_have_count(0)
    expect(cards_of(page, board.todo).locator("li > button")).to_have_text(["Check", "Draw", "Write"])
    expect(cards_of(page, board.todo).locator(f"[data-task='{tasks[2]}']")).to_have_count(1)
    expect_level(board, page)
    assert board.task(tasks[2])["column"] == board.todo


def test_a_card_held_at_the_edge_of_a_phone_reaches_the_next_column(
    see: See, ben: Person, board: TeamBoard, tasks: list[int]
) -> None:
    page = see(ben, board, **PHONE)
    _, y = centre(card(page, tasks[0]))

    finger = hold(page, tasks[0])
    finger.go(384, y)
    expect(cards_of(page, board.doing).locator(f".gap[data-task='{tasks[0]}']")).to_have_count(1)
    finger.lift()

    expect(cards_of(page, board.doing).locator("li > button")).to_have_text(["Draw"])
    expect(cards_of(page, board.doing).locator(f"[data-task='{tasks[0]}']")).to_have_count(1)
    expect_level(board, page)
    assert board.task(tasks[0])["column"] == board.doing


def test_a_finger_that_moves_at_once_scrolls_and_takes_no_card(
    see: See, ben: Person, board: TeamBoard, tasks: list[int]
) -> None:
    page = see(ben, board, **PHONE)
    x, y = centre(card(page, tasks[0]))

    finger = Finger(page)
    finger.put(x, y)
    finger.go(x - 250, y)
    page.wait_for_function("document.querySelector('main.board').scrollLeft > 50")
    finger.lift()

    expect(page.locator(".sortable-chosen, .lifted, .gap")).to_have_count(0)
    expect_level(board, page)


def test_a_card_is_carried_by_the_arrow_keys_and_every_step_is_spoken(
    page: Page, board: TeamBoard, tasks: list[int]
) -> None:
    def expect_spoken(text: str) -> None:
        expect(page.locator("[data-announcement]")).to_have_text(text)

    card(page, tasks[0]).get_by_role("button").focus()
    page.keyboard.press("Space")
    expect_spoken(
        "Picked up Draw, in To do, position 1 of 3. Arrows move it, Space drops it, Escape puts it back."
    )
    page.keyboard.press("ArrowDown")
    expect_spoken("Draw, over To do, position 2 of 3")
    page.keyboard.press("ArrowRight")
    expect_spoken("Draw, over Doing, position 1 of 1")
    page.keyboard.press("Space")
    expect_spoken("Draw, moved to Doing, position 1 of 1")

    expect(card(page, tasks[0]).get_by_role("button")).to_be_focused()
    expect(cards_of(page, board.doing).locator(f"[data-task='{tasks[0]}']")).to_have_count(1)
    expect_level(board, page)
    assert board.task(tasks[0])["column"] == board.doing


def test_escape_puts_a_carried_card_back_and_asks_the_server_nothing(
    page: Page, board: TeamBoard, tasks: list[int]
) -> None:
    before = board.snapshot()["seq"]

    press(page, tasks[0], "Space", "ArrowRight", "Escape")
    expect(page.locator("[data-announcement]")).to_have_text("Draw is back where it was")

    expect_level(board, page)
    assert board.snapshot()["seq"] == before


def test_arrow_keys_go_from_card_to_card(page: Page, board: TeamBoard, tasks: list[int]) -> None:
    card(page, tasks[0]).get_by_role("button").focus()
    page.keyboard.press("ArrowDown")

    expect(card(page, tasks[1]).get_by_role("button")).to_be_focused()


def test_a_card_is_moved_by_the_menu_of_its_dialog(page: Page, board: TeamBoard, tasks: list[int]) -> None:
    dialog = open_card(page, tasks[1])
    dialog.get_by_label("Move to…").select_option("Done")
    expect(dialog.locator("[data-announcement]")).to_have_text("Write, moved to Done, position 1 of 1")
    dialog.get_by_role("button", name="Close").click()

    expect(cards_of(page, board.done).locator(f"[data-task='{tasks[1]}']")).to_have_count(1)
    expect_level(board, page)
    assert board.task(tasks[1])["column"] == board.done


def test_a_card_is_placed_among_the_others_by_its_dialog(
    page: Page, board: TeamBoard, tasks: list[int]
) -> None:
    dialog = open_card(page, tasks[2])
    dialog.get_by_label("Position").select_option("1 of 3")
    expect(dialog.locator("[data-announcement]")).to_have_text("Check, moved to To do, position 1 of 3")

    expect(cards_of(page, board.todo).locator("li > button")).to_have_text(["Check", "Draw", "Write"])
    expect_level(board, page)


def test_a_card_dropped_on_a_full_column_goes_back_and_the_reason_is_told(
    page: Page, board: TeamBoard, tasks: list[int]
) -> None:
    board.change(f"tasks/{tasks[2]}", column=board.doing)
    board.change(f"columns/{board.doing}", limit=1)
    expect_level(board, page)

    drag(page, tasks[0], board.doing)

    expect_note(page, refusal(board, f"tasks/{tasks[0]}", column=board.doing))
    expect(cards_of(page, board.todo).locator("li > button")).to_have_text(["Draw", "Write"])
    expect_level(board, page)


def test_a_card_shown_at_once_goes_back_when_the_answer_is_no(
    page: Page, board: TeamBoard, tasks: list[int]
) -> None:
    """The page foresees the move; the column has filled up meanwhile."""
    held = hold_back(page, f"**/api/tasks/{tasks[0]}")
    drag(page, tasks[0], board.doing)
    expect(cards_of(page, board.doing).locator("li > button")).to_have_text(["Draw"])
    board.change(f"tasks/{tasks[2]}", column=board.doing)
    board.change(f"columns/{board.doing}", limit=1)

    held.pop().continue_()

    expect(cards_of(page, board.todo).locator("li > button")).to_have_text(["Draw", "Write"])
    expect(page.get_by_role("region", name="Notices").locator("p")).to_be_visible()
    expect_level(board, page)


def test_without_a_sprint_a_card_of_the_backlog_stays_there_and_the_reason_is_told(
    page: Page, board: TeamBoard
) -> None:
    board.change(f"sprints/{board.sprint}", state="finished")
    idea = board.add("Idea", sprint=None)
    expect_level(board, page)

    drag(page, idea, board.doing)

    expect_note(page, "No sprint is active. Start one, and cards can leave the backlog.")
    expect_level(board, page)
    page.get_by_role("button", name="Start a sprint").click()
    expect(page.get_by_role("dialog", name="Sprints")).to_be_visible()


def refusal(board: TeamBoard, path: str, **fields: object) -> str:
    """Ask for the same over the API, and return the sentence it refuses with."""
    answer = board.maker.ask("PATCH", path, fields)
    assert answer.status_code == 409
    return str(answer.json()["message"])
