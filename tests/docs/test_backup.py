"""The how-to of backups gives a board back as it was, from either database, while it runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.people import TeamBoard, add_people
from tests.docs.pages import ROOT, blocks
from tests.stack import Stack, running_stack

HOW_TO = "how-to/backup.md"
SQLITE, POSTGRES = 0, 1  # which of the blocks of commands are for it


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES], ids=["SQLite", "PostgreSQL"])
def test_a_board_is_restored_as_it_was_backed_up_and_has_a_new_epoch(
    kind: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue("postgres").make_database("backup") if kind == POSTGRES else None
    back_up, restore, finish = commands_for(kind)
    with running_stack(database=database) as stack:
        (maker,) = add_people(stack, ("ana", "Ana", "Ferreira"))
        board = TeamBoard(maker)
        board.add("Kept")
        kept = board.snapshot()
        run(stack, tmp_path, back_up)
        board.add("Lost with the disk")

        stack.stop()
        run(stack, tmp_path, restore)
        said = run(stack, tmp_path, finish)
        stack.start()

        back = board.snapshot()
        maker.close()
        assert said.splitlines()[-1] == "1 board has a new epoch; open pages will fetch what they show anew"
        assert lasting(back) == lasting(kept)
        assert back["epoch"] != kept["epoch"]


def commands_for(kind: int) -> tuple[str, str, str]:
    """Give the how-to's commands to back up, to put back, and to say so."""
    back_up_one, back_up_other, restore_one, restore_other, finish = blocks(HOW_TO, "sh")
    return (back_up_one, back_up_other)[kind], (restore_one, restore_other)[kind], finish


def run(stack: Stack, folder: Path, commands: str) -> str:
    """Do what the how-to says, with the files of this test."""
    ours = {
        "var/board.sqlite3": str(stack.folder / "board.sqlite3"),
        "board-backup": str(folder / "board-backup"),
        ".venv/bin/python": sys.executable,
    }
    for theirs, here in ours.items():
        commands = commands.replace(theirs, here)
    done = subprocess.run(
        ["sh", "-e"], input=commands, text=True, check=False, cwd=ROOT, env=stack.env,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def lasting(snapshot: dict[str, object]) -> dict[str, object]:
    """Leave out what a restore changes, and what is another at each look."""
    return {name: held for name, held in snapshot.items() if name not in {"epoch", "live"}}
