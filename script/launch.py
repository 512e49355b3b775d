"""Prepare the database and the static files, start every line of the Procfile, and say when all answer."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from honcho.environ import parse

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    for number in ENDS:
        signal.signal(number, end)
    try:
        return serve()
    except KeyboardInterrupt:
        return 0


def serve() -> int:
    """Run the programs until they end by themselves, or we are asked to end: then they end too."""
    os.chdir(ROOT)
    os.environ.update(environment())
    board, hub = port("BOARD_PORT", 8000), port("WATERCOOLER_PORT", 8001)
    placeholder, docs = port("PLACEHOLDER_PORT", 8002), port("DOCS_PORT", 8003)
    run("manage.py", "migrate")
    run("script/collect.py")
    server = start()
    try:
        signs = (f"{board}/health", f"{hub}/ready", f"{placeholder}/health", f"{docs}/")
        if all(answer(server, f"http://127.0.0.1:{sign}") for sign in signs):
            welcome(board, placeholder, docs)
        elif server.poll() is None:
            sys.exit(f"Not all programs answered in {PATIENCE_SECONDS} s; what they said is above.")
        return server.wait()
    finally:
        server.terminate()
        server.wait()


def end(number: int, frame: FrameType | None) -> None:
    """Leave off whatever is going on; who asks twice waits no shorter."""
    for each in ENDS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def welcome(board: int, placeholder: int, docs: int) -> None:
    """Say where things are; on this folder's own database, make the demonstration and say how to get in."""
    print(f"\n  The board is at http://localhost:{board}. Ctrl-C ends it.")
    password = os.environ.get("DEMO_PASSWORD")
    if password and not os.environ.get("DATABASE_URL"):
        run("manage.py", "demo")  # makes something only where there is no board yet
        print(f"  Sign in as ana, and in another browser as ben; their password is {password}")
    print(f"  Pictures for pages that have none yet: http://localhost:{placeholder}")
    print(f"  How all of it works, and how to use it: http://localhost:{docs}")
    print(flush=True)


def environment() -> dict[str, str]:
    """Return `.env`, under what the environment says, with our own programs first on the path."""
    defaults = parse((ROOT / ".env").read_text())
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**defaults, **os.environ, "PATH": path, "PYTHONUNBUFFERED": "1"}


def port(name: str, default: int) -> int:
    """Return the port that the variable `name` chooses; leave with a clear word unless it is free."""
    value = os.environ.get(name) or str(default)
    if not (value.isdecimal() and 0 < int(value) < 65536):
        sys.exit(f"{name} is {value!r}; expected a port from 1 to 65535")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(value)))
        except OSError as error:
            sys.exit(f"{name} is {value}, which cannot be used here ({error.strerror}); choose another: "
                     f"{name}={int(value) + 100} script/server")  # fmt: skip
    return int(value)


def run(*words: str) -> None:
    """Run one of our own Python programs, of which only errors are shown; Ctrl-C is not meant for it."""
    command = [sys.executable, *words]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False, start_new_session=True)
    if done.returncode:
        sys.exit(done.returncode)


def start() -> subprocess.Popen[bytes]:
    """Start the Procfile; honcho ends what it has started, when it is ended or one of them ends."""
    command = [sys.executable, "-m", "honcho", "start", "--env", os.devnull]
    return subprocess.Popen(command, start_new_session=True)


def answer(server: subprocess.Popen[bytes], url: str) -> bool:
    """Wait until `url` answers 200; give up when the programs have ended or the patience has."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


if __name__ == "__main__":
    sys.exit(main())
