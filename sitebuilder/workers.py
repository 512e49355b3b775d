"""Share work among forked processes: each gets its part, and answers with what it made or what is wrong."""

import os
import pickle
import signal
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import TypeVar

from sitebuilder import forking
from sitebuilder.collecting import collecting_what_is_new
from sitebuilder.errors import Problem, SiteError

ALONE_BELOW = 100  # pieces of work: a fork costs about as much as twenty pages
ALONE_SECONDS = 1.0  # two threads of one processor share it: what is shorter is hardly sooner done by two
FIRST = 20  # pieces that are done before a fork: what they load, no child has to load again
Piece = TypeVar("Piece")
Result = TypeVar("Result")


def shared(
    work: Callable[[Sequence[Piece]], list[Result]],
    pieces: Sequence[Piece],
    workers: int,
    *,
    before_fork: Callable[[], None] | None = None,
) -> list[Result]:
    """Do `work` on all pieces, in this process if that is soon done; raises SiteError with all that is wrong.

    `workers` is how many processes were asked for; 0 leaves it to what the first pieces take.
    """
    count = min(workers or os.cpu_count() or 1, len(pieces) // (ALONE_BELOW // 2) or 1)
    if len(pieces) < ALONE_BELOW or count == 1 or not hasattr(os, "fork"):
        return work(pieces)
    step = len(pieces) // FIRST
    sample = pieces[::step]
    rest = [piece for place, piece in enumerate(pieces) if place % step]
    first = [attempted(work, sample[: FIRST // 2])]
    start = perf_counter()
    first.append(attempted(work, sample[FIRST // 2 :]))
    seconds = (perf_counter() - start) / len(sample[FIRST // 2 :]) * len(rest)
    if not workers and seconds < ALONE_SECONDS:
        return joined([*first, attempted(work, rest)])
    if before_fork:
        before_fork()
    with collecting_what_is_new():
        children = [started(work, rest[number::count]) for number in range(1, count)]
        return joined([*first, *collected(work, rest[0::count], children)])


def attempted(
    work: Callable[[Sequence[Piece]], list[Result]], pieces: Sequence[Piece]
) -> list[Result] | SiteError:
    try:
        return work(pieces)
    except SiteError as error:
        return SiteError(error.problems)  # without its traceback, for a pipe


def joined(answers: Iterable[list[Result] | SiteError]) -> list[Result]:
    results: list[Result] = []
    problems: list[Problem] = []
    for answer in answers:
        if isinstance(answer, SiteError):
            problems += answer.problems
        else:
            results += answer
    if problems:
        raise SiteError(dict.fromkeys(problems))
    return results


def collected(
    work: Callable[[Sequence[Piece]], list[Result]], own: Sequence[Piece], children: list[forking.Child]
) -> list[list[Result] | SiteError]:
    """Do our own part, and wait for those of the children; end them if ours breaks."""
    try:
        answers = [attempted(work, own)]
    except BaseException:
        for process, _ in children:
            os.kill(process, signal.SIGKILL)
        raise
    finally:
        others: list[list[Result] | SiteError] = [answer_of(child) for child in children]
    return answers + others


def started(work: Callable[[Sequence[Piece]], list[Result]], pieces: Sequence[Piece]) -> forking.Child:
    return forking.started(lambda pipe: pickle.dump(attempted(work, pieces), pipe, pickle.HIGHEST_PROTOCOL))


def answer_of(child: forking.Child) -> "list[Result] | SiteError":
    content, code = forking.answer_of(child)
    if code:
        return SiteError([Problem(f"a worker ended by itself with {code}")])
    answer: list[Result] | SiteError = pickle.loads(content)  # noqa: S301 - our own child wrote it
    return answer
