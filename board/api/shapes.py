"""What requests may say and what answers look like, for the views and for the schema."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from board import limits
from board.models import Column, Entity, Membership, Sprint
from board.roles import Role
from board.wire import Wire

PLURAL = {"board": "boards", "column": "columns", "member": "members", "sprint": "sprints", "task": "tasks"}
LARGEST_ID = 2**53 - 1  # what JavaScript counts exactly


def published(entity: str, board_id: int, wire: Wire) -> Wire:
    """Return an entity as REST shows it: its wire shape, its board and its links."""
    root = f"/api/boards/{board_id}"
    if entity == "board":
        links = {
            "self": root,
            "snapshot": f"{root}/snapshot",
            "events": f"{root}/events",
            "page": f"/boards/{board_id}/",
        }
        for plural in ("columns", "sprints", "tasks", "members"):
            links[plural] = f"/api/{plural}?board={board_id}"
        return {**wire, "role": Role.ADMIN.value, "links": links}  # only its admins change a board
    return {
        **wire,
        "board": board_id,
        "links": {"self": f"/api/{PLURAL[entity]}/{wire['id']}", "board": root},
    }


def published_entity(entity: Entity) -> Wire:
    board_id = entity.pk if entity.entity == "board" else entity.board_id  # type: ignore[attr-defined]
    return published(entity.entity, board_id, {**entity.wire(), "version": entity.version})


class Strict(serializers.Serializer[Any]):
    """Refuse what is not known instead of passing over it."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(map(str, data.keys() - self.writable()))):
            right = ", ".join(sorted(self.writable()))
            message = _("There is no such field to set; there are: %(fields)s.") % {"fields": right}
            raise serializers.ValidationError({name[:100]: [message] for name in unknown})
        return super().to_internal_value(data)

    def writable(self) -> set[str]:
        return {name for name, field in self.fields.items() if not field.read_only}


class Text(serializers.CharField):
    """A string; a number is refused instead of being spelled out."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A whole number of JSON: neither a string of digits nor a truth value."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class Id(Whole):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class Truth(serializers.BooleanField):
    """true or false, and no word that sounds like it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Name(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=limits.NAME_CHARACTERS, **kwargs)


class Description(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = str(super().to_internal_value(data))
        if (size := len(text.encode())) > limits.DESCRIPTION_BYTES:
            message = _("This is %(size)d bytes long; at most %(limit)d are kept.")
            raise serializers.ValidationError(message % {"size": size, "limit": limits.DESCRIPTION_BYTES})
        return text


class EntityShape(Strict):
    """What all entities say of themselves; answers are the wire shape, see `published`."""

    id = serializers.IntegerField(read_only=True)
    board = Id()
    version = serializers.IntegerField(read_only=True, help_text="seq of the last event that touched it")
    links = serializers.DictField(child=serializers.CharField(), read_only=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.partial:
            fields["board"].read_only = True  # nothing moves from one board to another
        return fields

    def to_representation(self, instance: Any) -> Any:
        return published_entity(instance)


class Beside(Strict):
    before = Id(required=False, write_only=True, help_text="put it ahead of this id")
    after = Id(required=False, write_only=True, help_text="put it behind this id")


class BoardShape(EntityShape):
    board = None  # type: ignore[assignment]
    name = Name()
    archived = Truth(required=False)
    role = serializers.CharField(read_only=True, help_text="what the asker is on it; in lists and by itself")

    def get_fields(self) -> dict[str, Any]:
        return Strict.get_fields(self)

    def to_representation(self, instance: Any) -> Any:
        return {**published_entity(instance), "role": instance.my_role}


class ColumnShape(Beside, EntityShape):
    name = Name()
    limit = Whole(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=limits.WIP_LIMIT_TASKS,
        help_text="null is no limit",
    )
    kind = serializers.ChoiceField(choices=Column.Kind.choices, required=False)
    place = serializers.CharField(read_only=True)


class SprintShape(EntityShape):
    name = Name()
    goal = Text(required=False, allow_blank=True, max_length=limits.NAME_CHARACTERS)
    start = serializers.DateField(required=False, allow_null=True)
    end = serializers.DateField(required=False, allow_null=True)
    state = serializers.ChoiceField(choices=Sprint.State.choices, required=False)


class TaskShape(Beside, EntityShape):
    name = Name()
    description = Description(required=False)
    column = Id(required=False)
    sprint = Id(required=False, allow_null=True, help_text="null is the backlog")
    place = serializers.CharField(read_only=True)
    assignees = serializers.ListField(
        child=Id(),
        required=False,
        max_length=limits.ASSIGNEES_A_TASK,
    )
    estimate = Whole(
        required=False, allow_null=True, min_value=0, max_value=limits.ESTIMATE_POINTS, help_text="points"
    )
    due = serializers.DateField(required=False, allow_null=True)
    started = serializers.DateTimeField(read_only=True, allow_null=True)
    completed = serializers.DateTimeField(read_only=True, allow_null=True)
    archived = Truth(required=False)


class MemberShape(EntityShape):
    user = serializers.IntegerField(read_only=True)
    username = Text(max_length=150)
    name = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=Membership.Role.choices, required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.partial:
            fields["username"].read_only = True
        return fields


class PersonShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()


class TicketShape(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="where to open the WebSocket")
    ticket = serializers.CharField(help_text="to be said in the first frames, never in an address")
    expires = serializers.DateTimeField()


class ChangeShape(serializers.Serializer[Any]):
    entity = serializers.CharField()
    id = serializers.IntegerField()
    was = serializers.DictField(allow_null=True, help_text="null for a creation")
    now = serializers.DictField(allow_null=True, help_text="null for a deletion")


class EventShape(serializers.Serializer[Any]):
    board = serializers.IntegerField()
    epoch = serializers.CharField()
    seq = serializers.IntegerField()
    verb = serializers.CharField()
    by = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    cid = serializers.CharField(allow_null=True)
    changes = ChangeShape(many=True)


class LogShape(serializers.Serializer[Any]):
    events = EventShape(many=True)
    seq = serializers.IntegerField(help_text="of the board's last event")
    epoch = serializers.CharField()


class SnapshotShape(serializers.Serializer[Any]):
    """Entities are as REST shows them, without `board`, `links` and a task's `description`."""

    board = serializers.DictField()
    members = serializers.ListField(child=serializers.DictField())
    columns = serializers.ListField(child=serializers.DictField())
    sprints = serializers.ListField(child=serializers.DictField())
    tasks = serializers.ListField(child=serializers.DictField())
    seq = serializers.IntegerField()
    epoch = serializers.CharField()
    me = serializers.DictField()
    live = TicketShape()
