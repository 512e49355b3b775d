"""Publishing by rsync: what is stored once, what a broken connection says, and a real sshd."""

import getpass
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitebuilder.errors import SiteError
from tests.services import Process, free_port, wait_until
from tests.sitebuilder.places import Place, rsync
from tests.sitebuilder.publishing import FIRST, SECOND, Publisher, tree
from tests.tools import SSHD

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return rsync(tmp_path)


def test_a_file_that_did_not_change_is_stored_once(place: Place, tmp_path: Path) -> None:
    first = place.publisher.publish(FIRST).release.id
    (place.publisher.site.output / "static/app.css").touch()
    place.publisher.publish(SECOND)

    www = tmp_path / "a place/www"
    old, new = www / "releases" / first, www / "current"
    assert (new / "static/app.css").samefile(old / "static/app.css")
    assert not (new / "index.html").samefile(old / "index.html")


def test_a_change_of_equal_size_and_time_is_seen(place: Place, tmp_path: Path) -> None:
    place.publisher.publish({"index.html": "one"})
    place.publisher.build({"index.html": "two"})
    then = (tmp_path / "a place/www/current/index.html").stat()
    os.utime(place.publisher.site.output / "index.html", ns=(then.st_atime_ns, then.st_mtime_ns))

    place.publisher.publish()

    assert place.visited() == {"index.html": "two"}


def test_only_so_many_releases_are_kept_and_nothing_else(place: Place, tmp_path: Path) -> None:
    place.publisher.site.raw["stage"]["production"]["keep"] = 2
    ids = [place.publisher.publish({"index.html": str(number)}).release.id for number in range(4)]

    kept = sorted(path.name for path in (tmp_path / "a place/www/releases").iterdir())
    assert kept == sorted([*ids[2:], *(f"{release}.json" for release in ids[2:])])


def test_a_file_that_only_its_owner_reads_can_be_read_by_the_web_server(place: Place, tmp_path: Path) -> None:
    place.publisher.build(FIRST)
    (place.publisher.site.output / "index.html").chmod(0o600)
    place.publisher.publish()

    assert (tmp_path / "a place/www/current/index.html").stat().st_mode & 0o777 == 0o644


def test_a_host_that_cannot_be_reached_is_said_in_the_words_of_ssh(place: Place) -> None:
    place.publisher.site.raw["stage"]["production"]["host"] = "elsewhere"

    with pytest.raises(SiteError, match=r"elsewhere` failed: ssh: Could not resolve hostname elsewhere"):
        place.publisher.publish(FIRST)


def test_a_transfer_that_breaks_off_leaves_the_old_release_and_nothing_else(
    place: Place, tmp_path: Path
) -> None:
    place.publisher.publish(FIRST)
    releases = tmp_path / "a place/www/releases"
    before = sorted(releases.iterdir())
    place.publisher.build(SECOND)
    (tmp_path / "ssh-here").write_text(
        (tmp_path / "ssh-here").read_text().replace("exec", 'case "$*" in *--server*) exit 9;; esac\nexec')
    )

    with pytest.raises(SiteError, match="rsync"):
        place.publisher.publish()

    assert place.visited() == FIRST
    assert sorted(releases.iterdir()) == before


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[str]:
    """A real sshd of our own, for this user and a key made for this test; the command that reaches it."""
    for key in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / key)], check=True)
    port = free_port()
    (tmp_path / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {tmp_path}/host\nPidFile none\nStrictModes no\n"
        f"AuthorizedKeysFile {tmp_path}/user.pub\nUsePAM no\nPermitRootLogin yes\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where a root's sshd locks itself up, sshd(8)
    log = tmp_path / "sshd.log"
    command = [SSHD.path(), "-D", "-e", "-f", str(tmp_path / "sshd_config")]
    server = Process("sshd", command, log=log).start()
    wait_until(lambda: "Server listening" in log.read_text(), "sshd listens")
    known = f"-o StrictHostKeyChecking=no -o UserKnownHostsFile={tmp_path}/known -o LogLevel=ERROR"
    yield f"ssh -F none -p {port} -i {tmp_path}/user {known} -o IdentitiesOnly=yes -o BatchMode=yes"
    server.terminate()


def test_a_real_sshd_takes_releases_and_rolls_back(ssh: str, tmp_path: Path) -> None:
    www = tmp_path / "real" / "www"
    host = f"{getpass.getuser()}@127.0.0.1"
    publisher = Publisher(tmp_path, {"to": "rsync", "host": host, "path": str(www), "ssh": ssh})

    publisher.publish(FIRST)
    publisher.publish(SECOND)
    assert tree(www / "current") == SECOND

    publisher.roll_back()
    assert tree(www / "current") == FIRST
    assert [switch.how for switch in publisher.target.log()] == ["publish", "publish", "rollback"]
