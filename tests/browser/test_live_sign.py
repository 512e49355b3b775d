"""The sign beside the board's name is true at every moment; what is asked for meanwhile is not lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import See
from tests.browser.people import Person, TeamBoard
from tests.browser.screen import (
    cards_of,
    drag,
    expect_level,
    expect_live,
    expect_sign,
    hold_back,
    press,
)
from tests.stack import Stack


@pytest.fixture
def tasks(board: TeamBoard) -> list[int]:
    return [board.add(name) for name in ("Draw", "Write", "Check")]


@pytest.fixture
def page(see: See, ben: Person, board: TeamBoard, tasks: list[int]) -> Page:
    return see(ben, board)


@pytest.fixture
def ending(stack: Stack) -> Iterator[Callable[..., None]]:
    """Kill programs of the product; afterwards those that were not started again are."""

    def end(*names: str) -> None:
        for name in names:
            stack.process(name).kill9()

    yield end
    start(stack)


def start(stack: Stack) -> None:
    for name in ("web", "hub", "announce"):
        if not stack.process(name).is_running():
            stack.process(name).start()
    stack.wait_ready()


def come_back(page: Page) -> None:
    """Do what a browser does when its network is back, instead of waiting for the next try."""
    page.evaluate("dispatchEvent(new Event('online'))")


def signs(page: Page) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = page.evaluate("signs")
    return kept


def keys_sent(page: Page) -> list[str]:
    """Keep the idempotency key of every change that the page sends from now on."""
    keys: list[str] = []
    page.on("request", lambda sent: keys.extend(filter(None, [sent.headers.get("idempotency-key")])))
    return keys


def test_without_the_hub_the_page_reconnects_and_is_live_again_only_when_it_is_level(
    page: Page, stack: Stack, board: TeamBoard, tasks: list[int], ending: Callable[..., None]
) -> None:
    ending("hub")
    expect_sign(page, "Reconnecting…", "reconnecting")
    away = page.evaluate("Date.now()")
    board.change(f"tasks/{tasks[0]}", column=board.doing)
    missed = board.snapshot()["seq"]
    back = page.evaluate("Date.now()")
    start(stack)
    come_back(page)

    expect_live(page)
    expect_level(board, page)
    since = [sign for sign in signs(page) if sign["at"] >= away]
    assert [sign for sign in since if sign["sign"] == "live" and sign["at"] < back] == []
    assert all(sign["seq"] >= missed for sign in since if sign["sign"] == "live")


def test_without_the_hub_changes_still_arrive_by_the_log(
    page: Page, board: TeamBoard, tasks: list[int], ending: Callable[..., None]
) -> None:
    ending("hub")
    expect_sign(page, "Reconnecting…", "reconnecting")
    board.change(f"tasks/{tasks[0]}", column=board.doing)

    expect_level(board, page)
    expect(page.locator("[data-live]")).not_to_have_attribute("data-live", "live")


def test_without_a_network_the_sign_counts_what_waits_and_it_arrives_once_and_in_order(
    page: Page, board: TeamBoard, tasks: list[int]
) -> None:
    keys = keys_sent(page)
    before = board.snapshot()["seq"]
    page.context.set_offline(True)
    expect_sign(page, "Offline", "offline")
    drag(page, tasks[0], board.doing)
    expect_sign(page, "Offline (1 change waiting)", "offline")
    drag(page, tasks[1], board.done)
    drag(page, tasks[0], board.done)
    expect_sign(page, "Offline (3 changes waiting)", "offline")
    assert board.snapshot()["seq"] == before
    expect(cards_of(page, board.done).locator("li > button")).to_have_text(["Write", "Draw"])
    page.context.set_offline(False)

    expect_live(page)
    expect_level(board, page)
    events = board.events(after=before)
    assert [event["cid"] for event in events] == list(dict.fromkeys(keys))
    assert [event["changes"][0]["id"] for event in events] == [tasks[0], tasks[1], tasks[0]]


def test_a_change_whose_answer_was_lost_is_sent_again_and_made_once(
    page: Page, board: TeamBoard, tasks: list[int]
) -> None:
    """The server has taken it, the network dies before the answer: only the same key makes it once."""
    keys = keys_sent(page)
    before = board.snapshot()["seq"]
    held = hold_back(page, f"**/api/tasks/{tasks[0]}")
    drag(page, tasks[0], board.doing)
    expect(cards_of(page, board.doing).locator("li")).to_have_count(1)
    with page.expect_response(f"**/api/tasks/{tasks[0]}") as again:
        lost = held.pop()
        assert lost.fetch().ok
        lost.abort()

    assert again.value.ok
    expect_level(board, page)
    assert [event["cid"] for event in board.events(after=before)] == list(set(keys))
    assert len(keys) == 2


def test_with_web_and_hub_gone_the_page_is_offline_and_brings_its_changes_when_they_are_back(
    page: Page, stack: Stack, board: TeamBoard, tasks: list[int], ending: Callable[..., None]
) -> None:
    before = board.snapshot()["seq"]
    ending("web", "hub")
    drag(page, tasks[0], board.doing)
    expect_sign(page, "Offline (1 change waiting)", "offline")
    press(page, tasks[1], "Space", "ArrowRight", "Space")
    expect_sign(page, "Offline (2 changes waiting)", "offline")
    start(stack)
    come_back(page)

    expect_live(page)
    expect_level(board, page)
    moved = [(event["changes"][0]["id"], event["verb"]) for event in board.events(after=before)]
    assert moved == [(tasks[0], "task.moved"), (tasks[1], "task.moved")]


def test_a_card_added_without_a_network_can_be_moved_before_it_has_a_number(
    page: Page, board: TeamBoard
) -> None:
    page.context.set_offline(True)
    expect_sign(page, "Offline", "offline")
    page.get_by_role("button", name="Add card").nth(1).click()
    box = page.get_by_role("textbox", name="What is to be done?")
    box.fill("Thought of on a train")
    box.press("Enter")
    expect(cards_of(page, board.todo).locator("li.unsaved")).to_have_text("Thought of on a train")
    expect_sign(page, "Offline (1 change waiting)", "offline")
    page.context.set_offline(False)

    expect_live(page)
    expect(page.locator("li.unsaved")).to_have_count(0)
    expect_level(board, page)


def test_a_page_that_was_away_for_many_changes_is_level_when_it_is_live(
    page: Page, board: TeamBoard, tasks: list[int]
) -> None:
    page.context.set_offline(True)
    expect_sign(page, "Offline", "offline")
    for column in (board.doing, board.done, board.todo) * 5:
        board.change(f"tasks/{tasks[0]}", column=column)
    missed = board.snapshot()["seq"]
    away = page.evaluate("Date.now()")
    page.context.set_offline(False)

    expect_live(page)
    expect_level(board, page)
    assert all(s["seq"] >= missed for s in signs(page) if s["sign"] == "live" and s["at"] > away)


def test_signed_out_elsewhere_a_change_is_taken_back_and_the_reason_is_told(
    new_context: Callable[..., BrowserContext], ana: Person, board: TeamBoard, tasks: list[int]
) -> None:
    page = new_context(storage_state=ana.session).new_page()
    page.goto(f"/boards/{board.id}/")
    expect_live(page)
    page.context.clear_cookies()
    drag(page, tasks[0], board.doing)

    expect(page.get_by_role("region", name="Notices").locator("p")).to_be_visible()
    expect(cards_of(page, board.todo).locator("li")).to_have_count(3)
