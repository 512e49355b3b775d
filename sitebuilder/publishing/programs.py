"""Run git, ssh and rsync, and say what they said when they fail."""

import os
import subprocess
from collections.abc import Mapping, Sequence

from sitebuilder.errors import Problem, SiteError

OF_A_HOOK = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
}  # git sets them for its hooks: another repository's


class ProgramFailed(SiteError):
    def __init__(self, words: Sequence[str], said: str) -> None:
        super().__init__([Problem(f"`{' '.join(words)}` failed: {said.strip() or 'it said nothing'}")])
        self.said = said


def output(words: Sequence[str], *, given: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
    """Return what a program prints; `env` is added to the environment.

    Raises ProgramFailed, also where the program is not installed.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in OF_A_HOOK}
    environment = {**inherited, **(env or {})}
    try:
        ran = subprocess.run(words, input=given, capture_output=True, check=False, env=environment)  # noqa: S603
    except FileNotFoundError:
        raise ProgramFailed(words[:1], f"{words[0]} is not installed") from None
    if ran.returncode:
        raise ProgramFailed(words, ran.stderr.decode(errors="replace"))
    return ran.stdout
