"""Run the hub: python -m watercooler."""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import replace

import structlog

from watercooler.configuration import BadConfiguration, Configuration
from watercooler.logs import log_to_stderr
from watercooler.options import parser
from watercooler.processes import MISCONFIGURED, supervise
from watercooler.service import Service

try:
    from uvloop import new_event_loop
except ImportError:  # it does not install everywhere
    from asyncio import new_event_loop  # type: ignore[assignment]

STDIN = 0
FILES_AT_MOST = 65_536
log = structlog.get_logger("watercooler")


def main() -> int:
    """Run until SIGTERM or SIGINT; 0 after an orderly end, 1 after a failure, 2 if misconfigured."""
    options = parser().parse_args()
    try:
        configuration = Configuration.of_this_program()
        if options.log_format:
            configuration = replace(configuration, log_format=options.log_format)
        log_to_stderr(form=configuration.log_format, verbose=options.verbose)
        _allow_many_files()
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            return runner.run(_run(configuration, options))
    except BadConfiguration as error:
        sys.stderr.write(f"watercooler: {error}\n")
        return MISCONFIGURED


async def _run(configuration: Configuration, options: argparse.Namespace) -> int:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    if options.until_stdin_ends:
        _watch_stdin(over.set)
    if options.processes > 1:
        return await supervise(configuration, options, over)
    return await _serve(configuration, over, shares_port=options.reuse_port)


async def _serve(configuration: Configuration, over: asyncio.Event, *, shares_port: bool) -> int:
    service = Service(configuration, failed=over.set, shares_port=shares_port)
    await service.start()
    bus = "redis" if configuration.redis_url else "memory"
    loop = type(asyncio.get_running_loop()).__module__.partition(".")[0]
    log.info("listening", host=configuration.host, port=service.port, bus=bus, loop=loop)
    await over.wait()
    log.info("draining", connections=len(service.hub.connections))
    await service.stop()
    log.info("stopped")
    return 1 if service.hub.tasks.has_failed else 0


def _watch_stdin(ended: Callable[[], None]) -> None:
    """Call `ended` when the other side of the pipe is closed, however that came about."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        if not os.read(STDIN, 4096):
            loop.remove_reader(STDIN)
            ended()

    try:
        loop.add_reader(STDIN, read)
    except OSError:  # a file cannot be waited for
        raise BadConfiguration("--until-stdin-ends needs a pipe as standard input") from None


def _allow_many_files() -> None:
    """Raise the number of open files to what this user may have: each client is one, and 1,024 are usual."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_AT_MOST if most == resource.RLIM_INFINITY else min(most, FILES_AT_MOST)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


if __name__ == "__main__":
    sys.exit(main())
