"""How the hub logs: one line an occurrence to standard error, as key=value or as JSON."""

from __future__ import annotations

import logging
import os
import sys
from enum import StrEnum

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger


class LogFormat(StrEnum):
    """How a line is written."""

    LOGFMT = "logfmt"
    JSON = "json"


def log_to_stderr(*, form: LogFormat, verbose: bool) -> None:
    """Log to standard error; `verbose` adds what happens all the time."""
    known: list[Processor] = [
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.add_log_level,
        _head_first,
    ]
    written: list[Processor] = [structlog.processors.format_exc_info, _renderer(form)]
    structlog.configure(
        processors=[*known, *written],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _log_libraries(known, written)


def _log_libraries(known: list[Processor], written: list[Processor]) -> None:
    """Write the warnings of Tornado, asyncio and redis-py as our own."""
    processors = [ProcessorFormatter.remove_processors_meta, *written]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *known], processors=processors
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _renderer(form: LogFormat) -> Processor:
    if form is LogFormat.JSON:
        return structlog.processors.JSONRenderer()
    return structlog.processors.LogfmtRenderer()


def _head_first(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Begin with what each line has; the process is named, for there may be several."""
    return {"at": line["at"], "level": line["level"], "pid": os.getpid(), "event": line["event"], **line}
