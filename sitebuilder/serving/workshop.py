"""Let one thread make a site's outputs: what is looked at first, the rest while nobody waits for it."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from sitebuilder.serving.resident import Resident

SLICE_SECONDS = 0.04  # for which a request may wait behind other pages
SAVE_AFTER_SECONDS = 10  # without a change
MOST_PATHS = 200  # beyond which it is cheaper to look everywhere
Result = TypeVar("Result")


@dataclass
class Update:
    """What one change of the site has led to so far."""

    changed: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    news: list[str] = field(default_factory=list)  # those of them that were not told of yet
    is_begun: bool = False
    is_level: bool = False
    started: float = field(default_factory=time.perf_counter)
    cpu_before: float = field(default_factory=time.process_time)

    def cost(self) -> dict[str, float]:
        """The milliseconds since the change was seen."""
        wall, cpu = time.perf_counter() - self.started, time.process_time() - self.cpu_before
        return {"cpu_ms": round(cpu * 1000, 1), "wall_ms": round(wall * 1000, 1)}


class Workshop:
    """The thread and the order of its work; `tell` hears of each update whenever more of it is there."""

    def __init__(
        self,
        resident: Resident,
        *,
        looked_at: Callable[[], Iterable[str]],
        tell: Callable[[Update], None],
    ) -> None:
        self.resident = resident
        self._looked_at, self._tell = looked_at, tell
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="workshop")
        self._seen: Update | None = Update()  # a change that was not taken over yet
        self._paths: set[str] | None = None  # where; None: anywhere
        self._asked: list[str] = []  # files that were written because somebody asked for them
        self._is_awake, self._is_settled = asyncio.Event(), asyncio.Event()

    def change(self, paths: set[str] | None) -> None:
        """Say that something may have changed at these paths, or anywhere."""
        if self._seen is None:
            self._seen, self._paths = Update(), set()
        known = self._paths
        self._paths = (
            None if paths is None or known is None or len(paths | known) > MOST_PATHS else paths | known
        )
        self._is_settled.clear()
        self._is_awake.set()

    async def there(self, path_of: Callable[[], str | None]) -> str | None:
        """The path that is asked for, once all changes are known and its output is as they make it."""
        await self._is_settled.wait()
        path = path_of()
        if path in self.resident.pending:
            wanted = [path]
            self._asked += await self._run(lambda: self.resident.make_some(wanted, 0))
            self._is_awake.set()
        return path

    async def work(self) -> None:
        """Take changes over and make what they ask for, for ever."""
        update = Update(is_level=True)
        while True:
            if self._seen:
                update = await self._take(update, self._seen)
            elif not update.is_level:
                await self._make(update)
            else:
                await self._rest()

    async def close(self) -> None:
        """Remember what was made, once the output at hand is done."""
        await self._run(self.resident.close)
        self._thread.shutdown()

    async def _take(self, last: Update, update: Update) -> Update:
        paths, self._seen = self._paths, None
        changed = await self._run(lambda: self.resident.take(paths))
        update.changed = sorted(changed | (set() if last.is_level else set(last.changed)))
        update.is_level = self.resident.is_level
        if self._seen is None:
            self._is_settled.set()
        self._tell(update)
        return update

    async def _make(self, update: Update) -> None:
        """Make what is looked at, or some of the rest; at first no more than one page, to have it soon."""
        first = [path for path in self._looked_at() if path in self.resident.pending]
        if not update.is_begun:
            first = first or list(self.resident.pending)[:1]
        made = await self._run(lambda: self.resident.make_some(first, SLICE_SECONDS))
        update.news, self._asked = [*self._asked, *made], []
        update.written += update.news
        update.is_begun, update.is_level = True, self.resident.is_level
        self._tell(update)

    async def _rest(self) -> None:
        self._is_awake.clear()
        if not self.resident.is_saved or self.resident.is_first:
            await self._run(settle_memory)
        try:
            await asyncio.wait_for(self._is_awake.wait(), SAVE_AFTER_SECONDS)
        except TimeoutError:
            await self._run(self.resident.save)

    async def _run(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def settle_memory() -> None:
    """Keep the collector from walking through all pages again and again."""
    gc.collect()
    gc.freeze()
