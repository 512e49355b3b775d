"""Hubs killed under load cost nobody an event, and their people are not taken for present."""

import asyncio
import os
import signal
from collections.abc import Iterable

from tests.faults.checker import until, until_live
from tests.faults.fleet import Fleet
from tests.faults.viewer import Viewer
from tests.services import Redis

A_SECOND = 200
RESUMED_SECONDS = 5
GHOSTS_GONE_SECONDS = 25
BACK_SECONDS = 20  # where there was no hub for a while: clients wait longer with each attempt


async def test_when_one_hub_of_three_is_killed_its_clients_go_on_at_the_others(fleet: Fleet) -> None:
    ledger = fleet.open_board()
    hubs = await fleet.start_hubs(3)
    await fleet.crowd(ledger, 60)

    async with ledger.written(a_second=A_SECOND):
        await asyncio.sleep(2)
        hubs[0].kill9()
        await asyncio.sleep(5)

    await fleet.assert_level(within=RESUMED_SECONDS)


async def test_when_one_process_of_several_is_killed_another_takes_its_place(fleet: Fleet) -> None:
    ledger = fleet.open_board()
    (hub,) = await fleet.start_hubs(1, "--processes", "3", "--reuse-port")
    hub.foreseen = "process ended, another is started"
    await until(lambda: hub.log.read_text().count("event=listening") == 3, "all three listen")
    await fleet.crowd(ledger, 60)
    processes = set(hub.children())
    killed = fleet.chance.choice(sorted(processes))

    async with ledger.written(a_second=A_SECOND):
        os.kill(killed, signal.SIGKILL)
        await until(lambda: len(set(hub.children()) - {killed}) == len(processes), "another is started")
        await asyncio.sleep(3)

    await fleet.assert_level(within=RESUMED_SECONDS)


async def test_who_does_not_come_back_from_a_killed_hub_is_not_taken_for_present(fleet: Fleet) -> None:
    """Nobody has said goodbye for them: their process's lease ends."""
    ledger = fleet.open_board()
    hubs = await fleet.start_hubs(3)
    viewers = await fleet.crowd(ledger, 30)
    ghosts = [fleet.newcomer(ledger, at=hubs[0], comes_back=False) for _ in range(5)]
    await until_live(ghosts)
    here = {viewer.user for viewer in viewers}
    await until(lambda: _all_see(viewers, here | {ghost.user for ghost in ghosts}), "all see all")

    hubs[0].kill9()

    await until(lambda: _all_see(viewers, here), "nobody sees a ghost", GHOSTS_GONE_SECONDS)
    await fleet.assert_level(within=RESUMED_SECONDS)


async def test_when_all_hubs_and_redis_are_killed_each_hub_reads_a_boards_log_once(
    fleet: Fleet, redis: Redis
) -> None:
    ledgers = [fleet.open_board(number) for number in range(7, 12)]
    hubs = await fleet.start_hubs(3)
    for ledger in ledgers:
        await fleet.crowd(ledger, 12)

    fleet.kill_all_hubs()
    redis.restart()
    fleet.board.reads = 0
    for ledger in ledgers:
        ledger.write(50)
    await fleet.bring_up(hubs)
    await fleet.assert_level(within=BACK_SECONDS)
    assert fleet.board.reads <= len(ledgers) * len(hubs)


def _all_see(viewers: Iterable[Viewer], users: set[int]) -> bool:
    return all(viewer.present.keys() == users for viewer in viewers)
