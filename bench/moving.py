"""Choose moves that are always allowed, however many people make them at once."""

import itertools
from collections.abc import Iterator
from typing import Any

from bench.filling import Filled


def endless_moves(
    board: Filled, tasks: list[dict[str, Any]], *, part: int = 0, parts: int = 1
) -> Iterator[tuple[int, int, int]]:
    """Yield task, column and the task to stand before, over and over; each move leads to another column.

    Every second task moves; the others stand, to be moved before. With `parts` each mover has one of them.
    """
    lanes = [[task["id"] for task in tasks if task["column"] == c and task["sprint"]] for c in board.columns]
    movers = [(home, task) for home, lane in enumerate(lanes) for task in lane[1::2]][part::parts]
    for turn in itertools.count():
        for place, (home, task) in enumerate(movers):
            lane = (home + turn + 1) % len(lanes)
            standing = lanes[lane][::2]
            yield task, board.columns[lane], standing[(place * 7 + turn) % len(standing)]
