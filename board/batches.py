"""Cut events into parts that are not too large to send at once."""

from collections.abc import Iterable, Iterator

import orjson

from board.wire import Wire


def batches(events: Iterable[Wire], *, size: int) -> Iterator[list[Wire]]:
    """Yield `events` in order, in lists of at most `size` bytes of JSON; a larger event goes alone."""
    batch: list[Wire] = []
    held = 0
    for event in events:
        length = len(orjson.dumps(event))
        if batch and held + length > size:
            yield batch
            batch, held = [], 0
        batch.append(event)
        held += length
    if batch:
        yield batch
