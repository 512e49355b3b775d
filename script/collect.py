"""Collect the board's static files into var/static, when they have changed.

The programs and the tests may ask at the same time; only one of them collects, the others wait. Files of
earlier versions stay: a server that runs, or a page that is open, may still ask for them.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"


def collect() -> None:
    VAR.mkdir(exist_ok=True)
    stamp = VAR / ".collected"
    with (VAR / ".collecting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        now = fingerprint()
        if stamp.exists() and stamp.read_text() == now:
            return
        stamp.unlink(missing_ok=True)
        manage = [sys.executable, str(ROOT / "manage.py"), "collectstatic"]
        if code := subprocess.run([*manage, "--noinput", "--verbosity=0"], check=False).returncode:
            sys.exit(code)
        stamp.write_text(now)


def fingerprint() -> str:
    """Tell in a few milliseconds whether any source may differ: by names, sizes and times of change."""
    digest = hashlib.sha256(os.environ.get("DEBUG", "").encode())
    for path in sources():
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def sources() -> Iterator[Path]:
    """Yield our own files, what is installed, and the settings that say how files are stored."""
    yield from sorted(path for path in (ROOT / "board" / "static").rglob("*") if path.is_file())
    installed = [ROOT / "node_modules" / ".installed", ROOT / ".venv" / ".requirements"]
    yield from (path for path in installed if path.exists())
    yield from sorted((ROOT / "scrum").glob("*.py"))
    yield from sorted((ROOT / "board").glob("*assets*.py"))


if __name__ == "__main__":
    collect()
