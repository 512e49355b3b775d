"""What the servers are asked for, each in the same minutes, and what ours is held to."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bench.cpu import Memory
from bench.placeholder.addresses import colours, mix, texts
from bench.placeholder.loading import Turn, again, each
from bench.placeholder.preparing import Programs
from bench.placeholder.servers import (
    PEERS,
    CachedSharp,
    FlaskPillow,
    Nginx,
    Ours,
    SeedsView,
    Server,
    Sharp,
    started,
)
from bench.report import Target, number, print_table

MOST_MIB = 70  # of a worker


@dataclass(frozen=True)
class Scenario:
    """Some requests, the servers that answer them, and how many times a peer's answers ours must be."""

    title: str
    ask: Callable[[Server, int], Turn]  # for how many seconds
    asked: dict[type[Server], float]
    shown: tuple[type[Server], ...] = ()  # beside them

    @property
    def kinds(self) -> Sequence[type[Server]]:
        return [kind for kind in PEERS if kind is Ours or kind in self.asked or kind in self.shown]


def _hot(server: Server, seconds: int, *, held: bool = False) -> Turn:
    return again(server, seconds=seconds, held=held)


def _mix(server: Server, seconds: int) -> Turn:
    return each(server, mix())


def _fresh(server: Server, seconds: int, *, size: str, texts_differ: bool) -> Turn:
    return each(server, (texts if texts_differ else colours)(size), seconds=seconds)


def _cold(size: str, least: float) -> list[Scenario]:
    return [
        Scenario(
            f"new {size} PNGs, {what}",
            partial(_fresh, size=size, texts_differ=texts_differ),
            {Sharp: least},
            (FlaskPillow,),
        )
        for what, texts_differ in (("other colours", False), ("other texts", True))
    ]


SCENARIOS = [  # in this order: the mix begins with caches that hold one picture, of the first
    Scenario(
        "a hot 300x200 PNG", _hot, {Nginx: 0.45, Sharp: 75, FlaskPillow: 90, SeedsView: 15}, (CachedSharp,)
    ),
    Scenario("304 Not Modified", partial(_hot, held=True), {Nginx: 0.33}, (SeedsView,)),
    Scenario("8,000 of 2,000 addresses by Zipf's law, empty caches", _mix, {CachedSharp: 9}),
    Scenario("the same again", _mix, {}, (CachedSharp,)),
    *_cold("300x200", 9),
    *_cold("1200x800", 14),
]
Results = dict[str, dict[type[Server], list[Turn]]]  # the turns of all rounds, by title


def measure(programs: Programs, *, rounds: int, seconds: int) -> list[Target]:
    """Let all servers answer in turns, started anew in every round, and print what they did."""
    results: Results = {scenario.title: defaultdict(list) for scenario in SCENARIOS}
    held: list[Memory] = []
    for _ in range(rounds):
        with started(PEERS, programs) as servers:
            for scenario in SCENARIOS:
                for kind in scenario.kinds:
                    results[scenario.title][kind].append(scenario.ask(servers[kind], seconds))
            held.append(servers[Ours].memory())
    for scenario in SCENARIOS:
        _print(scenario.title, results[scenario.title])
    most = max(held)
    print(
        f"Our worker after all this: resident {most.resident:.1f} MiB, proportional {most.proportional:.1f}\n"
    )
    ratios = [target for scenario in SCENARIOS for target in _targets(scenario, results[scenario.title])]
    return [*ratios, Target("memory of a worker", most.resident, MOST_MIB, "MiB")]


def _print(title: str, turns: dict[type[Server], list[Turn]]) -> None:
    """Print what every server did; a load near 1 is a full processor, which only the server's may be."""
    print(f"{title} ({len(turns[Ours])} rounds, medians)")
    heads = [
        "server",
        "requests a CPU second",
        "us each",
        "ours, times",
        "a second",
        "its load",
        "wrk's load",
    ]
    print_table(heads, [_row(kind, its, turns[Ours]) for kind, its in turns.items()])


def _row(kind: type[Server], its: list[Turn], ours: list[Turn]) -> list[object]:
    rate = statistics.median(turn.per_cpu_second for turn in its)
    ratio = "" if kind is Ours else number(_ratio(ours, its))
    return [
        kind.name,
        rate,
        1e6 / rate,
        ratio,
        statistics.median(turn.requests / turn.seconds for turn in its),
        max(turn.cpu_seconds / turn.seconds for turn in its),
        max(turn.client_cpu_seconds / turn.seconds for turn in its),
    ]


def _targets(scenario: Scenario, turns: dict[type[Server], list[Turn]]) -> list[Target]:
    ratios = {kind: _ratio(turns[Ours], turns[kind]) for kind in scenario.asked}
    return [
        Target(f"{scenario.title}: of {kind.name}", ratios[kind], least, "times", at_least=True)
        for kind, least in scenario.asked.items()
    ]


def _ratio(ours: list[Turn], theirs: list[Turn]) -> float:
    pairs = zip(ours, theirs, strict=True)
    return statistics.median(mine.per_cpu_second / other.per_cpu_second for mine, other in pairs)
