"""A program killed under load costs nobody a change: all end with the board that the database holds."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import expect_live
from tests.faults.conftest import Scene
from tests.services import Redis

EVERY_KIND = pytest.mark.parametrize("kind", ["sqlite", "sqlite redis", "postgres redis"])
EVERY_DATABASE = pytest.mark.parametrize("kind", ["sqlite", "postgres redis"])
ON_REDIS = pytest.mark.parametrize("kind", ["sqlite redis", "postgres redis"])
WRITES = 20
DRAWN_MS = 1_000  # a burst of events is drawn together, 0.1 s later; a busy machine takes longer


# What a database from before the last event holds, and the new epoch that a restore gives.
UNDO = """
from board.models import Board
from board.models.board import new_epoch
board = Board.objects.get(pk={board})
board.tasks.get(pk={task}).delete()
board.events.get(seq=board.seq).delete()
before = board.seq - 1
Board.objects.filter(pk=board.pk).update(seq=before, announced=before, epoch=new_epoch())
"""


def undo(scene: Scene, task: int) -> None:
    """Restore the database from before the last event, which added this task."""
    scene.stack.manage("shell", "-v0", "-c", UNDO.format(board=scene.board.id, task=task))


def now_ms() -> float:
    return time.time() * 1000


def expect_not_live(page: Page) -> None:
    expect(page.locator("[data-live]")).not_to_have_attribute("data-live", "live")


def assert_sign_was_true(page: Page, *, lost_ms: float, back_ms: float, missed: int) -> None:
    """Check that the page was not live while the hub was away, and then only with all that it had missed."""
    signs: list[dict[str, Any]] = page.evaluate("signs")
    assert [s for s in signs if s["sign"] == "live" and lost_ms <= s["at"] < back_ms] == []
    again = [sign for sign in signs if sign["sign"] == "live" and sign["at"] >= back_ms]
    level = [sign for sign in again if sign["seq"] >= missed]
    assert level
    assert level[0]["at"] - again[0]["at"] < DRAWN_MS, again


@EVERY_KIND
def test_a_hub_killed_while_somebody_writes_leaves_every_client_with_the_whole_board(scene: Scene) -> None:
    with scene.writer() as writer:
        writer.wait_for(WRITES)
        scene.kill("hub")
        for page in scene.pages:
            expect_not_live(page)
        lost_ms = now_ms()
        writer.wait_for(WRITES)
        missed, back_ms = scene.board.snapshot()["seq"], now_ms()
        scene.start("hub")
        writer.wait_for(WRITES)

    writer.assert_all_in_log_once()
    for page in scene.pages:
        expect(page.locator("[data-live]")).to_have_text("Live", timeout=60_000)
    scene.expect_level()
    for page in scene.pages:
        assert_sign_was_true(page, lost_ms=lost_ms, back_ms=back_ms, missed=missed)


@EVERY_DATABASE
def test_a_web_process_killed_between_commits_loses_no_answered_change_and_doubles_none(scene: Scene) -> None:
    with scene.writer() as writer:
        for _ in range(3):
            writer.wait_for(WRITES)
            scene.kill("web")
            scene.start("web")
        writer.wait_for(WRITES)

    assert writer.tries > len(writer.answers), "no request was cut off"
    writer.assert_all_in_log_once()
    scene.expect_level()


@EVERY_KIND
def test_events_that_nobody_could_announce_are_announced_by_an_announcer_started_later(scene: Scene) -> None:
    scene.kill("announce", "hub")
    with scene.writer() as writer:
        writer.wait_for(WRITES)
    scene.start("hub")
    scene.start("announce")

    writer.assert_all_in_log_once()
    scene.expect_level()
    for page in scene.pages:
        expect(page.locator("[data-live]")).to_have_text("Live", timeout=60_000)


@ON_REDIS
def test_a_redis_killed_and_started_empty_leaves_every_client_with_the_whole_board(
    scene: Scene, redis: Redis
) -> None:
    with scene.writer() as writer:
        writer.wait_for(WRITES)
        redis.restart()
        writer.wait_for(WRITES)

    writer.assert_all_in_log_once()
    scene.expect_level()
    for page in scene.pages:
        expect(page.locator("[data-live]")).to_have_text("Live", timeout=60_000)


@EVERY_DATABASE
def test_everything_killed_at_once_comes_back_to_the_same_board(scene: Scene) -> None:
    with scene.writer() as writer:
        writer.wait_for(WRITES)
        scene.kill("web", "hub", "announce")
        for page in scene.pages:
            expect_not_live(page)
        scene.start("web", "hub", "announce")
        writer.wait_for(WRITES)

    writer.assert_all_in_log_once()
    scene.expect_level()


@EVERY_DATABASE
def test_after_a_restore_every_client_drops_what_was_undone(scene: Scene) -> None:
    """A restore rewinds the log and gives it a new epoch: what clients hold beyond it never was."""
    with scene.writer() as writer:
        writer.wait_for(WRITES)
    undone = scene.board.add("To be undone")
    scene.expect_level()

    undo(scene, undone)
    scene.board.add("After the restore")

    scene.expect_level()
    assert scene.watcher.resets == 1


@EVERY_DATABASE
def test_after_a_restore_that_no_change_has_followed_whoever_opens_the_board_is_live(scene: Scene) -> None:
    """The hub has been told of nothing, and its bus remembers what the restore took back."""
    undone = scene.board.add("To be undone")
    scene.expect_level()

    undo(scene, undone)
    page = scene.pages[0].context.new_page()
    page.goto(scene.pages[0].url)

    expect_live(page)
