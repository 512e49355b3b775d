"""Install what the peers of a bench need, below var/bench: packages as pinned, into a folder of their own.

What only Debian has is installed where we may; else the error says which command does it.
"""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from script.install import fingerprint, is_stamped
from tests import tools
from tests.tools import MissingTool, Tool, on_path

NODE = Tool("node and npm", lambda: on_path("npm") and on_path("node"), "nodejs npm", "node")


def install_tools(wanted: Sequence[Tool]) -> None:
    """Install by apt what is missing. Raises MissingTool where we may not."""
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


def python_with(pins: Path, place: Path) -> Path:
    """Give the Python of an environment at `place` that holds what `pins` lists, and nothing of ours."""
    python, stamp = place / "bin" / "python", place / ".installed"
    now = fingerprint(pins.read_bytes(), sys.version.encode())
    if not is_stamped(stamp, now):
        print(f"Installing {pins.parent.name}/{pins.name} ...", flush=True)
        venv.create(place, clear=True, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check",
                        "--require-hashes", "-r", str(pins)], check=True)  # fmt: skip
        stamp.write_text(now)
    return python


def node_modules(pins: Path, place: Path) -> Path:
    """Give a folder of what package-lock.json in the folder `pins` lists, installed below `place`."""
    names = ("package.json", "package-lock.json")
    stamp = place / "node_modules" / ".installed"
    now = fingerprint(*((pins / name).read_bytes() for name in names))
    if not is_stamped(stamp, now):
        print(f"Installing {pins.parent.name}/package.json ...", flush=True)
        place.mkdir(exist_ok=True)
        for name in names:
            shutil.copy(pins / name, place)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
                       check=True, cwd=place)  # fmt: skip
        stamp.write_text(now)
    return place / "node_modules"
