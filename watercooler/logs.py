"""How the hub logs: one line an occurrence, key=value, to standard error."""

from __future__ import annotations

import logging
import sys

import structlog


def log_to_stderr(*, verbose: bool) -> None:
    """Log to standard error; `verbose` adds what happens all the time."""
    level = logging.DEBUG if verbose else logging.INFO
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["at", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, format="at=%(asctime)s level=%(levelname)s event=%(message)r")
