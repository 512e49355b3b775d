"""Install Python packages and browser libraries where they have changed, and make up the first secrets.

Only the standard library is at hand: this runs before anything is installed. What is installed is
remembered by a stamp that is written last, so an interrupted install is done again.
"""

import base64
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST_NODE = 20  # the oldest major version with the test runner that our tests are written for


def main(extras: list[str]) -> None:
    with (VENV / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install_packages("requirements")
        if "dev" in extras:
            install_packages("requirements-dev")
        install_browser_libraries()
        write_secrets(ROOT / ".env")


def install_packages(name: str) -> None:
    """Install exactly what `name`.txt lists, unless that is what is installed."""
    pins = ROOT / f"{name}.txt"
    stamp = VENV / f".{name}"
    now = fingerprint(pins.read_bytes(), str(VENV).encode(), sys.version.encode())
    if is_stamped(stamp, now):
        return
    print(f"Installing {pins.name} ...", flush=True)
    stamp.unlink(missing_ok=True)
    run("Python packages", sys.executable, "-m", "pip", "install", "-qq", "--require-hashes",
        "--disable-pip-version-check", "--requirement", str(pins))  # fmt: skip
    stamp.write_text(now)


def install_browser_libraries() -> None:
    """Install what package-lock.json lists; npm empties node_modules first, and our stamp with it."""
    lock = ROOT / "package-lock.json"
    stamp = ROOT / "node_modules" / ".installed"
    if not lock.exists() or is_stamped(stamp, now := fingerprint(lock.read_bytes())):
        return
    if not has_node():
        install_packages("requirements-node")
    print("Installing browser libraries ...", flush=True)
    run("Browser libraries", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    stamp.write_text(now)


def has_node() -> bool:
    """Say whether npm and a Node.js that is new enough are at hand, here or on the machine."""
    if not (shutil.which("npm", path=search_path()) and shutil.which("node", path=search_path())):
        return False
    asked = subprocess.run(["node", "--version"], capture_output=True, env=environment(), check=False)
    major = re.match(rb"v(\d+)\.", asked.stdout)
    return major is not None and int(major[1]) >= OLDEST_NODE


def write_secrets(dotenv: Path) -> None:
    """Write random secrets to a file that only its owner reads, unless there is one."""
    if dotenv.exists():
        return
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    draft = dotenv.with_name(f".env.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(
        "# Written by script/setup; .env.example tells what else can be set here.\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        f"WATERCOOLER_KEYS=whsec_{key}\n"
        f"DEMO_PASSWORD={secrets.token_urlsafe(9)}\n"
    )
    draft.rename(dotenv)


def is_stamped(stamp: Path, fingerprint: str) -> bool:
    return stamp.exists() and stamp.read_text() == fingerprint


def fingerprint(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def environment() -> dict[str, str]:
    return {**os.environ, "PATH": search_path()}


def search_path() -> str:
    return f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def run(what: str, *command: str) -> None:
    if code := subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode:
        sys.exit(f"{what} could not be installed: {' '.join(command[:4])} ... ended with {code}")


if __name__ == "__main__":
    main(sys.argv[1:])
