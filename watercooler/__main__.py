"""Run the hub: python -m watercooler."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys

import structlog

from watercooler.configuration import VARIABLES, BadConfiguration, Configuration
from watercooler.logs import log_to_stderr
from watercooler.service import Service

log = structlog.get_logger("watercooler")


def main() -> int:
    """Run until SIGTERM or SIGINT; 0 after an orderly end, 2 if the configuration is wrong."""
    options = _parser().parse_args()
    log_to_stderr(verbose=options.verbose)
    try:
        asyncio.run(_serve(Configuration.read(os.environ)))
    except BadConfiguration as error:
        sys.stderr.write(f"watercooler: {error}\n")
        return 2
    return 0


async def _serve(configuration: Configuration) -> None:
    asked_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_stop.set)
    service = Service(configuration)
    await service.start()
    log.info("listening", host=configuration.host, port=service.port, bus=_bus_name(configuration))
    await asked_to_stop.wait()
    log.info("draining", connections=len(service.hub.connections))
    await service.stop()
    log.info("stopped")


def _bus_name(configuration: Configuration) -> str:
    return "redis" if configuration.redis_url else "memory"


def _parser() -> argparse.ArgumentParser:
    variables = "\n".join(f"  {name:<26}{meaning}" for name, meaning in VARIABLES.items())
    parser = argparse.ArgumentParser(
        prog="python -m watercooler",
        description="Tell every browser what changes on the boards it shows.",
        epilog=f"environment variables (default):\n{variables}\n\n"
        "SIGTERM sends the clients away (close code 4000) and ends with status 0.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--verbose", action="store_true", help="also log each request and each closed socket")
    return parser


if __name__ == "__main__":
    sys.exit(main())
