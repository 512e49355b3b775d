"""Let a command end what it does when nobody reads its words any more, as in `publish | head -1`.

Python raises BrokenPipeError then, also when it flushes at its end
(docs.python.org/3/library/signal.html#note-on-sigpipe): a release that went live would be told as a failure.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout

TYPE_CHECKING = False
if TYPE_CHECKING:  # to load these takes as long as a third of all that Python needs to start
    from typing import Any, TextIO


class Pipe(io.FileIO):
    """A file that takes what nobody reads as written."""

    def write(self, data: "Any") -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


@contextmanager
def outlasting_readers() -> Iterator[None]:
    """Go on inside when those who read the standard output or error leave, or were never there."""
    with ExitStack() as stack:
        stack.enter_context(redirect_stderr(stack.enter_context(outlasting(sys.stderr))))
        stack.enter_context(redirect_stdout(stack.enter_context(outlasting(sys.stdout))))
        yield


@contextmanager
def outlasting(stream: "TextIO | None") -> "Iterator[TextIO]":
    """The same stream but for its readers; what a test put in its place stays itself."""
    if stream is None:  # whoever started us has closed it: `>&-`
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            yield nowhere
    elif isinstance(stream, io.TextIOWrapper) and stream in (sys.__stdout__, sys.__stderr__):
        with twin(stream) as ours:
            yield ours
    else:
        yield stream


def twin(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Another stream to the same file, which stays open when this one is closed."""
    pipe = Pipe(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        pipe if stream.write_through else io.BufferedWriter(pipe),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
