"""How entities and events look outside: one shape for REST, snapshots, events and exports."""

from datetime import UTC, date, datetime
from typing import Any

Wire = dict[str, Any]

DETAILS = {"task": frozenset({"description"})}  # fetched when a task is opened; not in snapshots


def value(raw: object) -> object:
    """Return `raw` as JSON holds it: times in UTC with whole seconds, dates in ISO 8601."""
    if isinstance(raw, datetime):
        return seconds(raw)
    if isinstance(raw, date):
        return raw.isoformat()
    return raw


def seconds(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:-6] + "Z"


def milliseconds(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def without_details(entity: str, shape: Wire) -> Wire:
    hidden = DETAILS.get(entity)
    return {key: held for key, held in shape.items() if key not in hidden} if hidden else shape
