"""What the servers are asked to do, each the same in the same minutes, and what our hub is held to."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.fanout.measuring import (
    Results,
    Turn,
    Work,
    cpu_us_an_event,
    in_turns,
    p99_ms,
    per_cpu_second,
    stages,
)
from bench.fanout.preparing import Programs
from bench.fanout.servers import (
    PEERS,
    Channels,
    Floor,
    Hub,
    HubsOverRedis,
    JoinedFloor,
    Nchan,
    Server,
    TornadoPlain,
)
from bench.fanout.tables import print_results
from bench.report import Target

PER_CPU_SECOND = "deliveries a CPU second"


@dataclass(frozen=True)
class Asked:
    """What this run is to do."""

    programs: Programs
    kinds: tuple[type[Server], ...]
    rounds: int

    def those(self, *kinds: type[Server]) -> list[type[Server]]:
        """Give the servers that take part, of these."""
        return [kind for kind in kinds if kind in self.kinds]


def crowd(asked: Asked) -> list[Target]:
    """1,000 connections to one room: a burst of 200 events, then 20 a second."""
    with stages(asked.those(*PEERS), asked.programs, rooms=[1], each=1_000) as standing:
        burst = in_turns(standing, Work(200), asked.rounds)
        without_joined = [one for one in standing if not isinstance(one.server, JoinedFloor)]
        steady = in_turns(without_joined, Work(100, rate=20), asked.rounds)
    print_results("A burst of 200 events to 1,000 connections", burst, PER_CPU_SECOND, per_cpu_second)
    print_results(
        "20 events a second to 1,000 connections, 5 s a round", steady, PER_CPU_SECOND, per_cpu_second
    )
    return [
        *_at_least(burst, 10, Nchan, "burst: deliveries"),
        *_at_least(steady, 1.0, Nchan, "20/s: deliveries"),
        *_at_least(steady, 0.65, Floor, "20/s: deliveries"),
        *_at_least(steady, 3, TornadoPlain, "20/s: deliveries"),
        *_at_least(steady, 25, Channels, "20/s: deliveries"),
        *_at_most(steady, 1.3, Floor, "20/s: p99", p99_ms),
        *_nothing_amiss(burst, "burst"),
        *_nothing_amiss(steady, "20/s"),
    ]


def many(asked: Asked) -> list[Target]:
    """5,000 connections to one room: 10 events a second."""
    with stages(asked.those(Hub, Nchan, Floor), asked.programs, rooms=[1], each=5_000) as standing:
        steady = in_turns(standing, Work(50, rate=10), asked.rounds)
    print_results(
        "10 events a second to 5,000 connections, 5 s a round", steady, PER_CPU_SECOND, per_cpu_second
    )
    return [
        *_at_least(steady, 0.8, Floor, "5,000 connections: deliveries"),
        *_nothing_amiss(steady, "5,000 connections"),
    ]


def boards(asked: Asked) -> list[Target]:
    """200 rooms of 10 connections: 200 events a second in all."""
    rooms = tuple(range(1, 201))
    with stages(asked.those(Hub, Nchan, Floor), asked.programs, rooms=rooms, each=10) as standing:
        steady = in_turns(standing, Work(1_000, rate=200, rooms=rooms), asked.rounds)
    print_results(
        "200 events a second to 200 rooms of 10 connections, 5 s a round",
        steady,
        "CPU us an event",
        cpu_us_an_event,
    )
    return [
        *_at_most(steady, 2, Nchan, "200 rooms: CPU an event", cpu_us_an_event),
        *_nothing_amiss(steady, "200 rooms"),
    ]


def redis(asked: Asked) -> list[Target]:
    """1,000 connections to one room on two hubs with Redis between, and on one hub: 20 events a second."""
    kinds = [Hub, HubsOverRedis] if Hub in asked.kinds else []
    with stages(kinds, asked.programs, rooms=[1], each=1_000) as standing:
        steady = in_turns(standing, Work(100, rate=20), asked.rounds)
    print_results(
        "20 events a second to 1,000 connections: one hub, and two with Redis between",
        steady,
        PER_CPU_SECOND,
        per_cpu_second,
    )
    return [
        *_at_least(steady, 0.9, Hub, "two hubs: deliveries", mine=HubsOverRedis),
        *_nothing_amiss(steady, "two hubs", mine=HubsOverRedis),
    ]


def _at_least(
    results: Results, limit: float, other: type[Server], what: str, mine: type[Server] = Hub
) -> list[Target]:
    if not {mine, other} <= set(results):
        return []
    ratio = results[mine].ratio(results[other], per_cpu_second)
    return [Target(f"{what} a CPU second, of {other.name}", ratio, limit, "times", at_least=True)]


def _at_most(
    results: Results, limit: float, other: type[Server], what: str, of: Callable[[Turn], float]
) -> list[Target]:
    if not {Hub, other} <= set(results):
        return []
    return [Target(f"{what}, of {other.name}", results[Hub].ratio(results[other], of), limit, "times")]


def _nothing_amiss(results: Results, what: str, mine: type[Server] = Hub) -> list[Target]:
    if mine not in results:
        return []
    amiss = results[mine].lost + results[mine].out_of_order
    return [Target(f"{what}: lost or out of order", amiss, 0, "events")]
