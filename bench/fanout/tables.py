"""Print what servers did side by side."""

from collections.abc import Callable

from bench.fanout.measuring import Figures, Results, Turn, p99_ms
from bench.fanout.servers import Floor, Nchan
from bench.report import number, print_table


def print_results(title: str, results: Results, what: str, of: Callable[[Turn], float]) -> None:
    """Print a figure of every server, what it is of nchan's and of the C loop's, delays, and what is amiss.

    The client's load is the share of a processor that the load client used: near 1 it was the bottleneck.
    """
    rounds = max((len(figures.turns) for figures in results.values()), default=0)
    print(f"{title} ({rounds} rounds: medians, and sums of what was lost, late or refused)")
    others = [kind for kind in (Nchan, Floor) if kind in results]
    heads = ["server", what, *(f"of {kind.name}" for kind in others), "p50 ms", "p99 ms"]
    rows = [
        [
            kind.name,
            figures.median(of),
            *(number(figures.ratio(results[other], of)) for other in others),
            figures.median(lambda turn: turn.heard.p50_ms),
            figures.median(p99_ms),
            *_amiss(figures),
        ]
        for kind, figures in results.items()
    ]
    print_table([*heads, "lost", "out of order", "refused", "client's load"], rows)


def _amiss(figures: Figures) -> list[object]:
    return [figures.lost, figures.out_of_order, figures.refusals, figures.client_load]
