"""Where no WebSocket gets through, the page follows the board by plain requests, and says so."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Desks, See
from tests.browser.people import Person, TeamBoard
from tests.browser.screen import expect_level, expect_live, expect_sign
from tests.browser.test_accessibility import expect_no_violation

Follow = Callable[[], Page]
# A browser, or an extension, without WebSockets.
NONE = """
  window.WebSocket = class {
    constructor() { setTimeout(() => this.onclose?.({ code: 1006 })); }
    send() {}
    close() {}
  };
"""


@pytest.fixture
def task(board: TeamBoard) -> int:
    return board.add("Draw")


@pytest.fixture
def page(desks: Desks, ben: Person) -> Page:
    return desks.page(ben)


@pytest.fixture
def follow(page: Page, board: TeamBoard, task: int, desks: Desks) -> Follow:
    """Open the board in a page that was prepared, and wait until it is live in a slower way."""

    def open_board() -> Page:
        page.goto(f"/boards/{board.id}/")
        expect_sign(page, "Live, by a slower way", "live")
        page.evaluate("window.opened = true")
        return page

    return open_board


@pytest.fixture(autouse=True)
def tidy(desks: Desks) -> object:
    yield
    desks.tidy()


def refuse(socket: WebSocketRoute) -> None:
    """Do what a proxy does that knows no WebSockets."""
    socket.close()


def test_a_page_whose_websockets_are_closed_is_live_by_a_stream(
    page: Page, follow: Follow, board: TeamBoard, task: int
) -> None:
    page.route_web_socket("**/live", refuse)
    follow()

    board.change(f"tasks/{task}", column=board.doing)

    expect_level(board, page)
    expect(page.locator("[data-live]")).to_have_attribute(
        "title",
        "No WebSocket gets through to this page, so changes come by plain requests. Nothing is missed.",
    )
    expect_no_violation(page)


def test_a_page_without_websockets_is_live_all_the_same(
    page: Page, follow: Follow, board: TeamBoard, task: int
) -> None:
    page.add_init_script(NONE)
    follow()

    board.change(f"tasks/{task}", column=board.doing)

    expect_level(board, page)


def test_a_page_that_gets_no_stream_either_is_live_by_asking_again_and_again(
    page: Page, follow: Follow, board: TeamBoard, task: int
) -> None:
    page.route_web_socket("**/live", refuse)
    page.route("**/live/events?*", lambda route: route.abort())
    follow()
    page.evaluate("signs.length = 0")

    for column in (board.doing, board.done, board.todo):
        board.change(f"tasks/{task}", column=column)
        expect_level(board, page)
    assert {sign["sign"] for sign in page.evaluate("signs")} == {"live"}


def test_who_follows_in_a_slower_way_is_seen_and_sees_the_others(
    page: Page, follow: Follow, see: See, ana: Person, board: TeamBoard
) -> None:
    hers = see(ana, board)
    page.route_web_socket("**/live", refuse)
    follow()

    expect(hers.get_by_role("button", name="Ben Okafor is here")).to_be_visible()
    expect(page.get_by_role("button", name="Ana Lima is here")).to_be_visible()


def test_once_a_websocket_gets_through_again_it_is_taken(
    page: Page, follow: Follow, board: TeamBoard, task: int
) -> None:
    blocked = True

    def judge(socket: WebSocketRoute) -> None:
        refuse(socket) if blocked else socket.connect_to_server()

    page.route_web_socket("**/live", judge)
    follow()
    blocked = False
    page.evaluate("dispatchEvent(new Event('online'))")

    expect_live(page)
    board.change(f"tasks/{task}", column=board.done)
    expect_level(board, page)
