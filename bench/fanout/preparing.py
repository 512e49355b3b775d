"""Prepare what the peers need, below var/bench/fanout: programs compiled, packages installed as pinned.

What only Debian has is installed where we may; else the error says which command does it.
"""

import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from script.install import fingerprint, is_stamped
from tests import tools
from tests.stack import ROOT
from tests.tools import MissingTool, Tool, on_path

HERE = Path(__file__).parent
PLACE = ROOT / "var" / "bench" / "fanout"
MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")

CC = Tool("cc", lambda: on_path("cc", "gcc", "clang"), "gcc libc6-dev", "llvm")
NODE = Tool("node and npm", lambda: on_path("npm") and on_path("node"), "nodejs npm", "node")
NGINX = Tool("nginx", lambda: on_path("nginx", "/usr/sbin/nginx"), "nginx", "nginx")
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
    _install_tools([CC, NODE, NGINX, NCHAN, tools.REDIS])
    return Programs(
        client=_compile(HERE / "client.c"),
        floor=_compile(HERE / "peers" / "floor.c"),
        channels_python=_channels(),
        node=Path(NODE.path()),
        node_modules=_node_modules(),
        nginx=Path(NGINX.path()),
        nchan=MODULE,
    )


def _install_tools(wanted: list[Tool]) -> None:
    missing = [tool for tool in wanted if tool.find() is None]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MissingTool(
            "\n".join(f"{tool.name} is not installed; run: {tool.remedy()}" for tool in missing)
        )
    packages = [word for tool in missing for word in tool.debian.split()]
    print(f"Installing {', '.join(packages)} ...", flush=True)
    tools.apt_get("update")
    tools.apt_get("install", "--yes", "--no-install-recommends", *packages)


def _compile(source: Path) -> Path:
    program = PLACE / source.stem
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        warnings = ["-Wall", "-Wextra", "-Werror"]
        subprocess.run([CC.path(), "-O2", *warnings, "-o", str(program), str(source)], check=True)
    return program


def _channels() -> Path:
    """Give the Python of an environment that holds requirements.txt, and nothing of this project."""
    place, pins = PLACE / "python", HERE / "requirements.txt"
    python, stamp = place / "bin" / "python", place / ".installed"
    now = fingerprint(pins.read_bytes(), sys.version.encode())
    if not is_stamped(stamp, now):
        print("Installing Django Channels ...", flush=True)
        venv.create(place, clear=True, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check",
                        "--require-hashes", "-r", str(pins)], check=True)  # fmt: skip
        stamp.write_text(now)
    return python


def _node_modules() -> Path:
    place, names = PLACE / "node", ("package.json", "package-lock.json")
    stamp = place / "node_modules" / ".installed"
    now = fingerprint(*((HERE / "peers" / name).read_bytes() for name in names))
    if not is_stamped(stamp, now):
        print("Installing ws ...", flush=True)
        place.mkdir(exist_ok=True)
        for name in names:
            shutil.copy(HERE / "peers" / name, place)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
                       check=True, cwd=place)  # fmt: skip
        stamp.write_text(now)
    return place / "node_modules"
