"""Compare what the pages show with what the database holds."""

import time
from collections.abc import Sequence

import psycopg
from playwright.sync_api import Page

Order = dict[str, list[int]]  # the ids of a lane's tasks from top to bottom, by column or "backlog"

SHOWN = """Object.fromEntries([...document.querySelectorAll("ol.cards")].map((list) => [
    list.dataset.column ?? "backlog", [...list.children].map((card) => Number(card.dataset.task)),
]))"""
LANES = """
    SELECT CASE WHEN task.sprint_id IS NULL THEN 'backlog' ELSE task.column_id::text END, task.id
    FROM board_task task WHERE task.board_id = %s AND NOT task.archived ORDER BY task.place
"""
SHARED = """
    SELECT coalesce(sum(sharing), 0)::int FROM (
        SELECT count(*) AS sharing FROM board_task WHERE board_id = %s GROUP BY place HAVING count(*) > 1
    ) AS places
"""


def order_in_database(url: str, board: int) -> Order:
    with psycopg.connect(url) as connection:
        rows = connection.execute(LANES, [board]).fetchall()
    order: Order = {}
    for lane, task in rows:
        order.setdefault(lane, []).append(task)
    return order


def tasks_sharing_a_place(url: str, board: int) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(SHARED, [board]).fetchone()
    return int(row[0]) if row else 0


def order_on_screen(page: Page) -> Order:
    """Read the cards that are in the document; a lane without cards is left out."""
    shown: Order = page.evaluate(SHOWN)
    return {lane: cards for lane, cards in shown.items() if cards}


def equal(pages: Sequence[Page], url: str, board: int) -> bool:
    truth = order_in_database(url, board)
    return all(order_on_screen(page) == truth for page in pages)


def seconds_until_equal(pages: Sequence[Page], url: str, board: int, *, since: float, most: float) -> float:
    """Return the seconds from `since` until every page equals the database; infinite after `most`."""
    while not equal(pages, url, board):
        if time.monotonic() - since > most:
            return float("inf")
        pages[0].wait_for_timeout(25)
    return time.monotonic() - since
