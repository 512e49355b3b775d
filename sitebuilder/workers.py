"""Share work among forked processes: each gets its part, and answers with what it made or what is wrong."""

import gc
import os
import pickle
import signal
from collections.abc import Callable, Sequence
from typing import TypeVar

from sitebuilder.errors import Problem, SiteError

ALONE_BELOW = 100  # pieces of work: a fork costs about as much as twenty pages
Piece = TypeVar("Piece")
Result = TypeVar("Result")


def shared(
    work: Callable[[Sequence[Piece]], list[Result]], pieces: Sequence[Piece], workers: int
) -> list[Result]:
    """Do `work` on all pieces, in this process if they are few; raises SiteError with all that is wrong."""
    count = min(workers or os.cpu_count() or 1, len(pieces) // (ALONE_BELOW // 2) or 1)
    if len(pieces) < ALONE_BELOW or count == 1 or not hasattr(os, "fork"):
        return work(pieces)
    gc.collect()
    gc.freeze()  # so that the children share these pages of memory
    try:
        children = [started(work, pieces[number::count]) for number in range(1, count)]
        return collected(work, pieces[0::count], children)
    finally:
        gc.unfreeze()


def collected(
    work: Callable[[Sequence[Piece]], list[Result]], own: Sequence[Piece], children: list[tuple[int, int]]
) -> list[Result]:
    problems: list[Problem] = []
    results: list[Result] = []
    try:
        results += work(own)
    except SiteError as error:
        problems += error.problems
    except BaseException:
        for process, _ in children:
            os.kill(process, signal.SIGKILL)
        raise
    finally:
        answers: list[list[Result] | SiteError] = [answer_of(*child) for child in children]
    for answer in answers:
        if isinstance(answer, SiteError):
            problems += answer.problems
        else:
            results += answer
    if problems:
        raise SiteError(problems)
    return results


def started(work: Callable[[Sequence[Piece]], list[Result]], pieces: Sequence[Piece]) -> tuple[int, int]:
    """Fork a worker; return its process id and the pipe that its answer comes through."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    code = 1
    try:  # in the child: nothing may get out of here
        os.close(reading)
        try:
            answer: object = work(pieces)
        except SiteError as error:
            answer = SiteError(error.problems)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(answer, pipe, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)


def answer_of(process: int, pipe: int) -> "list[Result] | SiteError":
    with os.fdopen(pipe, "rb") as file:
        content = file.read()
    _, status = os.waitpid(process, 0)
    if not content:
        return SiteError([Problem(f"a worker ended by itself with {os.waitstatus_to_exitcode(status)}")])
    answer: list[Result] | SiteError = pickle.loads(content)  # noqa: S301 - our own child wrote it
    return answer
