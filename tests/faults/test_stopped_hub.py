"""A hub that stands still, as under a debugger or a hypervisor, and then goes on as if nothing had been."""

import asyncio

from tests.faults.checker import assert_level
from tests.faults.fleet import Fleet

A_SECOND = 50
STOPPED_SECONDS = 40  # longer than every lease, timer and time-out that anybody has for it
PING_SECONDS = 5
SILENCE_SECONDS = 2 * PING_SECONDS  # then a browser goes elsewhere
POST_SECONDS = 5  # then who posts does so too
RESUMED_SECONDS = 5


async def test_a_hub_that_stood_still_for_forty_seconds_brings_its_clients_level_again(fleet: Fleet) -> None:
    ledger = fleet.open_board()
    hubs = await fleet.start_hubs(3, WATERCOOLER_PING_SECONDS=str(PING_SECONDS))
    others = await fleet.crowd(ledger, 30, at=hubs[1:])
    leaving = await fleet.crowd(ledger, 10, at=hubs[:1])
    waiting = await fleet.crowd(ledger, 10, at=hubs[:1])
    for viewer in waiting:
        viewer.is_patient = True  # as behind a proxy that keeps the line open

    async with ledger.written(a_second=A_SECOND):
        await asyncio.sleep(1)
        hubs[0].stop()
        fleet.hubs.remove(hubs[0])  # a proxy finds that it does not answer, and sends nobody there
        await asyncio.sleep(STOPPED_SECONDS)
        hubs[0].resume()
        fleet.hubs.insert(0, hubs[0])
        await asyncio.sleep(RESUMED_SECONDS)

    await assert_level(others, within=POST_SECONDS + RESUMED_SECONDS)
    await assert_level(leaving, within=SILENCE_SECONDS + RESUMED_SECONDS)
    await assert_level(waiting, within=STOPPED_SECONDS + RESUMED_SECONDS)
    assert all(viewer.dials == 1 for viewer in others + waiting)
