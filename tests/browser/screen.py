"""What a board's page shows, held against what the database says it should show."""

import json
import time
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Route, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.browser.people import TeamBoard

PATIENCE_MS = 20_000  # only a broken product takes this long
READ = """() => {
  const list = (node) => [...node.querySelectorAll("li[data-task]")]
    .map((card) => [Number(card.dataset.task), card.firstElementChild.textContent]);
  const lane = (node) => {
    const cards = node.querySelector("ol.cards");
    return [cards.dataset.column ? Number(cards.dataset.column) : "backlog",
      node.querySelector("h2").textContent, node.querySelector(".count").textContent, list(cards)];
  };
  const name = document.querySelector(".topbar h1");
  const sprints = document.querySelector(".sprint-picker select");
  return {
    name: name.querySelector("input")?.value ?? name.textContent,
    sprint: sprints ? sprints.selectedOptions[0].textContent : null,
    lanes: [...document.querySelectorAll(".lane")].map(lane),
    seq: Number(document.querySelector("main.board").dataset.seq),
    reloaded: window.opened !== true,
  };
}"""
# Every change of the sign and of the event shown, with its time in ms, from before the page's first script.
KEEP_SIGNS = """
  window.signs = [];
  new MutationObserver(() => {
    const sign = document.querySelector("[data-live]")?.dataset.live;
    const seq = Number(document.querySelector("main.board")?.dataset.seq);
    const last = window.signs.at(-1);
    if (sign && (sign !== last?.sign || seq !== last?.seq)) window.signs.push({ sign, seq, at: Date.now() });
  }).observe(document, { subtree: true, childList: true, attributes: true });
"""


def should_show(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Say what `READ` finds on a page that shows this snapshot, nothing being filtered."""
    active = next((sprint for sprint in snapshot["sprints"] if sprint["state"] == "active"), None)
    backlog = [task for task in snapshot["tasks"] if task["sprint"] is None]
    lanes = [["backlog", "Backlog", str(len(backlog)), _cards(backlog)]]
    for column in snapshot["columns"]:
        held = [task for task in snapshot["tasks"] if task["column"] == column["id"] and task["sprint"]]
        shown = [task for task in held if not active or task["sprint"] == active["id"]]
        limit = column["limit"]
        count = str(len(shown)) if limit is None else f"{len(held)}/{limit}"
        lanes.append([column["id"], column["name"], count, _cards(shown)])
    sprint = f"{active['name']} (active)" if active else "All sprints"
    return {
        "name": snapshot["board"]["name"],
        "sprint": sprint if snapshot["sprints"] else None,
        "lanes": lanes,
        "seq": snapshot["seq"],
        "reloaded": False,
    }


def expect_level(board: TeamBoard, *pages: Page) -> None:
    """Wait until each page, never reloaded, shows what the database holds."""
    for page in pages:
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not _is_level(page, expected := should_show(board.snapshot())):
            if time.monotonic() > deadline:
                shown = page.evaluate(READ)
                raise AssertionError(f"the page shows\n{shown}\nand the database holds\n{expected}")


def expect_position(page: Page, board: TeamBoard) -> None:
    """Wait until the page has heard of every event, whatever it draws."""
    expect(page.locator("main.board")).to_have_attribute("data-seq", str(board.snapshot()["seq"]))


def expect_sign(page: Page, text: str, kind: str) -> None:
    sign = page.locator("[data-live]")
    expect(sign).to_have_text(text)
    expect(sign).to_have_attribute("data-live", kind)


def expect_live(page: Page) -> None:
    expect_sign(page, "Live", "live")


def expect_note(page: Page, text: str) -> None:
    """Wait for a note at the foot of the page."""
    expect(page.get_by_role("region", name="Notices").get_by_text(text)).to_be_visible()


def card(page: Page, task: int) -> Locator:
    """The card as it lies in its list, not the copy under a dragging hand."""
    return page.locator(f"ol.cards li[data-task='{task}']")


def cards_of(page: Page, column: int | str) -> Locator:
    return page.locator("ol[data-backlog]" if column == "backlog" else f"ol[data-column='{column}']")


def open_card(page: Page, task: int) -> Locator:
    """Open a card and return its dialog, once it has loaded."""
    card(page, task).get_by_role("button").click()
    dialog = page.get_by_role("dialog", name=f"Task {task}")
    expect(dialog.get_by_text("Loading…")).to_have_count(0)
    return dialog


def choose(page: Page, menu: str, item: str) -> None:
    page.get_by_role("button", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def centre(target: Locator) -> tuple[float, float]:
    box = target.bounding_box()
    assert box is not None, f"{target} is not on the screen"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def lift(page: Page, task: int) -> None:
    """Press the mouse on a card and move it until it hangs in the air."""
    x, y = centre(card(page, task))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y + 4, steps=4)
    expect(page.locator("body > .lifted")).to_have_count(1)


def drag(page: Page, task: int, column: int | str, *, onto: int | None = None) -> None:
    """Carry a card by mouse to the empty part of a list, or onto another card's upper half."""
    lift(page, task)
    carry(page, task, column, onto=onto)
    page.mouse.up()


def carry(page: Page, task: int, column: int | str, *, onto: int | None = None) -> None:
    """Move the card that hangs in the air until its gap has opened there."""
    box = (cards_of(page, column) if onto is None else card(page, onto)).bounding_box()
    assert box is not None
    below = box["height"] - 12 if onto is None else 6
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + below, steps=15)
    expect(cards_of(page, column).locator(f".gap[data-task='{task}']")).to_have_count(1)


def press(page: Page, task: int, *keys: str) -> None:
    """Press keys on a card, each once the card has got the focus again."""
    button = card(page, task).get_by_role("button")
    button.focus()
    for key in keys:
        expect(button).to_be_focused()
        page.keyboard.press(key)


def hold_back(page: Page, url: str) -> list[Route]:
    """Keep the page's next request to `url` on its way; it then stands in the list that is returned."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(url, keep, times=1)
    return held


def is_fault(message: ConsoleMessage) -> bool:
    """Say whether a line of the console is a fault; a refusal and a lost server are told there as well.

    So is all that a page was still fetching when a test took its network away.
    """
    lost = message.text.startswith("WebSocket connection to ") or "ERR_INTERNET_DISCONNECTED" in message.text
    refused = message.text.startswith("Failed to load resource") and "/static/" not in message.location["url"]
    return message.type in {"error", "warning"} and not lost and not refused


def _is_level(page: Page, expected: dict[str, Any]) -> bool:
    """Say whether the page comes to show this within a second; a change still on its way makes it wrong."""
    text = json.dumps(expected, separators=(",", ":"), ensure_ascii=False)
    try:
        page.wait_for_function(f"(text) => JSON.stringify(({READ})()) === text", arg=text, timeout=1_000)
    except TooLate:
        return False
    return True


def _cards(tasks: list[dict[str, Any]]) -> list[list[Any]]:
    return [[task["id"], task["name"]] for task in tasks]
