"""Work in a forked process beside this one, whose answer comes through a pipe."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

Child = tuple[int, int]  # its process id, and the end of the pipe to read from


def started(work: "Callable[[BinaryIO], object]") -> Child:
    """Fork a process for `work`, which writes its answer to the file that it is given.

    Raises OSError where the system has no room for one more.
    """
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if process:
        os.close(writing)
        return process, reading
    code = 1
    try:  # in the child: nothing may get out of here
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            work(pipe)
        code = 0
    finally:
        os._exit(code)


def answer_of(child: Child) -> tuple[bytes, int]:
    """Wait for a child; return its answer, and 0, or the code or the negative signal that it ended with."""
    process, pipe = child
    with os.fdopen(pipe, "rb") as file:
        content = file.read()
    _, status = os.waitpid(process, 0)
    return content, os.waitstatus_to_exitcode(status)
