"""What every test may ask for: real servers, a running product, a browser.

The settings are read here for the first time, with an environment that owes nothing to the developer's
own `.env`; DATABASE_URL decides the database, `--postgres` starts one and uses that.
"""

import base64
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import diary, services, tools
from tests.services import Postgres, Redis, postgres_server, redis_server
from tests.stack import Stack, running_stack

ROOT = Path(__file__).resolve().parent.parent
SLOW_FIXTURES = {
    "db",
    "transactional_db",
    "redis",
    "postgres",
    "stack",
    "chromium",
    "shared_redis",
    "own_redis",
    "run",
}
CHROMIUM_ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_for_the_run = contextlib.ExitStack()


def environment() -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "scrum.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "WATERCOOLER_KEYS": f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "DEBUG": "false",
        "REDIS_URL": "",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "BOARD_ORIGINS": "http://localhost:8000",
        "BOARD_URL": "http://127.0.0.1:9",  # nobody listens there: a test that needs one starts one
        "WATERCOOLER_URL": "http://127.0.0.1:9",
        "WATERCOOLER_LIVE_URL": "ws://localhost:8001/live",
    }


def prepare_django() -> None:
    """Fix the settings now: the tests of one folder alone import models before pytest is configured."""
    os.environ.update(environment())
    if "DATABASE_URL" not in os.environ:  # a folder a run: two runs at once must not share a database
        folder = _for_the_run.enter_context(tempfile.TemporaryDirectory(prefix="tests-"))
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/board.sqlite3"
    if "--postgres" in sys.argv:  # a worker of xdist has other arguments, and inherits the address
        os.environ["DATABASE_URL"] = _for_the_run.enter_context(postgres_server()).url()
    # Argon2 is slow on purpose; the running product of `stack` uses it.
    settings.PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
    django.setup()


prepare_django()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres", action="store_true", help="run the Django tests on a PostgreSQL of our own"
    )


def pytest_configure(config: pytest.Config) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that fixtures end what they started
    if not hasattr(config, "workerinput"):  # the workers of xdist find them collected
        subprocess.run([sys.executable, "script/collect.py"], check=True, cwd=ROOT)


def pytest_unconfigure() -> None:
    _for_the_run.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if fixtures or item.get_closest_marker("django_db"):
            item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failure what the programs and the pages last said."""
    report = yield
    if report.failed:
        report.sections += [*services.sections(), *diary.sections()]
    return report


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A Redis of this worker; a test that ends it starts it again."""
    with redis_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The whole product, running for the tests of one module; a test that ends a program starts it again."""
    with running_stack() as stack:
        yield stack


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one module: while Playwright's loop runs, no asyncio test can run in this worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.CHROMIUM.path(), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts, one a person; an error that no page caught fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "en-US", "timezone_id": "UTC", **options})
        context.on("weberror", lambda caught: errors.append(str(caught.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()
