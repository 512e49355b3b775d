"""The one command: all programs start, say where they are, and end together, whenever they are asked to."""

import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.services import Process, answers, free_port, wait_until
from tests.stack import ROOT, Stack

PATIENCE_SECONDS = 90  # more than the product's own

pytestmark = pytest.mark.slow


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Process]:
    """The product on free ports, with a database of its own."""
    environment = Stack(tmp_path).env | {"PLACEHOLDER_PORT": str(free_port()), "DOCS_PORT": str(free_port())}
    command = [sys.executable, "script/launch.py"]
    product = Process("product", command, log=tmp_path / "product.log", cwd=ROOT, env=environment)
    yield product
    product.kill9()


def press_control_c(product: Process) -> int:
    """Interrupt the product as a terminal does: with all that it has not put into a session of its own."""
    os.killpg(product.pid, signal.SIGINT)
    wait_until(lambda: not product.is_running(), "the product ends")
    return product.terminate()


def test_it_says_where_everything_is_when_all_of_it_answers_and_ends_it_with_control_c(
    product: Process,
) -> None:
    product.start()
    wait_until(
        lambda: product.check_running() and "How all of it works" in said(product),
        "it says so",
        PATIENCE_SECONDS,
    )
    addresses = re.findall(r"http://localhost:\d+", said(product))

    assert len(addresses) == 3
    assert all(map(answers, addresses))
    assert press_control_c(product) == 0
    assert not any(map(answers, addresses))
    assert "Traceback" not in said(product)


def test_control_c_ends_it_without_a_fuss_while_it_prepares_the_database(product: Process) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"postgres://board:secret@127.0.0.1:{silent.getsockname()[1]}/board"
        product.options["env"]["DATABASE_URL"] = url
        product.start()
        silent.settimeout(PATIENCE_SECONDS)
        with silent.accept()[0]:  # and never answer
            assert press_control_c(product) == 0

    assert said(product) == ""


def said(product: Process) -> str:
    return product.log.read_text()
