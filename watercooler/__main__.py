"""Run the hub: python -m watercooler."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

import structlog

from watercooler.configuration import VARIABLES, BadConfiguration, Configuration
from watercooler.logs import log_to_stderr
from watercooler.service import Service

log = structlog.get_logger("watercooler")


def main() -> int:
    """Run until SIGTERM or SIGINT; 0 after an orderly end, 1 after a failure, 2 if misconfigured."""
    options = _parser().parse_args()
    log_to_stderr(verbose=options.verbose)
    try:
        return asyncio.run(_serve(Configuration.of_this_program()))
    except BadConfiguration as error:
        sys.stderr.write(f"watercooler: {error}\n")
        return 2


async def _serve(configuration: Configuration) -> int:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    service = Service(configuration, failed=over.set)
    await service.start()
    log.info("listening", host=configuration.host, port=service.port, bus=_bus_name(configuration))
    await over.wait()
    log.info("draining", connections=len(service.hub.connections))
    await service.stop()
    log.info("stopped")
    return 1 if service.hub.tasks.has_failed else 0


def _bus_name(configuration: Configuration) -> str:
    return "redis" if configuration.redis_url else "memory"


def _parser() -> argparse.ArgumentParser:
    variables = "\n".join(f"  {name:<26}{meaning}" for name, meaning in VARIABLES.items())
    parser = argparse.ArgumentParser(
        prog="python -m watercooler",
        description="Tell every browser what changes on the boards it shows.",
        epilog=f"variables of the environment, else of .env in this folder (default):\n{variables}\n\n"
        "SIGTERM sends the clients away (close code 4000) and ends with status 0.\n"
        "A failure of the hub itself does so too, with status 1: start it again.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--verbose", action="store_true", help="also log each request and each closed socket")
    return parser


if __name__ == "__main__":
    sys.exit(main())
