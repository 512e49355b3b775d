"""What lists can be narrowed to."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import IntegerField
from django_filters import rest_framework as filters

from board.api.shapes import LARGEST_ID
from board.models import Board, Column, Membership, Sprint, Task


class IdFilter(filters.NumberFilter):
    """A number that can be an id."""

    field_class = IntegerField

    def get_max_validator(self) -> MaxValueValidator:
        return MaxValueValidator(LARGEST_ID)

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name=field_name, validators=[MinValueValidator(1)], **kwargs)


class BoardFilter(filters.FilterSet):
    class Meta:
        model = Board
        fields = ("archived",)


class ColumnFilter(filters.FilterSet):
    board = IdFilter("board_id")

    class Meta:
        model = Column
        fields = ("board", "kind")


class SprintFilter(filters.FilterSet):
    board = IdFilter("board_id")
    end_before = filters.DateFilter("end", "lte")
    end_after = filters.DateFilter("end", "gte")

    class Meta:
        model = Sprint
        fields = ("board", "state")


class MemberFilter(filters.FilterSet):
    board = IdFilter("board_id")

    class Meta:
        model = Membership
        fields = ("board", "role")


class TaskFilter(filters.FilterSet):
    """`?board=3&sprint=7&column=2&assigned=ana&backlog=true&kind=doing&archived=false`."""

    board = IdFilter("board_id")
    column = IdFilter("column_id")
    sprint = IdFilter("sprint_id")
    backlog = filters.BooleanFilter("sprint", "isnull")
    kind = filters.ChoiceFilter("column__kind", choices=Column.Kind.choices)
    assigned = filters.CharFilter("assignments__user__username")
    due_before = filters.DateFilter("due", "lte")
    due_after = filters.DateFilter("due", "gte")

    class Meta:
        model = Task
        fields = ("board", "column", "sprint", "archived")
