"""Random moves by random people: after each, the log explains the board and the rules hold."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from board.errors import BoardError
from board.events import Operation
from board.models import Board, Column, Sprint, Task, User
from board.models.column import add_column
from board.models.sprint import add_sprint
from board.models.task import add_task
from board.places import Beside
from board.replay import apply
from board.snapshot import state
from board.starting import create_board
from board.wire import Wire

NUMBERS = st.integers(min_value=0, max_value=30)


class MovesMachine(RuleBasedStateMachine):
    """One board under everything that can be done to it; a refusal changes nothing."""

    tasks = Bundle("tasks")

    @initialize()
    def make(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.operation = Operation(by=User.objects.create(username="ana"))
        self.board = create_board("B", self.operation)
        self.held = self.fresh()

    @rule(target=tasks, column=NUMBERS, sprint=NUMBERS)
    def add(self, column: int, sprint: int) -> int:
        fields = {"name": "T", "column": self.a(self.board.columns, column), "sprint": self.a_sprint(sprint)}
        try:
            return add_task(self.board, self.operation, fields=fields).pk
        except BoardError:
            return 0

    @rule(task=tasks, neighbour=tasks, column=NUMBERS, before=st.booleans())
    def move(self, task: int, neighbour: int, column: int, before: bool) -> None:
        fields = {"column": self.a(self.board.columns, column)}
        self.revise(Task, task, fields=fields, beside=Beside(neighbour, before=before))

    @rule(task=tasks, column=NUMBERS, sprint=NUMBERS)
    def plan(self, task: int, column: int, sprint: int) -> None:
        fields = {"sprint": self.a_sprint(sprint), "column": self.a(self.board.columns, column)}
        self.revise(Task, task, fields=fields)

    @rule(task=tasks, archived=st.booleans())
    def archive(self, task: int, archived: bool) -> None:
        self.revise(Task, task, fields={"archived": archived})

    @rule(task=tasks)
    def remove(self, task: int) -> None:
        self.attempt(lambda: Task.objects.get(pk=task).remove(self.operation))

    @rule(kind=st.sampled_from(Column.Kind.values), limit=st.none() | st.integers(1, 3), beside=NUMBERS)
    def add_column(self, kind: str, limit: int | None, beside: int) -> None:
        wish = Beside(self.a(self.board.columns, beside), before=True)
        fields: dict[str, object] = {"name": "C", "kind": kind, "limit": limit}
        self.attempt(lambda: add_column(self.board, self.operation, fields=fields, beside=wish))

    @rule(column=NUMBERS, beside=NUMBERS)
    def move_column(self, column: int, beside: int) -> None:
        wish = Beside(self.a(self.board.columns, beside), before=False)
        self.revise(Column, self.a(self.board.columns, column), fields={}, beside=wish)

    @rule(state=st.sampled_from(Sprint.State.values))
    def add_sprint(self, state: str) -> None:
        self.attempt(lambda: add_sprint(self.board, self.operation, fields={"name": "S", "state": state}))

    @rule(sprint=NUMBERS, state=st.sampled_from(Sprint.State.values))
    def turn_sprint(self, sprint: int, state: str) -> None:
        self.revise(Sprint, self.a(self.board.sprints, sprint), fields={"state": state})

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @invariant()
    def the_log_explains_the_board(self) -> None:
        if not hasattr(self, "held"):
            return
        for event in self.board.events.filter(seq__gt=self.held["seq"]).order_by("seq"):
            self.held = apply(self.held, event.wire(self.board.epoch))
        assert self.held == self.fresh()

    @invariant()
    def the_rules_hold(self) -> None:
        if not hasattr(self, "held"):
            return
        for task in self.board.tasks.select_related("column"):
            kind = task.column.kind
            assert task.sprint_id is not None or kind == Column.Kind.TODO
            assert (task.started is not None) == (kind != Column.Kind.TODO)
            assert (task.completed is not None) == (kind == Column.Kind.DONE)
        places = list(self.board.tasks.values_list("place", flat=True))
        assert len(set(places)) == len(places)

    def revise(self, model: Any, pk: int, **arguments: Any) -> None:
        self.attempt(lambda: model.objects.get(pk=pk).revise(self.operation, **arguments))

    def attempt(self, work: Any) -> None:
        """Do it, or find it refused without a trace."""
        before = self.fresh()
        try:
            work()
        except (BoardError, Task.DoesNotExist):
            assert self.fresh() == before

    def a(self, rows: Any, number: int) -> int:
        ids = list(rows.order_by("id").values_list("pk", flat=True))
        return int(ids[number % len(ids)])

    def a_sprint(self, number: int) -> int | None:
        return None if number % 3 == 0 else self.a(self.board.sprints, number)

    def fresh(self) -> Wire:
        return state(Board.objects.get(pk=self.board.pk))


@pytest.mark.django_db
def test_whatever_is_done_to_a_board_its_log_explains_it_and_its_rules_hold() -> None:
    bounds = settings(max_examples=25, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(MovesMachine, settings=bounds)
