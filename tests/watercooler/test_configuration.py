"""The environment is read once; what is wrong is named, with its value and what would be right."""

from __future__ import annotations

import re

import pytest

from watercooler.configuration import VARIABLES, BadConfiguration, Configuration
from watercooler.messages import random_key

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
