"""What must hold after every fault, whatever it was.

Each client's log is contiguous to the top, each event was applied once, its board equals a fresh
snapshot, though it fetched none since the first, and no event took longer to reach it than the test allows.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

from tests.faults.viewer import Viewer

PATIENCE_SECONDS = 30  # only a broken hub takes that long
LOOK_SECONDS = 0.02
SHOWN_AT_MOST = 10

Row = dict[str, Any]


class Follower(Protocol):
    """Keeps a board by its events."""

    @property
    def first(self) -> int:
        """The seq of the snapshot it began with."""

    @property
    def applied(self) -> Sequence[int]:
        """The seq of each event since, in the order in which they were applied."""

    @property
    def state(self) -> Row:
        """The board as it holds it."""


def flaws(follower: Follower, truth: Row) -> list[str]:
    """Say what is wrong with what a follower holds, beside the snapshot that was fetched at the end."""
    found = []
    if list(follower.applied) != list(range(follower.first + 1, truth["seq"] + 1)):
        found.append(f"its log after {follower.first} is not {truth['seq']} whole: {_breaks(follower)}")
    different = [name for name, held in follower.state.items() if held != truth[name]]
    return found + [f"its {name} are {follower.state[name]}, not {truth[name]}" for name in different]


async def until(
    holds: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS, *, every: float = LOOK_SECONDS
) -> None:
    """Wait until `holds`, looking every so many seconds; after `seconds` fail: `what` did not come true."""
    try:
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - it comes true in other programs
                await asyncio.sleep(every)
    except TimeoutError:
        raise AssertionError(f"{what}: not within {seconds:g} s") from None


async def until_live(viewers: Collection[Viewer]) -> None:
    """Wait until each client is confirmed by a hub."""
    await _until_all(viewers, lambda viewer: viewer.is_live, "live")


async def until_level(viewers: Collection[Viewer]) -> None:
    """Wait until each client is live and has all there is."""
    await _until_all(viewers, lambda viewer: viewer.is_live and viewer.held.seq == viewer.ledger.top, "level")


async def assert_level(viewers: Collection[Viewer], *, within: float) -> None:
    """Wait until everybody is level, and check everything; `within` bounds the staleness, in seconds."""
    await until_level(viewers)
    found = [f"{_name(viewer)}: {flaw}" for viewer in viewers for flaw in _flaws(viewer, within)]
    assert not found, "\n".join([f"{len(found)} flaws", *found[:SHOWN_AT_MOST]])


async def _until_all(viewers: Collection[Viewer], holds: Callable[[Viewer], bool], what: str) -> None:
    try:
        await until(lambda: all(map(holds, viewers)), f"all clients are {what}")
    except AssertionError as error:
        for viewer in [viewer for viewer in viewers if not holds(viewer)][:SHOWN_AT_MOST]:
            error.add_note(_whereabouts(viewer))
        raise


def _flaws(viewer: Viewer, within: float) -> list[str]:
    seconds, seq = viewer.latest
    late = [f"event {seq} came {seconds:.2f} s after its commit; {within:g} are allowed"]
    return [
        *viewer.violations,
        *(f"it was sent for a snapshot: {why}" for why in viewer.resets),
        *flaws(viewer, viewer.ledger.snapshot()),
        *(late if seconds > within else []),
    ]


def _breaks(follower: Follower) -> list[tuple[int, int]]:
    steps = zip([follower.first, *follower.applied], follower.applied, strict=False)
    return [(before, after) for before, after in steps if after != before + 1]


def _name(viewer: Viewer) -> str:
    return f"user {viewer.user} of board {viewer.ledger.number}"


def _whereabouts(viewer: Viewer) -> str:
    live = "live" if viewer.is_live else "not live"
    return (
        f"{_name(viewer)} is {live} at port {viewer.port} with {viewer.held.seq} of {viewer.ledger.top};"
        f" {viewer.dials} dials, codes {viewer.codes}, refusals {viewer.refusals},"
        f" resets {viewer.resets[:3]}, violations {viewer.violations[:3]}"
    )
