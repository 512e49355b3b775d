"""A board moves along its log, event by event, exactly as the golden events say."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from board.replay import Gap, apply, entity_after

CASES = json.loads((Path(__file__).parents[1] / "wire" / "events.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_event_turns_the_board_into_what_the_golden_file_says(case: dict[str, Any]) -> None:
    untouched = copy.deepcopy(case["before"])

    assert apply(case["before"], case["event"]) == case["after"]
    assert case["before"] == untouched


@pytest.mark.parametrize("seq", [10, 12])
def test_an_event_that_does_not_follow_is_refused(seq: int) -> None:
    case = CASES[0]

    with pytest.raises(Gap, match="does not follow 10"):
        apply(case["before"], {**case["event"], "seq": seq})


def test_an_entity_is_taken_back_through_later_changes_and_its_deletion() -> None:
    renamed = _event(5, was={"name": "Old"}, now={"name": "New"})
    again = _event(6, was={"name": "New", "due": None}, now={"name": "Newer", "due": "2026-12-01"})
    deleted = _event(7, was={"id": 1, "name": "Newer", "due": "2026-12-01"}, now=None)

    assert entity_after(renamed, [deleted, again], None) == {
        "id": 1,
        "name": "New",
        "due": None,
        "version": 5,
    }


def _event(seq: int, *, was: Any, now: Any) -> dict[str, Any]:
    return {"seq": seq, "changes": [{"entity": "task", "id": 1, "was": was, "now": now}]}
