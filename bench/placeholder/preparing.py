"""Prepare what the peers need, below var/bench/placeholder: packages as pinned, and nginx's file."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.installing import NODE, install_tools, node_modules, python_with
from tests.stack import ROOT
from tests.tools import NGINX, Tool, on_path

HERE = Path(__file__).parent
PLACE = ROOT / "var" / "bench" / "placeholder"
HOT = "/300x200"  # the address that is asked for again and again

WRK = Tool("wrk", lambda: on_path("wrk"), "wrk", "wrk")


@dataclass(frozen=True)
class Programs:
    """Where each program is that the bench starts, beside those of this project."""

    wrk: Path
    nginx: Path
    node: Path
    node_modules: Path
    peers_python: Path
    hot_file: Path  # the picture of HOT, as we draw it


def prepare() -> Programs:
    """Install what is not there yet, and draw the file. Raises MissingTool."""
    PLACE.mkdir(parents=True, exist_ok=True)
    install_tools([WRK, NGINX, NODE])
    return Programs(
        wrk=Path(WRK.path()),
        nginx=Path(NGINX.path()),
        node=Path(NODE.path()),
        node_modules=node_modules(HERE / "peers", PLACE / "node"),
        peers_python=python_with(HERE / "requirements.txt", PLACE / "python"),
        hot_file=_draw(HOT, PLACE / "hot.png"),
    )


def _draw(address: str, file: Path) -> Path:
    subprocess.run([sys.executable, "placeholder.py", "render", address, str(file)], check=True, cwd=ROOT)
    return file
