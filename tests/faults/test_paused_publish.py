"""An event that is under way while somebody subscribes comes once and in order, wherever each of them is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random

import pytest

from tests.faults.checker import PATIENCE_SECONDS, assert_level, until_live
from tests.faults.conftest import SEED
from tests.faults.held_bus import HeldBus
from tests.faults.ledger import Ledger
from tests.faults.viewer import ORIGIN, Viewer
from tests.watercooler.fake_board import FakeBoard
from watercooler.configuration import Configuration
from watercooler.messages import Keys, random_key
from watercooler.service import Service

pytestmark = pytest.mark.slow

AT_ONCE_SECONDS = 5
PUBLISHING = ["committed", "posted", "taken", "told"]
FIRST_TO_COME = ["bus asked", "bus answered", "board answered"]
NOT_THE_FIRST = ["bus asked", "bus answered"]  # the room is known, so the board need not be asked


class Stage:
    """One hub in this process, with a board and clients whose every step is in the test's hands."""

    def __init__(self, bus: HeldBus, board: FakeBoard, service: Service, ledger: Ledger) -> None:
        self.bus, self.board, self.service, self.ledger = bus, board, service, ledger
        self.viewers: list[Viewer] = []
        self.tasks: list[asyncio.Task[None]] = []

    def viewer(self) -> Viewer:
        """Give somebody who holds a snapshot of this moment, and has not come yet."""
        user, keys = len(self.viewers) + 1, self.board.keys
        ports = [self.service.port]
        viewer = Viewer(self.ledger, user=user, keys=keys, ports=lambda: ports, chance=Random(SEED))
        self.viewers.append(viewer)
        return viewer

    def begin(self, viewer: Viewer) -> None:
        """Let somebody come."""
        self.tasks.append(asyncio.create_task(viewer.stay()))

    async def begin_until(self, viewer: Viewer, step: str) -> Callable[[], None]:
        """Let somebody come until this step is reached; give what lets them go on."""
        if step == "board answered":
            self.board.asked.clear()
            self.board.may_answer.clear()
            self.begin(viewer)
            await patiently(self.board.asked.wait())
            return self.board.may_answer.set
        gate = {"bus asked": self.bus.asked, "bus answered": self.bus.answered}[step]
        gate.hold()
        self.begin(viewer)
        await patiently(gate.reached.wait())
        return gate.release

    async def publish(self) -> None:
        """Post all that is not announced yet."""
        events, self.ledger.announced = self.ledger.log[self.ledger.announced :], self.ledger.top
        await self.service.hub.publish(events)

    async def publish_until(self, step: str) -> Callable[[], Awaitable[None]]:
        """Post what is committed until this step is reached; give what does the rest."""
        if step == "committed":
            return self.publish
        if step == "told":
            await self.publish()
            return self.publish  # nothing is left
        gate = {"posted": self.bus.posted, "taken": self.bus.taken}[step]
        gate.hold()
        publishing = asyncio.create_task(self.publish())
        await patiently(gate.reached.wait())

        async def go_on() -> None:
            gate.release()
            await publishing

        return go_on


async def patiently(waiting: Awaitable[object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await waiting


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    bus, key = HeldBus(), random_key()
    monkeypatch.setattr("watercooler.service.MemoryBus", lambda: bus)
    board = FakeBoard(Keys.parse(key))
    ledger = Ledger(7, epoch=board.epoch, chance=Random(SEED))
    board.logs = {7: ledger.log}
    await board.start()
    variables = {"WATERCOOLER_KEYS": key, "WATERCOOLER_PORT": "0", "WATERCOOLER_ORIGINS": ORIGIN}
    service = Service(Configuration.read({**variables, "BOARD_URL": board.url}), failed=lambda: None)
    await service.start()
    stage = Stage(bus, board, service, ledger)
    yield stage
    for task in stage.tasks:
        task.cancel()
    await asyncio.gather(*stage.tasks, return_exceptions=True)
    await service.stop()
    await board.stop()


@pytest.mark.parametrize("publishing", PUBLISHING)
@pytest.mark.parametrize("bus", ["remembering bus", "emptied bus"])
@pytest.mark.parametrize("subscribing", FIRST_TO_COME)
async def test_a_publish_paused_while_the_first_one_subscribes_leaves_no_gap_and_no_double(
    stage: Stage, subscribing: str, bus: str, publishing: str
) -> None:
    late = stage.viewer()
    stage.ledger.write(3)
    if bus == "remembering bus":
        await stage.publish()
    else:
        stage.ledger.announced = stage.ledger.top

    await assert_nothing_is_lost(stage, late, subscribing, publishing)
    in_the_log_when_read = 3 if subscribing == "board answered" else 5
    assert late.confirmed[0] >= in_the_log_when_read


@pytest.mark.parametrize("publishing", PUBLISHING)
@pytest.mark.parametrize("subscribing", NOT_THE_FIRST)
async def test_a_publish_paused_while_one_more_subscribes_leaves_no_gap_and_no_double(
    stage: Stage, subscribing: str, publishing: str
) -> None:
    late = stage.viewer()
    stage.ledger.write(3)
    await stage.publish()
    early = stage.viewer()
    stage.begin(early)
    await until_live([early])

    await assert_nothing_is_lost(stage, late, subscribing, publishing)


async def assert_nothing_is_lost(stage: Stage, late: Viewer, subscribing: str, publishing: str) -> None:
    """Hold a subscribe at one step, and meanwhile a publish at another; then let both go on."""
    go_on_subscribing = await stage.begin_until(late, subscribing)
    stage.ledger.write(2)
    go_on_publishing = await stage.publish_until(publishing)
    go_on_subscribing()
    await until_live([late])
    await go_on_publishing()

    await assert_level(stage.viewers, within=AT_ONCE_SECONDS)
    stage.ledger.write()
    await stage.publish()
    await assert_level(stage.viewers, within=AT_ONCE_SECONDS)
