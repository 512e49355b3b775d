"""Signing in and out, and what a person without leave is shown."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import See
from tests.browser.people import Person, TeamBoard
from tests.browser.screen import card, cards_of, expect_level, expect_live, open_card, press

NewContext = Callable[..., BrowserContext]


def sign_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_password_is_told_in_a_sentence_and_the_name_is_kept(
    new_context: NewContext, ana: Person
) -> None:
    page = new_context().new_page()
    page.goto("/")
    sign_in(page, ana.username, "not it")

    expect(page.get_by_role("alert")).to_contain_text("correct username and password")
    expect(page.get_by_label("User name")).to_have_value(ana.username)
    expect(page.get_by_label("Password")).to_have_value("")


def test_signing_in_leads_to_the_board_that_was_asked_for(
    new_context: NewContext, ana: Person, board: TeamBoard
) -> None:
    page = new_context().new_page()
    page.goto(f"/boards/{board.id}/")
    expect(page).to_have_title("Sign in")
    sign_in(page, ana.username, ana.password)

    expect_live(page)
    expect(page).to_have_title(board.name)


def test_signing_out_leads_to_the_door_and_back_does_not_open_it(
    new_context: NewContext, ana: Person, board: TeamBoard
) -> None:
    page = new_context(storage_state=ana.session).new_page()
    page.goto(f"/boards/{board.id}/")
    expect_live(page)
    page.get_by_role("button", name="Board menu").click()
    page.get_by_role("menuitem", name="Sign out Ana Lima").click()
    expect(page).to_have_title("Sign in")

    page.go_back()

    expect(page).to_have_title("Sign in")


def test_a_board_of_others_is_not_there_and_neither_is_one_that_never_was(
    new_context: NewContext, sam: Person, board: TeamBoard
) -> None:
    page = new_context(storage_state=sam.session).new_page()
    for number in (board.id, 999_999):
        answer = page.goto(f"/boards/{number}/")
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading")).to_have_text("There is nothing here that you may see")
        assert board.name not in page.content()
    page.get_by_role("link", name="All boards").click()

    expect(page.get_by_role("heading", name="Boards", exact=True)).to_be_visible()


def test_a_viewer_reads_everything_and_is_offered_no_change_of_a_card(
    see: See, vera: Person, board: TeamBoard
) -> None:
    task = board.add("Draw", description="The *empty* states")
    page = see(vera, board)
    expect(page.get_by_role("heading", name="Release", exact=True)).to_be_visible()
    for offer in ("Add card", "Add column"):
        expect(page.get_by_role("button", name=offer)).to_have_count(0)

    dialog = open_card(page, task)

    expect(dialog.get_by_text("The empty states")).to_be_visible()
    expect(dialog.get_by_label("Name", exact=True)).not_to_be_editable()
    expect(dialog.get_by_label("Move to…")).to_be_disabled()
    for offer in ("Edit", "Archive", "Delete"):
        expect(dialog.get_by_role("button", name=offer)).to_have_count(0)


def test_a_viewer_cannot_carry_a_card_away_by_mouse(see: See, vera: Person, board: TeamBoard) -> None:
    task = board.add("Draw")
    page = see(vera, board)

    card(page, task).hover()
    page.mouse.down()
    cards_of(page, board.done).hover()
    expect(page.locator(".lifted, .gap")).to_have_count(0)
    page.mouse.up()

    expect_level(board, page)


def test_a_viewer_goes_from_card_to_card_by_keys_and_picks_none_up(
    see: See, vera: Person, board: TeamBoard
) -> None:
    tasks = [board.add("Draw"), board.add("Write")]
    page = see(vera, board)

    press(page, tasks[0], "Space")
    page.keyboard.press("ArrowDown")

    expect(card(page, tasks[1]).get_by_role("button")).to_be_focused()
    expect(page.locator("[data-announcement]")).to_be_empty()
    expect_level(board, page)


def test_whoever_is_removed_is_told_and_the_page_is_no_longer_live(
    see: See, ben: Person, board: TeamBoard
) -> None:
    page = see(ben, board)
    member = next(one for one in board.snapshot()["members"] if one["username"] == "ben")

    board.remove(f"members/{member['id']}")

    expect(page.get_by_role("alert")).to_contain_text("no longer a member")
    expect(page.locator("[data-live]")).not_to_have_attribute("data-live", "live")
    expect(page.get_by_role("button", name="Add card")).to_have_count(0)
