"""Publish to a folder of releases on another machine, by rsync over ssh.

The folder looks as that of `to_folder`, and a web server there serves `current`. rsync compares by content
and makes hard links of what did not change; the switch is one command over ssh. The other machine needs
rsync, `flock` and a POSIX shell, as any Linux has them.
"""

import json
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sitebuilder.publishing import locking
from sitebuilder.publishing.files import Hashes
from sitebuilder.publishing.programs import ProgramFailed, output
from sitebuilder.publishing.releases import Release, Switch, parsed, that_happened
from sitebuilder.publishing.stages import Stage, wrong
from sitebuilder.publishing.targets import Step
from sitebuilder.settings import Site

# Each is run in the stage's folder, with its words as $1, $2 ...
LOCK = """
exec 9>>publish.lock
flock --nonblock 9 || { cat publish.lock; exit; }
printf %s "$1" >publish.lock
echo held
cat >/dev/null # until the publisher ends, however it ends: then this input ends, too
"""
LOOK = """
basename "$(readlink current || echo)"
test ! -e publish.log || sed 's/^/log /' publish.log; echo
for manifest in releases/*.json "releases/.$(basename "$(readlink current || echo)").json"; do
    release=${manifest##*/}; release=${release#.}; release=${release%.json}
    test ! -e "$manifest" || test ! -d "releases/$release" || cat "$manifest"
done
"""
ADMIT = """
live=$(basename "$(readlink current || echo)")
test ! -e "releases/.$live.json" || mv "releases/.$live.json" "releases/$live.json"
"""
FORGET = """
for release; do
    test ! -d "releases/$release" || mv "releases/$release" "releases/.$release"
    rm -rf "releases/$release.json" "releases/.$release.json" "releases/.$release"
done
"""
SWEEP = """
rm -rf .current
for draft in releases/.[!.]*.json; do
    release=${draft#releases/.}; release=${release%.json}
    test ! -e "$draft" || rm -rf "releases/$release" "$draft"
done
rm -rf releases/.[!.]*
"""
PLACE = """
cat >"releases/.$1.json"
mv "releases/.$1" "releases/$1"
sync
"""
SWITCH = """
test -d "releases/$1"
test -z "$(tail -c 1 publish.log 2>/dev/null)" || echo >>publish.log
cat >>publish.log
ln -s "releases/$1" .current
mv -T .current current
sync
"""


class Remote:
    def __init__(self, site: Site, stage: Stage) -> None:
        stage.allow("host", "path", "ssh")
        self.host = stage.text("host", right='a host, such as "me@www.example.org"')
        self.path = stage.text("path", right='a folder of that host, such as "/srv/www/example"')
        self.ssh = shlex.split(stage.text("ssh", default="ssh"))
        if self.host.startswith("-") or not self.ssh:
            raise wrong(stage.name, f"`host` is {self.host!r}", "a host, such as me@www.example.org")
        self.where = f"{self.host}:{self.path}"
        self.keep = stage.keep

    @contextmanager
    def locked(self, by: str) -> Iterator[None]:
        self._there("mkdir -p releases")
        with subprocess.Popen(  # noqa: S603
            self._command(LOCK, locking.claim(by)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as lock:
            assert lock.stdin  # noqa: S101 - as asked for
            assert lock.stdout  # noqa: S101
            if (said := lock.stdout.readline()) != "held\n":
                raise locking.Busy(said, self.where)
            self._there(ADMIT)
            yield
            lock.stdin.close()

    def sweep(self) -> None:
        self._there(SWEEP)

    def releases(self) -> list[Release]:
        return self._look()[2]

    def live(self) -> str:
        return self._look()[0]

    def shown(self) -> Hashes:
        live, _switches, releases = self._look()
        return next((release.files for release in releases if release.id == live), {})

    def put(self, release: Release, source: Path, shown: Hashes, step: Step) -> None:
        """Send what is not there yet into a draft; rsync itself compares with the live files by content."""
        try:
            self._send(source, f"releases/.{release.id}")
            step("files written")
            self._there(PLACE, release.id, given=release.line())
            step("files in place")
        except BaseException:
            self._there(FORGET, release.id)
            raise

    def switch(self, release: Release, switch: Switch, step: Step) -> None:
        try:
            self._there(SWITCH, release.id, given=switch.line())
        except BaseException:
            if switch.how == "publish" and self.live() != release.id:
                self._there(FORGET, release.id)
            raise
        step("switched")
        self._there(ADMIT)

    def files_of(self, release: Release) -> Hashes:
        return release.files

    def prune(self, step: Step) -> None:
        live, _switches, releases = self._look()
        old = [release.id for release in releases[self.keep :] if release.id != live]
        if old:
            self._there(FORGET, *old)
            step("pruned")

    def log(self) -> list[Switch]:
        live, switches, _releases = self._look()
        return that_happened(switches, live)

    def _look(self) -> tuple[str, list[Switch], list[Release]]:
        """Return the live release, the log and all releases, the newest first; one visit for all three."""
        lines = self._there(LOOK, make=False).splitlines() or [""]
        logged = [found for line in lines if line.startswith("log ") and (found := parsed(line[4:]))]
        releases = [Release.from_json(json.loads(line)) for line in lines[1:] if line.startswith("{")]
        releases.sort(key=lambda release: release.number, reverse=True)
        return lines[0], [Switch.from_json(found) for found in logged], releases

    def _send(self, source: Path, to: str) -> None:
        live = self.live()
        same = [f"--link-dest=../{live}"] if live else []
        flags = ["--recursive", "--checksum", "--perms", "--chmod=D755,F644", "-s", *same]
        to = f"{self.host}:{self.path}/{to}/"
        output(["rsync", *flags, "-e", shlex.join(self.ssh), "--", f"{source.resolve()}/", to])

    def _there(self, script: str, *words: str, given: str = "", make: bool = True) -> str:
        """Run a script in the stage's folder on the other machine."""
        try:
            return output(self._command(script, *words, make=make), given=given.encode()).decode()
        except ProgramFailed as failed:
            raise ProgramFailed([*self.ssh, self.host], failed.said) from None

    def _command(self, script: str, *words: str, make: bool = True) -> list[str]:
        folder = shlex.quote(self.path)
        enter = (
            f"mkdir -p {folder} && cd {folder} || exit 1" if make else f"cd {folder} 2>/dev/null || exit 0"
        )
        # In one word for the login shell there, whichever it is: ssh joins words by spaces.
        return [*self.ssh, self.host, shlex.join(["sh", "-c", f"set -e\n{enter}\n{script}", "sh", *words])]
