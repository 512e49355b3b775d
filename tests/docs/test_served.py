"""The Procfile's line shows the documentation on the port that DOCS_PORT names."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.docs.pages import ROOT, SITE
from tests.services import Process, answers, free_port, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the line of the Procfile shows a copy of the documentation."""
    shutil.copytree(SITE, tmp_path / "docs", ignore=shutil.ignore_patterns("out", ".*"))
    found = re.search(r"^docs: (exec .+)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    assert found is not None
    port = free_port()
    variables = {
        **os.environ,
        "DOCS_PORT": str(port),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    variables.pop("DJANGO_SETTINGS_MODULE", None)
    log = tmp_path / "log"
    program = Process("docs", ["sh", "-c", found[1]], log=log, env=variables, cwd=tmp_path).start()
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_until(lambda: program.check_running() and answers(url), "the documentation is shown")
        yield url
    finally:
        program.terminate()
    assert "Traceback" not in log.read_text()


def test_the_documentation_is_shown_with_its_search_and_its_pictures(address: str) -> None:
    home = httpx.get(address).text
    board = httpx.get(f"{address}tutorial/board.png")

    assert "<h1" in home
    assert "Four small programs" in home
    assert board.headers["Content-Type"] == "image/png"
    assert any(page["url"] == "/tutorial/board/" for page in httpx.get(f"{address}search.json").json())
