"""The program as an operator runs it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.watercooler.browser import PATIENCE_SECONDS, Browser
from tests.watercooler.events import make_ticket
from watercooler.configuration import VARIABLES
from watercooler.frames import Close
from watercooler.messages import Keys, random_key

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Awaitable[asyncio.subprocess.Process]]


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    """Start `python -m watercooler` in an empty folder; what still runs after the test is killed."""
    processes: list[asyncio.subprocess.Process] = []

    async def start(
        *options: str, program: tuple[str, ...] = ("-m", "watercooler"), **variables: str
    ) -> asyncio.subprocess.Process:
        path = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        environment = {**path, "WATERCOOLER_PORT": "0", **variables}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(*program, *options),
            env=environment,
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_sigterm_sends_the_clients_away_and_ends_in_order(run: Run) -> None:
    key = random_key()
    process = await run(WATERCOOLER_KEYS=key)
    browser = await Browser.open(await _port(process), Keys.parse(key))
    await browser.greet()

    process.send_signal(signal.SIGTERM)

    assert await browser.hear_close() == Close.DRAINING
    browser.vanish()
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await process.wait() == 0


async def test_a_task_that_fails_ends_the_program_with_a_reason(run: Run) -> None:
    """Its supervisor starts it again; the clients come back by themselves."""
    failing = "raise ValueError('the bus broke')"
    program = f"""
from watercooler import __main__ as hub, memory_bus
async def fail(bus): {failing}
memory_bus.MemoryBus.run = fail
raise SystemExit(hub.main())
"""
    process = await run(program=("-c", program), WATERCOOLER_KEYS=random_key())

    _, log = await process.communicate()

    assert process.returncode == 1
    assert "task failed, the hub stops" in log.decode()
    assert "the bus broke" in log.decode()


async def test_neither_ticket_nor_secret_is_logged(run: Run) -> None:
    key = random_key()
    keys = Keys.parse(key)
    process = await run("--verbose", WATERCOOLER_KEYS=key)
    browser = await Browser.open(await _port(process), keys)
    await browser.greet()
    bad_ticket = make_ticket(Keys.random())

    await browser.say(t="hello", v=1, ticket=bad_ticket)
    await browser.hear_close()
    browser.vanish()
    process.terminate()
    _, log = await process.communicate()

    assert b"code=4501" in log
    assert not any(secret.encode() in log for secret in (key, bad_ticket, make_ticket(keys)[:40]))


async def test_help_explains_every_variable(run: Run) -> None:
    output, _ = await (await run("--help")).communicate()

    assert [name for name in VARIABLES if name not in output.decode()] == []


async def test_started_by_hand_it_reads_the_boards_own_file(run: Run, tmp_path: Path) -> None:
    """So that one line of the Procfile is enough."""
    key = random_key()
    (tmp_path / ".env").write_text(f"WATERCOOLER_KEYS={key}\n")

    browser = await Browser.open(await _port(await run()), Keys.parse(key))

    await browser.greet()
    browser.vanish()


async def test_without_a_key_it_says_how_to_make_one(run: Run) -> None:
    process = await run()

    _, log = await process.communicate()

    assert process.returncode == 2
    assert "WATERCOOLER_KEYS: there is no key; make one with: python -c" in log.decode()


async def test_a_port_that_is_taken_is_named_with_its_variable(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = await run(WATERCOOLER_KEYS=random_key(), WATERCOOLER_PORT=str(port))

        _, log = await process.communicate()

    assert process.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in log.decode()
    assert "WATERCOOLER_PORT" in log.decode()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        line = (await process.stderr.readline()).decode()
    found = re.search(r"event=listening .*port=(\d+)", line)
    assert found, line
    return int(found.group(1))
