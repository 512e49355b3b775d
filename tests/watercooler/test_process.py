"""The program as an operator runs it."""

from __future__ import annotations

import resource
import signal
import socket
from asyncio.subprocess import PIPE
from pathlib import Path

import orjson
import pytest

from tests.watercooler.browser import Browser
from tests.watercooler.conftest import Run
from tests.watercooler.events import make_ticket
from watercooler.configuration import VARIABLES
from watercooler.frames import Close
from watercooler.messages import Keys, random_key
from watercooler.options import parser

COMING_AND_GOING = ("event=opened", "event=closed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_sends_the_clients_away_and_ends_in_order(run: Run, number: signal.Signals) -> None:
    key = random_key()
    program = await run(WATERCOOLER_KEYS=key)
    browser = await Browser.open(await program.port(), Keys.parse(key))
    await browser.greet()

    program.process.send_signal(number)

    assert await browser.hear_close() == Close.DRAINING
    browser.vanish()
    assert await program.end() == 0
    assert [word for word in COMING_AND_GOING if word in program.log()] == []


async def test_a_task_that_fails_ends_the_program_with_a_reason(run: Run) -> None:
    """Its supervisor starts it again; the clients come back by themselves."""
    failing = "raise ValueError('the bus broke')"
    program = f"""
from watercooler import __main__ as hub, memory_bus
async def fail(bus): {failing}
memory_bus.MemoryBus.run = fail
raise SystemExit(hub.main())
"""
    failed = await run(program=("-c", program), WATERCOOLER_KEYS=random_key())

    assert await failed.end() == 1
    (line,) = [line for line in failed.said if "task failed, the hub stops" in line]
    assert "the bus broke" in line


@pytest.mark.parametrize("log_format", ["logfmt", "json"])
async def test_neither_ticket_nor_secret_is_logged(run: Run, log_format: str) -> None:
    key = random_key()
    keys = Keys.parse(key)
    program = await run("--verbose", WATERCOOLER_KEYS=key, WATERCOOLER_LOG_FORMAT=log_format)
    browser = await Browser.open(await program.port(), keys)
    await browser.greet()
    bad_ticket = make_ticket(Keys.random())
    await browser.subscribe(after=0, ticket=bad_ticket)

    await browser.say(t="hello", v=1, ticket=bad_ticket)
    await browser.hear_close()
    browser.vanish()
    await program.stop()

    assert "4501" in program.log()
    assert not any(secret in program.log() for secret in (key, bad_ticket, make_ticket(keys)[:40]))


async def test_each_line_of_json_is_an_object_with_its_time_level_and_process(run: Run) -> None:
    program = await run("--log-format", "json", WATERCOOLER_KEYS=random_key())
    await program.port()
    await program.stop()

    lines = [orjson.loads(line) for line in program.said]

    assert [line["event"] for line in lines] == ["listening", "draining", "stopped"]
    assert all(line.keys() >= {"at", "level", "event", "pid"} for line in lines)
    assert {line["pid"] for line in lines} == {program.process.pid}


async def test_a_warning_of_a_library_is_one_line_of_the_same_kind(run: Run) -> None:
    said = "try: 1 / 0\nexcept ZeroDivisionError: logging.getLogger('tornado.general').exception('odd')"
    program = f"""
import logging
from watercooler.logs import LogFormat, log_to_stderr
log_to_stderr(form=LogFormat.JSON, verbose=False)
{said}
"""
    said_once = await run(program=("-c", program))
    await said_once.end()

    (line,) = [orjson.loads(line) for line in said_once.said]
    assert (line["event"], line["level"], line["logger"]) == ("odd", "error", "tornado.general")
    assert "ZeroDivisionError" in line["exception"]


async def test_a_clients_coming_and_going_is_logged_only_when_asked_for(run: Run) -> None:
    key = random_key()
    program = await run("--verbose", WATERCOOLER_KEYS=key)
    browser = await Browser.open(await program.port(), Keys.parse(key))
    await browser.greet()
    browser.vanish()
    await program.stop()

    assert [word for word in COMING_AND_GOING if word not in program.log()] == []


async def test_help_explains_every_variable_and_option(run: Run) -> None:
    program = await run("--help")
    output = (await program.process.communicate())[0].decode()

    options = [word for action in parser()._actions for word in action.option_strings]
    assert [name for name in (*VARIABLES, *options) if name not in output] == []


async def test_started_by_hand_it_reads_the_boards_own_file(run: Run, tmp_path: Path) -> None:
    """So that one line of the Procfile is enough."""
    key = random_key()
    (tmp_path / ".env").write_text(f"WATERCOOLER_KEYS={key}\n")

    browser = await Browser.open(await (await run()).port(), Keys.parse(key))

    await browser.greet()
    browser.vanish()


async def test_without_a_key_it_says_how_to_make_one(run: Run) -> None:
    program = await run()

    assert await program.end() == 2
    assert "WATERCOOLER_KEYS: there is no key; make one with: python -c" in program.log()


async def test_a_port_that_is_taken_is_named_with_its_variable(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        program = await run(WATERCOOLER_KEYS=random_key(), WATERCOOLER_PORT=str(port))

        assert await program.end() == 2
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in program.log()
    assert "WATERCOOLER_PORT" in program.log()


async def test_it_ends_in_order_with_the_pipe_on_which_it_hangs(run: Run) -> None:
    program = await run("--until-stdin-ends", stdin=PIPE, WATERCOOLER_KEYS=random_key())
    await program.port()

    assert program.process.stdin is not None
    program.process.stdin.close()

    assert await program.end() == 0


async def test_what_is_no_pipe_cannot_be_hung_on(run: Run) -> None:
    program = await run("--until-stdin-ends", WATERCOOLER_KEYS=random_key())

    assert await program.end() == 2
    assert "--until-stdin-ends needs a pipe as standard input" in program.log()


@pytest.mark.parametrize(("prelude", "loop"), [("", "uvloop"), ("sys.modules['uvloop'] = None", "asyncio")])
async def test_uvloop_is_used_where_it_is_installed(run: Run, prelude: str, loop: str) -> None:
    lines = f"import sys\n{prelude}\nfrom watercooler.__main__ import main\nsys.exit(main())"
    program = await run(program=("-c", lines), WATERCOOLER_KEYS=random_key())

    assert (await program.hear(r"event=listening .*loop=(\w+)")).group(1) == loop
    assert await program.stop() == 0


async def test_it_may_open_as_many_files_as_its_user_may(run: Run) -> None:
    """The usual 1,024 would be that many clients."""
    lines = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 4096))
from watercooler.__main__ import main
sys.exit(main())
"""
    program = await run(program=("-c", lines), WATERCOOLER_KEYS=random_key())
    await program.port()

    assert resource.prlimit(program.process.pid, resource.RLIMIT_NOFILE) == (4096, 4096)
