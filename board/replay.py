"""Move a board along its log: forwards event by event, or one entity back to how it was.

Plain functions over the wire shapes; `static/board/state.js` does the same in the browser, and
`tests/wire/events.json` holds both to it.
"""

from collections.abc import Iterable
from typing import Any

from board.wire import DETAILS, Wire, without_details

LISTS = {"member": "members", "column": "columns", "sprint": "sprints", "task": "tasks"}
PLACED = {"column", "task"}  # listed by place; the others by id


class Gap(Exception):
    """An event that does not follow the state it was to be applied to."""


def apply(state: Wire, event: Wire) -> Wire:
    """Return the snapshot `state` after `event`; the given one is untouched. Raises Gap."""
    if event["seq"] != state["seq"] + 1:
        raise Gap(f"event {event['seq']} does not follow {state['seq']}")
    after = {**state, "seq": event["seq"]}
    for change in event["changes"]:
        _apply_change(after, change, event["seq"])
    return after


def entity_after(event: Wire, later: Iterable[Wire], current: Wire | None) -> Wire | None:
    """Return the subject of `event` as that event left it.

    `later` are the events after it, newest first; `current` is the subject as it is now, None if deleted.
    """
    subject = event["changes"][0]
    held = current
    for past in later:
        for change in past["changes"]:
            if (change["entity"], change["id"]) == (subject["entity"], subject["id"]):
                held = change["was"] if change["now"] is None else {**(held or {}), **(change["was"] or {})}
    return None if held is None else {**held, "version": event["seq"]}


def _apply_change(state: Wire, change: Wire, seq: int) -> None:
    entity, key, now = change["entity"], change["id"], change["now"]
    if entity == "board":
        state["board"] = {**state["board"], **now, "version": seq}
        return
    name = LISTS[entity]
    rows = {row["id"]: row for row in state[name]}
    held = _after_change(entity, rows.pop(key, None), change, seq)
    if held is not None and not held.get("archived"):
        rows[key] = held
    state[name] = sorted(rows.values(), key=_by_place if entity in PLACED else _by_id)


def _after_change(entity: str, held: Wire | None, change: Wire, seq: int) -> Wire | None:
    now, was = change["now"], change["was"]
    if now is None:
        return None
    if was is None or (was.get("archived") and not now.get("archived")):
        return {**without_details(entity, now), "version": seq}
    if held is None:
        return None
    unseen = DETAILS.get(entity, frozenset()) - held.keys()
    return {**held, **{name: new for name, new in now.items() if name not in unseen}, "version": seq}


def _by_place(row: Wire) -> Any:
    return row["place"]


def _by_id(row: Wire) -> Any:
    return row["id"]
