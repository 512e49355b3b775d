"""`new` fills the clone of a repository that holds nothing yet, and leaves what is there."""

from pathlib import Path

import pytest

from sitebuilder.commands import new
from sitebuilder.errors import SiteError

ADDRESS = "https://example.org"
CLONE = {".git/config": "[core]", "README.md": "# Notes", "LICENSE": "MIT"}


def cloned(folder: Path) -> Path:
    """A clone of a repository that was begun on a git host."""
    for name, text in CLONE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their paths."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_clone_of_an_empty_repository_is_filled_and_what_it_holds_stays(tmp_path: Path) -> None:
    new.make(tmp_path / "whole", "x", ADDRESS)

    new.make(cloned(tmp_path / "clone"), "x", ADDRESS)

    held = everything(cloned(tmp_path / "before"))
    assert everything(tmp_path / "clone") == everything(tmp_path / "whole") | held
    assert sorted(path.name for path in tmp_path.iterdir()) == ["before", "clone", "whole"]


@pytest.mark.parametrize("moved", range(6))
def test_a_clone_that_cannot_be_filled_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    left = [moved]
    rename = Path.rename

    def rename_or_fail(path: Path, target: Path) -> Path:
        if target.parent == tmp_path / "clone":
            if left[0] == 0:
                raise OSError(28, "No space left on device", str(path))
            left[0] -= 1
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", rename_or_fail)
    before = everything(cloned(tmp_path / "clone"))

    with pytest.raises(SiteError, match="cannot be made"):
        new.make(tmp_path / "clone", "x", ADDRESS)

    assert everything(tmp_path / "clone") == before
