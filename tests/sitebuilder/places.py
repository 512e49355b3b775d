"""The kinds of stages there are, each with a way to read what its visitors would get."""

import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.services import Process, free_port, wait_until
from tests.sitebuilder.publishing import Publisher, tree
from tests.tools import RSYNC


@dataclass(frozen=True)
class Place:
    publisher: Publisher
    visited: Callable[[], Mapping[str, str]]
    switches_at_once: bool = True


def folder(root: Path) -> Place:
    www = root / "www"
    return Place(Publisher(root, {"to": "folder", "path": str(www)}), lambda: shown_by(www / "current"))


def git_branch(root: Path) -> Place:
    git("init", "-q", str(root / "repository"))
    stage = {"to": "git", "repository": str(root / "repository"), "branch": "pages"}
    return Place(Publisher(root, stage), lambda: shown_by_git(root / "repository", "pages"))


def git_remote(root: Path) -> Place:
    git("init", "-q", "--bare", str(root / "remote.git"))
    git("init", "-q", str(root / "repository"))
    stage = {
        "to": "git", "repository": str(root / "repository"), "branch": "pages",
        "remote": str(root / "remote.git"),
    }  # fmt: skip
    return Place(Publisher(root, stage), lambda: shown_by_git(root / "remote.git", "pages"))


SSH_HERE = """#!/bin/sh
# Run the command that ssh would run elsewhere, as its login shell would.
while [ "${1#-}" != "$1" ]; do shift 2; done
[ "$1" = www.example.org ] || { echo "ssh: Could not resolve hostname $1" >&2; exit 255; }
shift
exec sh -c "$*"
"""


def rsync(root: Path) -> Place:
    """A real rsync, and a stand-in for ssh that stays on this machine."""
    RSYNC.path()
    ssh, www = root / "ssh-here", root / "a place/www"
    ssh.write_text(SSH_HERE)
    ssh.chmod(0o755)
    stage = {"to": "rsync", "host": "www.example.org", "path": str(www), "ssh": str(ssh)}
    return Place(Publisher(root, stage), lambda: shown_by(www / "current"))


CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@contextmanager
def s3_server() -> Iterator[str]:
    """A real S3 over HTTP; yields its address."""
    with tempfile.TemporaryDirectory(prefix="s3-") as folder:
        port, log = free_port(), Path(folder, "log")
        program = "from moto.server import main; main()"
        command = [sys.executable, "-c", program, "--host", "127.0.0.1", "--port", str(port)]
        server = Process("moto", command, log=log).start()
        wait_until(lambda: server.check_running() and "Running on" in log.read_text(), "moto serves")
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def s3(root: Path, endpoint: str) -> Place:
    """A bucket of our own; the caller has set CREDENTIALS."""
    client = s3_client(endpoint)
    bucket = f"bucket-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=bucket)
    stage = {"to": "s3", "bucket": bucket, "endpoint": endpoint, "prefix": "site"}
    return Place(Publisher(root, stage), lambda: shown_by_s3(client, bucket, "site/"), switches_at_once=False)


def s3_client(endpoint: str) -> Any:
    return import_module("boto3").client("s3", endpoint_url=endpoint)


def shown_by_s3(client: Any, bucket: str, prefix: str) -> Mapping[str, str]:
    listed = client.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    keys = [item["Key"] for item in listed if not item["Key"].startswith(f"{prefix}.releases/")]
    return {
        key.removeprefix(prefix): client.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
        for key in keys
    }


def shown_by(current: Path) -> Mapping[str, str]:
    return tree(current) if current.exists() else {}


def shown_by_git(repository: Path, branch: str) -> Mapping[str, str]:
    if not git("-C", str(repository), "branch", "--list", branch):
        return {}
    paths = git("-C", str(repository), "ls-tree", "-r", "--name-only", branch).splitlines()
    return {path: git("-C", str(repository), "show", f"{branch}:{path}") for path in paths}


def git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout
