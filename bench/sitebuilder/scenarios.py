"""What the generators are asked to do at each size, what it cost them, and what ours is held to."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from bench.report import Target, number, print_table
from bench.sitebuilder.building import (
    ANEW,
    BODY,
    LAYOUT,
    NOTHING,
    Cost,
    Kind,
    Results,
    build_after_edits,
    build_from_nothing,
    median,
    ratio,
    write,
)
from bench.sitebuilder.generators import Eleventy, Hugo, Ours, Pelican
from bench.sitebuilder.preparing import Programs
from bench.sitebuilder.running import Used
from bench.sitebuilder.serving import EDITS as SERVED_EDITS
from bench.sitebuilder.serving import Served, serve

WALL: Cost = attrgetter("wall_seconds")
CPU: Cost = attrgetter("cpu_seconds")
FROM_NOTHING = "from nothing"
LARGE = 5_000  # posts: from here on one round, of those that can be waited for
LARGE_PEERS = (Hugo, Eleventy, Pelican)
EDITED_PEERS = (Hugo, Eleventy, Pelican)
COLUMNS = ("generator", "wall, s", "CPU, s", "CPU, ours to it", "peak MiB", "rounds")
MOST_MIB = 120  # of a process, at 10,000
SHARES: dict[int, list[tuple[Kind, Cost, float]]] = {  # of a peer's full build, that ours may cost
    100: [(Hugo, WALL, 1.5)],
    1_000: [(Hugo, WALL, 0.9), (Hugo, CPU, 0.9), (Eleventy, CPU, 0.6), (Pelican, CPU, 0.35)],
    10_000: [(Hugo, CPU, 0.65), (Eleventy, CPU, 0.85), (Pelican, CPU, 0.3)],
}
EDIT_SHARES = {1_000: 0.12, 10_000: 0.03}  # of Hugo's full build
NO_CHANGE_MS = {1_000: 60, 10_000: 200}
SERVED_MS = {1_000: 30, 10_000: 100}
LAYOUT_SHARE = 0.4  # of our own full build


@dataclass(frozen=True)
class Asked:
    """What this run is to do."""

    programs: Programs
    place: Path
    sizes: Sequence[int]
    kinds: Sequence[Kind]  # peers
    rounds: int
    serves: bool


def measure(asked: Asked) -> list[Target]:
    return [target for size in asked.sizes for target in measured(asked, size)]


def measured(asked: Asked, size: int) -> list[Target]:
    """Measure one size, print what was found, and return it beside the targets."""
    is_large = size >= LARGE
    peers = [kind for kind in asked.kinds if not is_large or kind in LARGE_PEERS]
    sites = write(size, [Ours, *peers], asked.place, asked.programs)
    full = build_from_nothing(sites, 1 if is_large else asked.rounds)
    table(f"{size:,} posts, from nothing", full)
    edited_peers = [] if is_large else [kind for kind in peers if kind in EDITED_PEERS]
    edits = build_after_edits(sites, max(asked.rounds, 3), edited_peers)
    for title, used in edits.items():
        table(f"{size:,} posts, built again: {title}", used)
    targets = [*of_full(size, full), *of_edits(size, full, edits)]
    if asked.serves:
        targets += of_served(size, serve(sites))
    return targets


def table(title: str, used: dict[Kind, list[Used]]) -> None:
    print(title)
    print_table(COLUMNS, [row(kind, its, used[Ours]) for kind, its in used.items()])


def row(kind: Kind, its: list[Used], ours: list[Used]) -> list[object]:
    share = "" if kind is Ours else number(ratio(ours, its, CPU))
    return [
        kind.name,
        median(its, WALL),
        median(its, CPU),
        share,
        max(each.peak_mib for each in its),
        len(its),
    ]


def of_full(size: int, full: dict[Kind, list[Used]]) -> list[Target]:
    found = [
        Target(
            f"{size:,} from nothing, {'wall' if cost is WALL else 'CPU'}: of {kind.name}",
            ratio(full[Ours], full[kind], cost), most, "times",
        )
        for kind, cost, most in SHARES.get(size, ())
        if kind in full
    ]  # fmt: skip
    if size >= LARGE:
        found.append(
            Target(f"{size:,}: largest process", max(u.peak_mib for u in full[Ours]), MOST_MIB, "MiB")
        )
    return found


def of_edits(size: int, full: dict[Kind, list[Used]], edits: Results) -> list[Target]:
    found = []
    if size in NO_CHANGE_MS:
        wall = 1e3 * median(edits[NOTHING][Ours], WALL)
        found.append(Target(f"{size:,}, nothing changed: wall", wall, NO_CHANGE_MS[size], "ms"))
    if size in EDIT_SHARES and Hugo in full:
        share = median(edits[BODY][Ours], CPU) / median(full[Hugo], CPU)
        found.append(
            Target(f"{size:,}, one edited post, CPU: of Hugo's full build", share, EDIT_SHARES[size], "times")
        )
    if size > 100:
        share = ratio(edits[LAYOUT][Ours], edits[ANEW][Ours], CPU)
        found.append(Target(f"{size:,}, edited layout, CPU: of our full build", share, LAYOUT_SHARE, "times"))
    return found


def of_served(size: int, served: Served) -> list[Target]:
    print(
        f"{size:,} posts, resident in serve, {SERVED_EDITS} edits: {number(served.cpu_ms)} ms CPU each, "
        f"its page after {number(served.page_ms)} ms; {number(served.resident_mib)} MiB\n"
    )
    if size not in SERVED_MS:
        return []
    return [Target(f"{size:,}, one edited post in serve: CPU", served.cpu_ms, SERVED_MS[size], "ms")]
