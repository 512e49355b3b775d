"""Very many clients: one that hardly reads costs the others nothing, and all may come back at once."""

from tests.faults.checker import until, until_level, until_live
from tests.faults.fleet import Fleet
from tests.faults.trickle import SlowViewer

SLOW_CLOSES = 'watercooler_closes_total{code="4002"}'
LARGE = "x" * 32 * 1024
GROWN_BYTES_AT_MOST = 16 * 1024 * 1024  # 1 MiB waits for the slow one; large posts need more for a moment
AT_ONCE_SECONDS = 3
STORM = 2_000
BACK_SECONDS = 20  # clients wait longer with each attempt
DIALS_AT_MOST = 3  # on an average


async def test_one_who_reads_a_byte_a_second_is_let_go_and_a_thousand_others_notice_nothing(
    fleet: Fleet,
) -> None:
    ledger, heavy = fleet.open_board(7), fleet.open_board(8)
    (hub,) = await fleet.start_hubs(1)
    crowd = await fleet.crowd(ledger, 1_000)
    slow = fleet.newcomer(heavy, kind=SlowViewer)
    assert isinstance(slow, SlowViewer)
    heavy.write(100, name=LARGE)  # one large post, and all that its board may keep: what a hub needs anyway
    await until_level([slow])
    slow.read(slowly=True)
    before, dials = hub.memory_bytes(), sum(viewer.dials for viewer in crowd)

    async with ledger.written(a_second=20), heavy.written(a_second=30, name=LARGE):
        await until(lambda: hub.metric(SLOW_CLOSES) == 1, "the slow one is let go", every=0.5)
    grown = hub.memory_bytes() - before

    await fleet.assert_level(within=AT_ONCE_SECONDS)
    assert sum(viewer.dials for viewer in crowd) == dials
    assert grown < GROWN_BYTES_AT_MOST
    slow.read(slowly=False)
    await until(lambda: slow.dials > 1, "the slow one comes back")
    await until_level([slow])
    assert slow.violations == []


async def test_two_thousand_who_come_back_at_once_are_all_live_again_and_lost_nothing(fleet: Fleet) -> None:
    ledgers = [fleet.open_board(number) for number in range(7, 38)]
    await fleet.start_hubs(2)
    await fleet.crowd(ledgers[0], STORM // 4)
    for ledger in ledgers[1:]:
        await fleet.crowd(ledger, STORM * 3 // 4 // (len(ledgers) - 1))
    dials = sum(viewer.dials for viewer in fleet.viewers)

    async with ledgers[0].written(a_second=20), ledgers[1].written(a_second=20):
        for viewer in fleet.viewers:
            viewer.leave()  # as if the proxy between them had been restarted
        await until_live(fleet.viewers)

    await fleet.assert_level(within=BACK_SECONDS)
    assert len(fleet.viewers) == STORM
    assert sum(viewer.dials for viewer in fleet.viewers) - dials < STORM * DIALS_AT_MOST
