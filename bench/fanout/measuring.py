"""Have servers do the same work in turns, and say what each delivery cost them."""

import contextlib
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.fanout import gauges
from bench.fanout.audience import Audience, Heard, Seat
from bench.fanout.events import FRAME_BYTES, Events
from bench.fanout.preparing import Programs
from bench.fanout.publishing import Publisher
from bench.fanout.servers import Hub, Server

SETTLE_SECONDS = 0.5  # after connections were opened: what that causes is not counted
PATIENCE_SECONDS = 45  # with deliveries, after the last post: what comes later counts as lost


@dataclass(frozen=True)
class Work:
    """Some events, sent to the rooms in turn; without a rate, all at once."""

    events: int
    rate: float | None = None  # a second
    rooms: tuple[int, ...] = (1,)
    sizes: tuple[int, ...] = (FRAME_BYTES,)  # in turn, too

    def part(self, share: float) -> "Work":
        """Give the work of one who bears only a share: as long, with fewer events."""
        rate = self.rate and self.rate * share
        return replace(self, events=max(1, round(self.events * share)), rate=rate)

    def each(self) -> Iterator[tuple[int, int]]:
        """Give the room and the size of every event."""
        places = range(self.events)
        return ((self.rooms[at % len(self.rooms)], self.sizes[at % len(self.sizes)]) for at in places)


@dataclass(frozen=True)
class Turn:
    """What one server did of one piece of work."""

    events: int
    expected: int  # deliveries
    heard: Heard
    cpu_seconds: float
    seconds: float
    refusals: int  # posts that were not taken

    @property
    def lost(self) -> int:
        return max(0, self.expected - self.heard.deliveries)

    @property
    def amiss(self) -> int:
        """What should be none: events that were lost, and those that came late or twice."""
        return self.lost + self.heard.out_of_order


def per_cpu_second(turn: Turn) -> float:
    """Give the deliveries for each second of the server's processor time."""
    return turn.heard.deliveries / turn.cpu_seconds


def cpu_us_an_event(turn: Turn) -> float:
    """Give the server's processor time for each post, its deliveries included."""
    return 1e6 * turn.cpu_seconds / turn.events


def p99_ms(turn: Turn) -> float:
    """Give the delay that one delivery in a hundred exceeds."""
    return turn.heard.p99_ms


@dataclass(frozen=True)
class Figures:
    """One server's turns: medians, and sums of what should be none."""

    turns: tuple[Turn, ...]

    def median(self, of: Callable[[Turn], float]) -> float:
        return statistics.median(of(turn) for turn in self.turns)

    def ratio(self, other: "Figures", of: Callable[[Turn], float]) -> float:
        """Compare each turn with the other's of the same round, and give the median."""
        pairs = zip(self.turns, other.turns, strict=True)
        return statistics.median(of(mine) / of(theirs) for mine, theirs in pairs)

    @property
    def refusals(self) -> int:
        return sum(turn.refusals for turn in self.turns)

    @property
    def lost(self) -> int:
        return sum(turn.lost for turn in self.turns)

    @property
    def out_of_order(self) -> int:
        return sum(turn.heard.out_of_order for turn in self.turns)

    @property
    def client_load(self) -> float:
        """The share of its processor that the load client used, at most; near 1 it was the bottleneck."""
        return max(turn.heard.cpu_seconds / turn.seconds for turn in self.turns)


class Stage:
    """One server with its audience."""

    def __init__(self, kind: type[Server], programs: Programs, folder: Path) -> None:
        self.server = kind(folder, programs, Events())
        self.server.start()
        self.audience = Audience(programs.client, folder)
        self._idle_kib = gauges.resident_kib(self.server.pids())
        self._readers: Counter[int] = Counter()  # of each room

    def fill(self, rooms: Sequence[int], each: int) -> None:
        """Open connections until each of these rooms has so many."""
        lacking = [room for room in rooms for _ in range(each - self._readers[room])]
        self._readers.update(lacking)
        size = self.audience.size
        self.open([self.server.seat(place, room) for place, room in enumerate(lacking, start=size)])

    def open(self, seats: Sequence[Seat]) -> None:
        """Open these connections, and let it settle."""
        self.audience.open(seats)
        time.sleep(SETTLE_SECONDS)

    def sit_in(self, rooms: Sequence[int], *, reads: bool) -> None:
        """Open one connection to several rooms of our hub."""
        assert isinstance(self.server, Hub), f"{self.server.name} has no connections to several rooms"
        if reads:
            self._readers.update(rooms)
        self.open([replace(self.server.seat_in_all(self.audience.size, rooms), reads=reads)])

    def do(self, work: Work) -> Turn:
        """Publish, wait for the deliveries, and count."""
        work = work.part(self.server.bears)
        expected = sum(self._readers[room] for room, _ in work.each())
        self.audience.begin()
        began, before = time.monotonic(), gauges.cpu_seconds(self.server.pids())
        with contextlib.closing(Publisher(self.server.port)) as publisher:
            publisher.post(self._requests(work), rate=work.rate)
            self.audience.wait(expected, most=PATIENCE_SECONDS)
            spent, seconds = gauges.cpu_seconds(self.server.pids()) - before, time.monotonic() - began
            refusals = publisher.refusals()
        return Turn(work.events, expected, self.audience.report(), spent, seconds, refusals)

    def kib_a_connection(self) -> float:
        """Return how much more is resident than before the first connection, for each."""
        return (gauges.resident_kib(self.server.pids()) - self._idle_kib) / self.audience.size

    def stop(self) -> None:
        self.audience.close()
        self.server.stop()

    def _requests(self, work: Work) -> Iterator[bytes]:
        for room, size in work.each():
            yield self.server.request(self.server.events.next(room, size))


@contextlib.contextmanager
def stage(kind: type[Server], programs: Programs) -> Iterator[Stage]:
    """Start a server, and end it with all that belongs to it."""
    with tempfile.TemporaryDirectory(prefix="fanout-") as folder:
        standing = Stage(kind, programs, Path(folder))
        try:
            yield standing
        finally:
            standing.stop()


@contextlib.contextmanager
def stages(
    kinds: Iterable[type[Server]], programs: Programs, *, rooms: Sequence[int], each: int
) -> Iterator[list[Stage]]:
    """Start servers side by side, each with an audience of its own; who is not asked anything is idle."""
    with contextlib.ExitStack() as standing:
        all_of_them = [standing.enter_context(stage(kind, programs)) for kind in kinds]
        for one in all_of_them:
            one.fill(rooms, each)
        yield all_of_them


Results = dict[type[Server], Figures]


def in_turns(standing: Sequence[Stage], work: Work, rounds: int) -> Results:
    """Let each server do the work, then all again, so that what disturbs one disturbs the next as well."""
    turns: dict[type[Server], list[Turn]] = {type(one.server): [] for one in standing}
    for _ in range(rounds):
        for one in standing:
            turns[type(one.server)].append(one.do(work))
    return {kind: Figures(tuple(its_turns)) for kind, its_turns in turns.items()}
