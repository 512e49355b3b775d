"""Every screen, light and dark, wide and narrow, has nothing that axe-core finds wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Desks
from tests.browser.people import Person, TeamBoard
from tests.browser.screen import card, choose, expect_live, open_card

AXE = (Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
FIND = """async () => {
  await Promise.all(document.getAnimations().filter((one) => one.effect.getTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => {})));
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }));
}"""
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}

Screen = Callable[[Page, TeamBoard], None]
OpenPage = Callable[[Person, dict[str, int]], Page]


def boards(page: Page, board: TeamBoard) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name="Release").first).to_be_visible()


def lanes(page: Page, board: TeamBoard) -> None:
    page.goto(f"/boards/{board.id}/")
    expect_live(page)


def task(page: Page, board: TeamBoard) -> None:
    lanes(page, board)
    open_card(page, board.snapshot()["tasks"][0]["id"])


def task_in_writing(page: Page, board: TeamBoard) -> None:
    task(page, board)
    page.get_by_role("button", name="Edit").click()
    expect(page.get_by_role("textbox", name="Description")).to_be_focused()


def picked_up(page: Page, board: TeamBoard) -> None:
    lanes(page, board)
    card(page, board.snapshot()["tasks"][0]["id"]).get_by_role("button").focus()
    page.keyboard.press("Space")
    expect(page.locator(".card.carried")).to_have_count(1)


def column(page: Page, board: TeamBoard) -> None:
    lanes(page, board)
    page.get_by_role("button", name="Options for column Doing").click()


def menu(page: Page, board: TeamBoard) -> None:
    lanes(page, board)
    page.get_by_role("button", name="Board menu").click()
    expect(page.get_by_role("menuitem").first).to_be_focused()


def in_company(page: Page, board: TeamBoard) -> None:
    """Others are here, more than are named, and one of them has a card in hand."""
    tasks, members = (board.snapshot()[name] for name in ("tasks", "members"))
    many = [{"u": 1000 + number, "name": f"Guest {number}"} for number in range(7)]
    moving = {
        "from": "x",
        "u": members[1]["user"],
        "kind": "dragging",
        "key": f"task:{tasks[0]['id']}",
        "d": {},
    }
    told = [{"t": "here", "b": board.id, "all": many}, {"t": "say", "b": board.id, **moving}]

    def pass_on(socket: WebSocketRoute) -> None:
        hub = socket.connect_to_server()

        def tell(message: str | bytes) -> None:
            socket.send(message)
            if json.loads(message)["t"] == "here":
                for frame in told:
                    socket.send(json.dumps(frame))

        hub.on_message(tell)

    page.route_web_socket("**/live", pass_on)
    lanes(page, board)
    expect(page.locator(".hand")).to_have_count(1)
    expect(
        page.get_by_role("button", name="Guest 0, Guest 1, Guest 2, and 4 others are here")
    ).to_be_visible()


def archived(page: Page, board: TeamBoard) -> None:
    board.change(f"boards/{board.id}", archived=True)
    lanes(page, board)
    expect(page.get_by_role("button", name="Restore board")).to_be_visible()


def from_menu(item: str) -> Screen:
    def show(page: Page, board: TeamBoard) -> None:
        lanes(page, board)
        choose(page, "Board menu", item)
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.get_by_text("Loading…")).to_have_count(0)

    return show


def not_found(page: Page, board: TeamBoard) -> None:
    page.goto("/boards/999999/")


SCREENS: dict[str, Screen] = {
    "boards": boards,
    "board": lanes,
    "task": task,
    "task in writing": task_in_writing,
    "card picked up": picked_up,
    "column": column,
    "menu": menu,
    "sprints": from_menu("Sprints"),
    "people": from_menu("People"),
    "archive": from_menu("Archived tasks"),
    "keyboard": from_menu("Keyboard"),
    "not found": not_found,
    "in company": in_company,
    "archived": archived,
}


@pytest.fixture
def full_board(board: TeamBoard, people: dict[str, Person]) -> TeamBoard:
    """A board with work in every state: late, assigned, estimated, over the limit, archived."""
    members = [member["user"] for member in board.snapshot()["members"]]
    description = "# Why\n\n- one\n- two\n\n`code` and a [link](https://example.org)"
    board.add("Draw", assignees=members, estimate=3, due="2020-01-31", description=description)
    for name in ("Write", "Check"):
        board.add(name, column=board.doing, estimate=1)
    board.change(f"columns/{board.doing}", limit=1)
    board.add("Set up", column=board.done)
    board.add("Idea", sprint=None)
    board.change(f"tasks/{board.add('Old')}", archived=True)
    board.change(f"sprints/{board.sprint}", goal="A board that the team likes to open", end="2030-01-31")
    board.maker.send("POST", "sprints", {"board": board.id, "name": "Sprint 2"})
    return board


def expect_no_violation(page: Page) -> None:
    """Run axe-core over the page as it stands, light and dark."""
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found: list[dict[str, Any]] = page.evaluate(FIND)
        assert found == [], f"{scheme}: {found}"


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    chosen: dict[str, int] = request.param
    return chosen


@pytest.mark.parametrize("name", SCREENS)
def test_nothing_stands_in_the_way_of_anybody(
    open_page: OpenPage,
    ana: Person,
    full_board: TeamBoard,
    name: str,
    size: dict[str, int],
) -> None:
    page = open_page(ana, size)
    SCREENS[name](page, full_board)

    expect_no_violation(page)


def test_nothing_stands_in_the_way_of_whoever_has_no_board_yet(
    open_page: OpenPage, sam: Person, size: dict[str, int]
) -> None:
    page = open_page(sam, size)
    page.goto("/")
    expect(page.get_by_role("heading", name="No boards yet")).to_be_visible()

    expect_no_violation(page)


def test_nothing_stands_in_the_way_of_whoever_signs_in(
    new_context: Callable[..., Any], size: dict[str, int]
) -> None:
    page = new_context(viewport=size).new_page()
    page.goto("/sign-in")
    expect_no_violation(page)
    page.get_by_label("User name").fill("ana")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()

    expect_no_violation(page)


@pytest.fixture
def open_page(desks: Desks) -> Any:
    """Open an empty page of somebody who is signed in."""
    yield lambda person, size: desks.page(person, viewport=size)
    desks.tidy()
