"""Prepare what the peers need, below var/bench/fanout: programs compiled, packages installed as pinned."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.installing import NODE, install_tools, node_modules, python_with
from tests import tools
from tests.stack import ROOT
from tests.tools import NGINX, Tool, on_path

HERE = Path(__file__).parent
PLACE = ROOT / "var" / "bench" / "fanout"
MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")

CC = Tool("cc", lambda: on_path("cc", "gcc", "clang"), "gcc libc6-dev", "llvm")
NCHAN = Tool(
    "nginx's module nchan", lambda: str(MODULE) if MODULE.exists() else None, "libnginx-mod-nchan", "nginx"
)


@dataclass(frozen=True)
class Programs:
    """Where each program is that the bench starts, beside those of this project."""

    client: Path
    floor: Path
    channels_python: Path
    node: Path
    node_modules: Path
    nginx: Path
    nchan: Path


def prepare() -> Programs:
    """Compile and install what is not there yet. Raises MissingTool."""
    PLACE.mkdir(parents=True, exist_ok=True)
    install_tools([CC, NODE, NGINX, NCHAN, tools.REDIS])
    return Programs(
        client=_compile(HERE / "client.c"),
        floor=_compile(HERE / "peers" / "floor.c"),
        channels_python=python_with(HERE / "requirements.txt", PLACE / "python"),
        node=Path(NODE.path()),
        node_modules=node_modules(HERE / "peers", PLACE / "node"),
        nginx=Path(NGINX.path()),
        nchan=MODULE,
    )


def _compile(source: Path) -> Path:
    program = PLACE / source.stem
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        warnings = ["-Wall", "-Wextra", "-Werror"]
        subprocess.run([CC.path(), "-O2", *warnings, "-o", str(program), str(source)], check=True)
    return program
