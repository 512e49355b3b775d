"""What a connection holds of the memory, how everything grows with them, and what one stuck reader does."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from bench.fanout import gauges
from bench.fanout.events import FRAME_BYTES
from bench.fanout.measuring import Stage, Turn, Work, p99_ms, per_cpu_second, stage
from bench.fanout.scenarios import Asked
from bench.fanout.servers import Channels, Floor, Hub, Nchan, NodeWs, Server, TornadoPlain
from bench.report import Target, print_table

SIZES = (100, 1_000, 5_000, 10_000)  # connections
DELIVERIES = 20_000  # a second, by however many connections
SECONDS = 3
EVERYONE, STUCK = 1, 2  # rooms
STUCK_BYTES = 128 * 1024  # an event for the stuck reader alone: they fill the kernel's buffers in seconds


@dataclass(frozen=True)
class Step:
    """One server at one size."""

    kib: float  # a connection, before the first event of this size
    turn: Turn


@dataclass(frozen=True)
class Pass:
    """One hub with a reader that is stuck, or is not."""

    turn: Turn
    grown_kib: int  # from before the first event to the most that was held
    closed: int  # connections, by the hub


def growth(asked: Asked) -> list[Target]:
    """100 to 10,000 connections to one room, at 20,000 deliveries a second whatever their number."""
    kinds = asked.those(Hub, Nchan, Floor, NodeWs, TornadoPlain, Channels)
    grown = {kind: _grow(kind, asked) for kind in kinds}
    print(f"{DELIVERIES:,} deliveries a second to a growing room, {SECONDS} s at each size"
          f" (Channels: {DELIVERIES * Channels.bears:,.0f})")  # fmt: skip
    _print_steps("KiB a connection", grown, lambda step: step.kib)
    _print_steps("deliveries a CPU second", grown, lambda step: per_cpu_second(step.turn))
    _print_steps("p99 ms", grown, lambda step: p99_ms(step.turn))
    _print_steps("lost or out of order", grown, lambda step: step.turn.amiss)
    if Hub not in grown:
        return []
    return [
        Target(f"idle: each of {SIZES[-1]:,} connections", grown[Hub][-1].kib, 11, "KiB"),
        Target("growth: lost or out of order", sum(step.turn.amiss for step in grown[Hub]), 0, "events"),
    ]


def stuck(asked: Asked) -> list[Target]:
    """1,000 connections at 20 events a second, beside one that is sent 2.6 MB a second and never reads."""
    if Hub not in asked.kinds:
        return []
    passes: dict[bool, list[Pass]] = {True: [], False: []}
    for _ in range(asked.rounds):
        for reads, some in passes.items():
            some.append(_pass(asked, reads=reads))
    print(
        "1,000 connections, and one that reads or never does; 20 events a second to all, 20 of 128 KiB to it"
    )
    heads = ["the one", "p50 ms", "p99 ms", "most MiB more", "closed by the hub", "lost or out of order"]
    print_table(heads, [_row(reads, some) for reads, some in passes.items()])
    p99 = {reads: statistics.median(one.turn.heard.p99_ms for one in some) for reads, some in passes.items()}
    grown = {reads: statistics.median(one.grown_kib for one in some) for reads, some in passes.items()}
    return [
        Target("stuck reader: the others' p99, of without", p99[False] / p99[True], 1.2, "times"),
        Target("stuck reader: more memory than without", (grown[False] - grown[True]) / 1024, 2, "MiB"),
    ]


def _grow(kind: type[Server], asked: Asked) -> list[Step]:
    with stage(kind, asked.programs) as standing:
        return [_step(standing, size) for size in SIZES]


def _step(standing: Stage, size: int) -> Step:
    standing.fill([EVERYONE], size)
    kib = standing.kib_a_connection()
    rate = DELIVERIES / size
    return Step(kib, standing.do(Work(round(SECONDS * rate), rate=rate)))


def _print_steps(what: str, grown: dict[type[Server], list[Step]], of: Callable[[Step], float]) -> None:
    heads = [what, *(f"{size:,}" for size in SIZES)]
    print_table(heads, [[kind.name, *map(of, steps)] for kind, steps in grown.items()])


def _pass(asked: Asked, *, reads: bool) -> Pass:
    with stage(Hub, asked.programs) as standing:
        standing.fill([EVERYONE], 1_000)
        standing.sit_in([EVERYONE, STUCK], reads=reads)
        pids = standing.server.pids()
        before, files = gauges.resident_kib(pids), gauges.open_files(pids)
        gauges.forget_most_resident(pids)
        work = Work(400, rate=40, rooms=(EVERYONE, STUCK), sizes=(FRAME_BYTES, STUCK_BYTES))
        turn = standing.do(work)
        return Pass(turn, gauges.most_resident_kib(pids) - before, files - gauges.open_files(pids))


def _row(reads: bool, passes: list[Pass]) -> list[object]:
    heard = [one.turn.heard for one in passes]
    return [
        "reads" if reads else "never reads",
        statistics.median(one.p50_ms for one in heard),
        statistics.median(one.p99_ms for one in heard),
        statistics.median(one.grown_kib for one in passes) / 1024,
        f"{sum(one.closed for one in passes)} of {len(passes)}",
        sum(one.turn.amiss for one in passes),
    ]
