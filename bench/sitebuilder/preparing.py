"""Prepare what the peers need, below var/bench/sitebuilder: packages as pinned."""

from dataclasses import dataclass
from pathlib import Path

from bench.installing import NODE, install_tools, node_modules, python_with
from tests.stack import ROOT

HERE = Path(__file__).parent
PLACE = ROOT / "var" / "bench" / "sitebuilder"


@dataclass(frozen=True)
class Programs:
    """Where each program is that the bench starts, beside ours."""

    hugo: Path
    node: Path
    node_modules: Path
    peers_python: Path


def prepare() -> Programs:
    """Install what is not there yet. Raises MissingTool."""
    PLACE.mkdir(parents=True, exist_ok=True)
    install_tools([NODE])
    python = python_with(HERE / "requirements.txt", PLACE / "python")
    return Programs(
        hugo=python.with_name("hugo"),
        node=Path(NODE.path()),
        node_modules=node_modules(HERE / "peers", PLACE / "node"),
        peers_python=python,
    )
