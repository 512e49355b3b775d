"""Several processes under one: what dies is started again, and all end together."""

from __future__ import annotations

import os
import signal
from argparse import Namespace
from dataclasses import replace

import pytest

from tests.services import free_port
from tests.watercooler.browser import Browser
from tests.watercooler.conftest import Run
from tests.watercooler.program import Program
from tests.watercooler.redis_server import RedisServer
from watercooler.configuration import BadConfiguration, Configuration
from watercooler.frames import Close
from watercooler.messages import Keys, random_key
from watercooler.options import parser
from watercooler.processes import ports_of

KEY = random_key()
LISTENS = r"pid=(\d+) event=listening .*port=(\d+)"


async def two(
    run: Run, redis: RedisServer, *options: str, **variables: str
) -> tuple[Program, dict[int, int]]:
    """Start two processes, and give each one's number and port."""
    variables = {"WATERCOOLER_KEYS": KEY, "REDIS_URL": redis.url, **variables}
    program = await run("--processes", "2", *options, **variables)
    heard = [await program.hear(LISTENS) for _ in range(2)]
    return program, {int(found.group(1)): int(found.group(2)) for found in heard}


async def test_all_end_in_order_with_the_first_one(run: Run, shared_redis: RedisServer) -> None:
    program, ports = await two(run, shared_redis)
    browsers = [await Browser.open(port, Keys.parse(KEY)) for port in ports.values()]
    for browser in browsers:
        await browser.greet()

    program.process.send_signal(signal.SIGTERM)

    assert [await browser.hear_close() for browser in browsers] == [Close.DRAINING] * 2
    for browser in browsers:
        browser.vanish()
    assert await program.end() == 0


async def test_one_that_dies_is_started_again_on_its_port(run: Run, shared_redis: RedisServer) -> None:
    port = free_port()
    program, ports = await two(run, shared_redis, "--reuse-port", WATERCOOLER_PORT=str(port))
    assert list(ports.values()) == [port] * 2
    dead = next(iter(ports))

    os.kill(dead, signal.SIGKILL)

    assert (await program.hear(r"another is started.* of=(\d+) status=-9")).group(1) == str(dead)
    started, its_port = (await program.hear(LISTENS)).groups()
    assert (int(its_port), int(started) in ports) == (port, False)
    assert await program.stop() == 0


async def test_none_outlives_the_first_one(run: Run, shared_redis: RedisServer) -> None:
    program, _ = await two(run, shared_redis)

    program.process.kill()

    await program.end()  # all of them hold the pipe to which they log
    assert program.log().count("event=stopped") == 2


async def test_those_that_cannot_begin_are_not_started_again(run: Run, shared_redis: RedisServer) -> None:
    """It would not mend what is misconfigured; the address is nobody's (RFC 5737)."""
    variables = {"WATERCOOLER_KEYS": KEY, "REDIS_URL": shared_redis.url, "WATERCOOLER_HOST": "192.0.2.1"}
    program = await run("--processes", "2", **variables)

    assert await program.end() == 2
    assert "cannot listen on 192.0.2.1" in program.log()


def test_without_redis_they_could_not_work_together() -> None:
    alone = replace(configured("8001"), redis_url="")

    with pytest.raises(BadConfiguration, match="--processes 2 needs REDIS_URL"):
        ports_of(alone, Namespace(processes=2, reuse_port=False))


@pytest.mark.parametrize(
    ("first", "shared", "ports"),
    [("8001", False, [8001, 8002, 8003]), ("0", False, [0, 0, 0]), ("8001", True, [8001, 8001, 8001])],
)
def test_each_has_a_port_of_its_own_unless_they_share_one(first: str, shared: bool, ports: list[int]) -> None:
    assert ports_of(configured(first), Namespace(processes=3, reuse_port=shared)) == ports


@pytest.mark.parametrize(
    ("first", "shared", "reason"),
    [
        ("65534", False, "--processes 3 from WATERCOOLER_PORT 65534 on goes beyond 65535"),
        ("0", True, "--reuse-port needs one port for all; WATERCOOLER_PORT is 0"),
    ],
)
def test_ports_that_cannot_be_are_refused(first: str, shared: bool, reason: str) -> None:
    with pytest.raises(BadConfiguration, match=reason):
        ports_of(configured(first), Namespace(processes=3, reuse_port=shared))


@pytest.mark.parametrize("count", ["0", "65", "two", "-1"])
def test_a_number_of_processes_that_cannot_be_is_refused(
    count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parser().parse_args([f"--processes={count}"])

    assert f"argument --processes: '{count}' is not a whole number from 1 to 64" in capsys.readouterr().err


def configured(port: str) -> Configuration:
    """Give a configuration with this port."""
    return Configuration.read(
        {"WATERCOOLER_KEYS": KEY, "REDIS_URL": "redis://redis.example", "WATERCOOLER_PORT": port}
    )
