"""Measure what an answer of the API costs the server's processor, by size of the board and by database."""

import argparse
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.client import Answer, Client
from bench.cpu import cpu_seconds
from bench.filling import Filled, fill
from bench.moving import endless_moves
from bench.report import Target, growth, print_heading, print_table, print_targets
from tests.services import postgres_server
from tests.stack import Stack, running_stack

SIZES = (100, 1_000, 5_000)
WARM_UP = 10  # requests
WORK = ("snapshot", "not modified", "move", "list of 100")
# Planka 2 on the same two cores, measured when this product was planned: tasks, opening, move, in ms of CPU
RECORDED_PLANKA = ((1_000, 136, 26), (5_000, 432, 50))


@dataclass(frozen=True)
class Cost:
    """What one request of a kind cost the web processes, and the database where it is a server."""

    tasks: int
    what: str
    requests: int
    web_ms: float
    database_ms: float
    wire_bytes: int

    def row(self) -> list[object]:
        rate = 1000 / self.web_ms
        return [self.what, self.tasks, self.requests, self.web_ms, rate, self.database_ms, self.wire_bytes]


@contextmanager
def product(database: str) -> Iterator[tuple[Stack, list[int]]]:
    """Run the product on SQLite or PostgreSQL; with it come the ids of the database's processes."""
    if database == "sqlite":
        with running_stack() as stack:
            yield stack, []
    else:
        with postgres_server() as server, running_stack(database=server.make_database("bench")) as stack:
            yield stack, [server.pid]


def measure(database: str, sizes: list[int], requests: int) -> list[Cost]:
    with product(database) as (stack, servers):
        return [cost for size in sizes for cost in measure_board(stack, servers, fill(stack, size), requests)]


def measure_board(stack: Stack, servers: list[int], board: Filled, requests: int) -> Iterator[Cost]:
    client = Client(stack.board_url, board.sessions[0])
    for what, ask in kinds(client, board).items():
        for _ in range(WARM_UP):
            check(ask(), what)
        web = [stack.process("web").pid]
        before, before_database = spent(web), spent(servers)
        answers = [check(ask(), what) for _ in range(requests)]
        web_ms = 1000 * (spent(web) - before) / requests
        database_ms = 1000 * (spent(servers) - before_database) / requests
        wire = max(len(answer.body) for answer in answers)
        yield Cost(board.tasks, what, requests, web_ms, database_ms, wire)
    client.close()


def kinds(client: Client, board: Filled) -> dict[str, Callable[[], Answer]]:
    """Return a way to ask once for each kind of work."""
    path = f"/api/boards/{board.id}/snapshot"
    first = client.get(path)
    etag, tasks = first.headers["etag"], first.json()["tasks"]
    moves = endless_moves(board, tasks)

    def move() -> Answer:
        task, column, anchor = next(moves)
        return client.move(task, column=column, before=anchor, key=secrets.token_hex(16))

    return {
        "snapshot": lambda: client.get(path, **{"Accept-Encoding": "gzip"}),
        "not modified": lambda: client.get(path, **{"Accept-Encoding": "gzip", "If-None-Match": etag}),
        "move": move,
        "list of 100": lambda: client.get(f"/api/tasks?board={board.id}&page_size=100"),
    }


def check(answer: Answer, what: str) -> Answer:
    expected = 304 if what == "not modified" else 200
    assert answer.status == expected, f"{what} was answered with {answer.status}: {answer.body[:300]!r}"
    return answer


def spent(pids: list[int]) -> float:
    return sum(cpu_seconds(pid) for pid in pids)


def targets(costs: list[Cost]) -> list[Target]:
    found = {(cost.what, cost.tasks): cost for cost in costs}
    limits = {1_000: 10.0, 5_000: 35.0}
    held = [
        Target(f"snapshot of {size:,}", found["snapshot", size].web_ms, limit, "ms")
        for size, limit in limits.items()
        if ("snapshot", size) in found
    ]
    if ("snapshot", 1_000) in found:
        held.append(Target("1,000 on the wire", found["snapshot", 1_000].wire_bytes / 1000, 25, "kB"))
    return held + [
        Target(f"move among {cost.tasks:,}", cost.web_ms, 5, "ms") for cost in costs if cost.what == "move"
    ]


def print_costs(database: str, costs: list[Cost]) -> None:
    print(f"On {database}:")
    heads = ["request", "tasks", "requests", "web CPU ms", "a CPU second", "database CPU ms", "bytes"]
    print_table(heads, [cost.row() for cost in costs])
    for what in WORK:
        same = [cost for cost in costs if cost.what == what]
        if len(same) > 1:
            print(growth([cost.tasks for cost in same], [cost.web_ms for cost in same], what))
    print()
    print_targets(targets(costs))


def print_recorded() -> None:
    print("Recorded elsewhere, not measured now: Planka, CPU ms of its server on the same kind of machine")
    print_table(["tasks", "opening a board", "a move"], RECORDED_PLANKA)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--requests", type=int, default=200, help="of each kind; 200 unless told")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked = parser.parse_args()
    sizes = ", ".join(f"{size:,}" for size in asked.sizes)
    print_heading("What an answer costs", f"{asked.requests} requests of each kind, boards of {sizes} tasks")
    for database in ("sqlite", "postgresql") if asked.database == "both" else (asked.database,):
        print_costs(database, measure(database, list(asked.sizes), asked.requests))
    print_recorded()


if __name__ == "__main__":
    main()
