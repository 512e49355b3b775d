"""The environment is read once; what is wrong is named, with its value and what would be right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from watercooler.configuration import VARIABLES, BadConfiguration, Configuration
from watercooler.messages import Keys, random_key

KEY = random_key()


def read(**variables: str) -> Configuration:
    return Configuration.read({"WATERCOOLER_KEYS": KEY, **variables})


def test_with_a_key_alone_one_hub_runs_beside_one_board() -> None:
    configuration = read()

    assert (configuration.host, configuration.port, configuration.ping_seconds) == ("127.0.0.1", 8001, 25)
    assert configuration.board_url == "http://127.0.0.1:8000"
    assert configuration.redis_url == ""
    assert configuration.origins == {"http://localhost:8000", "http://127.0.0.1:8000"}


def test_the_defaults_follow_the_port_of_the_board() -> None:
    configuration = read(BOARD_PORT="9000")

    assert configuration.board_url == "http://127.0.0.1:9000"
    assert configuration.origins == {"http://localhost:9000", "http://127.0.0.1:9000"}


def test_the_origins_of_the_board_are_the_hubs_unless_it_has_its_own() -> None:
    board = {"BOARD_ORIGINS": "https://Board.example/"}

    assert read(**board).origins == {"https://board.example"}
    assert read(**board, WATERCOOLER_ORIGINS="https://a.example,https://b.example").origins == {
        "https://a.example",
        "https://b.example",
    }


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("WATERCOOLER_PING_SECONDS", "20s", " is '20s'; expected a whole number of seconds"),
        ("WATERCOOLER_PING_SECONDS", "0", " is '0'; expected a whole number of seconds"),
        ("WATERCOOLER_PORT", "http", " is 'http'; expected a port"),
        ("WATERCOOLER_PORT", "70000", " is '70000'; expected a port"),
        ("BOARD_PORT", "-1", " is '-1'; expected a port"),
        ("BOARD_URL", "board:8000", " is 'board:8000'; expected http://… or https://…"),
        ("REDIS_URL", "localhost", " is 'localhost'; expected redis://… or rediss://… or unix://…"),
        ("WATERCOOLER_ORIGINS", "board.example", " holds 'board.example'; expected an origin"),
        ("BOARD_ORIGINS", "https://board.example/path", " holds 'https://board.example/path'; expected"),
        ("WATERCOOLER_KEYS", "", ": there is no key; make one with"),
    ],
)
def test_a_wrong_value_is_refused(name: str, value: str, reason: str) -> None:
    with pytest.raises(BadConfiguration, match=re.escape(f"{name}{reason}")):
        read(**{name: value})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with no variable of a hub in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_program_reads_the_file_that_the_board_reads(folder: Path) -> None:
    (folder / ".env").write_text(f"# Written by script/setup.\nWATERCOOLER_KEYS={KEY}\nBOARD_PORT=9000\n")

    configuration = Configuration.of_this_program()

    assert configuration.keys == Keys.parse(KEY)
    assert configuration.board_url == "http://127.0.0.1:9000"


def test_the_environment_wins_over_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text(f"WATERCOOLER_KEYS={KEY}\nWATERCOOLER_PORT=9001\n")
    monkeypatch.setenv("WATERCOOLER_PORT", "9002")

    assert Configuration.of_this_program().port == 9002


def test_no_file_is_needed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATERCOOLER_KEYS", KEY)

    assert Configuration.of_this_program().port == 8001


@pytest.mark.parametrize("content", [b'WATERCOOLER_KEYS="', b"\xff"])
def test_a_file_that_cannot_be_read_is_named(folder: Path, content: bytes) -> None:
    (folder / ".env").write_bytes(content)

    with pytest.raises(BadConfiguration, match=r"/\.env is unreadable: .*; expected NAME=value lines"):
        Configuration.of_this_program()


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(BadConfiguration) as refusal:
        read(REDIS_URL="http://me:hunter2@redis")

    assert "hunter2" not in str(refusal.value)


def test_a_configuration_does_not_show_its_secrets() -> None:
    shown = repr(read(REDIS_URL="redis://:hunter2@redis"))

    assert "hunter2" not in shown
    assert "whsec" not in shown


def test_every_variable_that_is_read_is_explained() -> None:
    class Noting(dict[str, str]):
        def get(self, key: str, default: object = None) -> str:
            asked.add(key)
            return KEY if key == "WATERCOOLER_KEYS" else ""

    asked: set[str] = set()

    Configuration.read(Noting())

    assert asked == set(VARIABLES)
