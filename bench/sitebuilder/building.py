"""Let every generator build the same posts in turns, from nothing and after edits, and check what it made."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.sitebuilder.corpus import Post, list_pages, posts
from bench.sitebuilder.generators import MARK, Generator, Ours
from bench.sitebuilder.preparing import Programs
from bench.sitebuilder.running import Used, run

YOUNG_SECONDS = 2.1  # a file younger than 2 s is read again by the next build, for it might change unseen
Kind = type[Generator]
Cost = Callable[[Used], float]
Results = dict[str, dict[Kind, list[Used]]]  # by the title of the scenario


@dataclass
class Sites:
    """The corpus of one size, as each generator has it."""

    written: list[Post]
    standing: dict[Kind, Generator]

    @property
    def ours(self) -> Generator:
        return self.standing[Ours]

    @property
    def edited(self) -> Post:
        return self.written[len(self.written) // 2]


def write(size: int, kinds: Sequence[Kind], place: Path, programs: Programs) -> Sites:
    """Write the corpus for each generator; a folder each."""
    written = posts(size)
    standing = {kind: kind(place / f"{size}-{kind.templates}", programs) for kind in kinds}
    for generator in standing.values():
        generator.write(written)
    return Sites(written, standing)


def build_from_nothing(sites: Sites, rounds: int) -> dict[Kind, list[Used]]:
    """Build all, in turns. Raises RuntimeError where a generator left something out."""
    used: dict[Kind, list[Used]] = defaultdict(list)
    for _ in range(rounds):
        for kind, generator in sites.standing.items():
            generator.clear()
            used[kind].append(_run(generator))
    for generator in sites.standing.values():
        check(generator, sites.written)
    return used


def check(generator: Generator, written: Sequence[Post]) -> None:
    """See that every post is there and coloured, and every page of every list."""
    for post in written:
        if "<span class=" not in generator.page(post).read_text():
            raise RuntimeError(f"{generator.name} left the code of {post.url} without colours")
    wanted = len(list(list_pages(list(written))))
    if generator.makes_lists and generator.lists() != wanted:
        raise RuntimeError(f"{generator.name} made {generator.lists()} pages of lists; expected {wanted}")


def build_after_edits(sites: Sites, rounds: int, peers: Sequence[Kind]) -> Results:
    """Build after each kind of edit: ours `rounds` times, peers once, for they build everything again.

    Ours is built from nothing too after each edit of the layout, since the two are compared: the speed of a
    machine may change by half within a minute.
    """
    time.sleep(YOUNG_SECONDS)
    _run(sites.ours)
    results: Results = {title: defaultdict(list) for title in (*EDITS, ANEW)}
    for title, edit in EDITS.items():
        for number in range(rounds):
            taking_part: list[Kind] = [Ours, *(peers if number == 0 else ())]
            for kind in taking_part:
                generator = sites.standing[kind]
                edit(generator, sites.edited, number)
                results[title][kind].append(_run(generator))
                if edit is not _nothing and MARK not in generator.page(sites.edited).read_text():
                    raise RuntimeError(f"{generator.name} did not show an edit of {sites.edited.url}")
            if title == LAYOUT:
                sites.ours.clear()
                results[ANEW][Ours].append(_run(sites.ours))
                _settle(sites.ours)
        if title != NOTHING:
            _settle(sites.ours)
    return results


def ratio(ours: Sequence[Used], theirs: Sequence[Used], cost: Cost) -> float:
    """The median of ours divided by theirs, round by round."""
    pairs = zip(ours, theirs, strict=False)  # of edits, peers have fewer rounds
    return statistics.median(cost(mine) / cost(other) for mine, other in pairs)


def median(used: Sequence[Used], cost: Cost) -> float:
    return statistics.median(cost(each) for each in used)


def edit_body(generator: Generator, post: Post, number: int) -> None:
    changed = replace(post, body=f"{post.body}\n{MARK} {number}\n")
    (generator.folder / generator.source(post)).write_text(generator.written(changed))


def _edit_title(generator: Generator, post: Post, number: int) -> None:
    changed = replace(post, title=f"{post.title} again {number}", body=f"{post.body}\n{MARK}\n")
    (generator.folder / generator.source(post)).write_text(generator.written(changed))


def _edit_layout(generator: Generator, _: Post, number: int) -> None:
    generator.edit_layout(number)


def _nothing(generator: Generator, _: Post, number: int) -> None:
    """Change nothing."""


def _run(generator: Generator) -> Used:
    return run(generator.command(), generator.folder, generator.environment())


def _settle(generator: Generator) -> None:
    """Let the files of the last edit grow old, so that none is read again for being young."""
    time.sleep(YOUNG_SECONDS)
    _run(generator)


NOTHING, BODY, TITLE, LAYOUT = "nothing changed", "a post's text", "a post's title", "the base layout"
ANEW = "from nothing, beside each edit of the layout"
EDITS: dict[str, Callable[[Generator, Post, int], None]] = {
    NOTHING: _nothing,
    BODY: edit_body,
    TITLE: _edit_title,
    LAYOUT: _edit_layout,
}
