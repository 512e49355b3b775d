"""The command line of the hub, and the text that explains it and the environment."""

from __future__ import annotations

import argparse

from watercooler.configuration import VARIABLES
from watercooler.logs import LogFormat

PROCESSES_AT_MOST = 64

DESCRIPTION = """\
Tell every browser what changes on the boards it shows.

The board posts its events to the hub, and browsers keep a connection to it. With WATERCOOLER_KEYS alone,
one process serves thousands of them and needs no other server; REDIS_URL joins processes and machines.
"""
EPILOG = """\
variables of the environment, else of .env in this folder (default):
{variables}

paths:
  /live      the browsers: let everybody in
  /publish   signed posts from the board
  /health    200 while the process is alive
  /ready     200 while it takes clients and posts, else 503
  /metrics   figures for Prometheus

signals:
  SIGTERM, SIGINT   /ready fails, no new client is taken, those here are sent away (close code 4000; many of
                    them over WATERCOOLER_DRAIN_SECONDS), posts that have come are answered, and it ends

exit status:
  0   an orderly end
  1   a failure, which the log names; start it again
  2   an option or a variable is wrong; the text says which, and what would be right
"""


def parser() -> argparse.ArgumentParser:
    """Give the parser of `python -m watercooler`."""
    width = max(map(len, VARIABLES)) + 2
    variables = "\n".join(f"  {name:<{width}}{meaning}" for name, meaning in VARIABLES.items())
    parser = argparse.ArgumentParser(
        prog="python -m watercooler",
        description=DESCRIPTION,
        epilog=EPILOG.format(variables=variables),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_process_options(parser)
    _add_log_options(parser)
    return parser


def _add_process_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--processes",
        type=_count,
        default=1,
        metavar="N",
        help="run N processes, about one a core, on WATERCOOLER_PORT and the N - 1 ports after it; they need "
        "REDIS_URL. One that dies is started again (1)",
    )
    parser.add_argument(
        "--reuse-port",
        action="store_true",
        help="let all processes listen on WATERCOOLER_PORT itself. The system then deals clients by chance, "
        "and after a restart most sit with the older processes; a proxy with least_conn before one port each "
        "levels that, and can ask each for its /ready and /metrics",
    )
    parser.add_argument(
        "--until-stdin-ends",
        action="store_true",
        help="end in order, too, when the pipe that is standard input is closed, so as not to outlive who "
        "holds its other end",
    )


def _add_log_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--log-format",
        type=LogFormat,
        choices=list(LogFormat),
        help="how lines are written to standard error (WATERCOOLER_LOG_FORMAT)",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="also log each request, and each client's coming and going"
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= PROCESSES_AT_MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {PROCESSES_AT_MOST}")
    return int(text)
