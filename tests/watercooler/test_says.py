"""How fast a connection may say what, and what it takes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watercooler.frames import Say
from watercooler.says import SAYS_A_SECOND, SUBJECTS_AT_MOST, Says


def dragging(task: int = 12, *, board: int = 7, **what: Any) -> Say:
    """Give a word on a task."""
    return Say(board, "dragging", f"task:{task}", what)


def stopped(task: int = 12) -> Say:
    """Give the word that takes that back."""
    return Say(7, "dragging", f"task:{task}", None)


@pytest.fixture
def says() -> Says:
    """Somebody who has said nothing."""
    return Says(3)


def test_so_much_is_passed_on_at_once_and_of_the_rest_the_latest(says: Says) -> None:
    at_once = [says.say(dragging(x=x), now=100.0) for x in range(SAYS_A_SECOND)]
    later = [says.say(dragging(x=x), now=100.5) for x in range(SAYS_A_SECOND, 40)]

    assert at_once == [[dragging(x=x)] for x in range(SAYS_A_SECOND)]
    assert not any(later)
    assert says.wait(100.5) == 0.5
    assert says.due(101.0) == [dragging(x=39)]
    assert says.wait(101.0) is None


def test_each_subject_has_its_own_latest_word(says: Says) -> None:
    for x in range(SAYS_A_SECOND):
        says.say(dragging(x=x), now=100.0)
    for x in range(3):
        says.say(dragging(1, x=x), now=100.0)
        says.say(dragging(2, x=x), now=100.0)
        says.say(dragging(2, board=8, x=x), now=100.0)

    assert says.due(101.0) == [dragging(1, x=2), dragging(2, x=2), dragging(2, board=8, x=2)]


def test_what_waited_counts_for_its_second(says: Says) -> None:
    for task in range(2 * SAYS_A_SECOND + 5):
        says.say(dragging(task), now=100.0)

    assert len(says.due(101.0)) == SAYS_A_SECOND
    assert says.say(dragging(1), now=101.5) == []
    assert len(says.due(102.0)) == 6


def test_to_stop_gets_through_at_last(says: Says) -> None:
    for x in range(SAYS_A_SECOND + 5):
        says.say(dragging(x=x), now=100.0)
    says.say(stopped(), now=100.0)

    assert says.due(101.0) == [stopped()]


def test_nobody_hears_the_end_of_what_nobody_heard_of(says: Says) -> None:
    assert says.say(stopped(), now=100.0) == []
    for x in range(SAYS_A_SECOND):
        says.say(dragging(x=x), now=100.0)

    says.say(dragging(1), now=100.0)
    says.say(stopped(1), now=100.0)

    assert says.due(101.0) == []


def test_who_leaves_a_board_takes_back_what_stands_there(says: Says) -> None:
    says.say(dragging(1), now=100.0)
    says.say(dragging(2), now=100.0)
    says.say(stopped(2), now=100.0)
    says.say(dragging(3, board=8), now=100.0)

    assert says.leave(7) == [stopped(1)]
    assert says.leave(7) == []
    assert says.leave(8) == [replace(dragging(3, board=8), what=None)]


def test_what_waits_for_a_board_is_not_said_after_leaving_it(says: Says) -> None:
    for x in range(SAYS_A_SECOND + 1):
        says.say(dragging(x=x), now=100.0)

    assert says.leave(7) == [stopped()]
    assert says.due(101.0) == []


def test_there_is_an_end_to_what_is_remembered(says: Says) -> None:
    for second in range(20):
        for task in range(50):
            says.say(dragging(50 * second + task), now=100.0 + second)

    assert len(says.leave(7)) <= SUBJECTS_AT_MOST


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.floats(0, 0.3)), max_size=80))
def test_in_whatever_order_it_is_said_the_last_word_stands(words: list[tuple[int, bool, float]]) -> None:
    says, now = Says(3), 100.0
    passed_on: list[tuple[float, Say]] = []
    last: dict[str, Say] = {}
    for number, (task, stops, pause) in enumerate(words):
        now += pause
        say = stopped(task) if stops else dragging(task, number=number)
        last[say.key] = say
        passed_on += [(now, say) for say in says.say(say, now=now)]
    while (wait := says.wait(now)) is not None:
        now += wait
        passed_on += [(now, say) for say in says.due(now)]

    heard = {say.key: say for _, say in passed_on}
    assert {key: say for key, say in heard.items() if say.what} == {
        key: say for key, say in last.items() if say.what
    }
    for at, _ in passed_on:
        assert sum(at <= other < at + 0.999 for other, _ in passed_on) <= 2 * SAYS_A_SECOND
