"""Ask a running product for a board of many tasks, and for the cookies of those who may use it."""

import json
from dataclasses import dataclass

from tests.stack import Stack

PEOPLE = 24


@dataclass(frozen=True)
class Filled:
    """A board of `tasks` tasks; To do, Doing and Done; a session cookie for each of its members."""

    id: int
    tasks: int
    columns: tuple[int, ...]
    sessions: tuple[str, ...]


def fill(stack: Stack, tasks: int) -> Filled:
    """Make a board of `tasks` tasks with 24 members; 5,000 take a few seconds."""
    call = f"from bench.rows import print_board; print_board(tasks={tasks}, people={PEOPLE})"
    facts = json.loads(stack.manage("shell", "-c", call).splitlines()[-1])
    return Filled(facts["id"], tasks, tuple(facts["columns"]), tuple(facts["sessions"]))
