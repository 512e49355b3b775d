"""A built site, a stage to publish it to, and a publisher that is killed after any of its steps."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sitebuilder.publishing.publishing import Outcome, publish, roll_back
from sitebuilder.publishing.stages import find_stage
from sitebuilder.publishing.targets import Target, open_target
from sitebuilder.settings import Site

ROOT = Path(__file__).resolve().parent.parent.parent
Built = Mapping[str, str]  # path: text
FIRST: Built = {"index.html": "one", "about/index.html": "about", "static/app.css": "red"}
SECOND: Built = {"index.html": "two", "news/index.html": "news", "static/app.css": "red"}


class Publisher:
    """A site whose built folder a test fills by hand."""

    def __init__(self, folder: Path, stage: Mapping[str, object]) -> None:
        self.site = Site(
            folder=folder / "site",
            name="Example",
            url="https://example.org",
            language="en",
            output=folder / "site" / "out",
            state=folder / "site" / ".sitebuilder",
            addresses="folder",
            raw={"stage": {"production": dict(stage)}},
        )
        self.site.output.mkdir(parents=True)

    def build(self, files: Built) -> None:
        """Replace what differs by rename, as the builder does, and remove the rest."""
        out = self.site.output
        for path in [path for path in out.rglob("*") if path.is_file()]:
            if path.relative_to(out).as_posix() not in files:
                path.unlink()
        for name, text in files.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            draft = out / "draft"
            draft.write_text(text)
            draft.replace(out / name)

    @property
    def target(self) -> Target:
        return open_target(self.site, find_stage(self.site, None))

    def publish(self, files: Built | None = None) -> Outcome:
        if files is not None:
            self.build(files)
        return publish(self.site, self.target)

    def roll_back(self, release: str | None = None) -> Outcome:
        return roll_back(self.target, release)

    def killed_at(self, step: int, *, rolling_back: str = "") -> bool:
        """Publish or roll back in a process that kills itself after `step` steps; say whether it did."""
        order = {
            "site": {
                **vars(self.site),
                **{name: str(getattr(self.site, name)) for name in ("folder", "output", "state")},
            },
            "step": step,
            "rolling_back": rolling_back,
        }
        ran = subprocess.run(
            [sys.executable, "-m", "tests.sitebuilder.publishing"],
            input=json.dumps(order).encode(), cwd=ROOT, check=False, capture_output=True,
        )  # fmt: skip
        assert ran.returncode in {0, -signal.SIGKILL}, ran.stderr.decode()
        return ran.returncode != 0


def tree(folder: Path) -> dict[str, str]:
    """Return what a visitor of `folder` would read."""
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


def main(order: dict[str, object]) -> None:
    given = dict(order["site"])  # type: ignore[call-overload]
    paths = {name: Path(given[name]) for name in ("folder", "output", "state")}
    site = Site(**{**given, **paths})
    left = int(str(order["step"]))

    def count(_step: str) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    target = open_target(site, find_stage(site, None))
    if order["rolling_back"]:
        roll_back(target, str(order["rolling_back"]), step=count)
    else:
        publish(site, target, step=count)


if __name__ == "__main__":
    main(json.load(sys.stdin))
