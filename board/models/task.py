"""A task: one piece of work, its place on the board and what must hold of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from board import places, rows, statements
from board.errors import Invalid, Refused
from board.limits import NAME_CHARACTERS, OPEN_TASKS_A_BOARD
from board.models.assignment import Assignment, load_assignees
from board.models.board import Board
from board.models.column import Column
from board.models.entity import Entity
from board.models.sprint import Sprint
from board.statements import Row, Statement, several
from board.wire import Wire

if TYPE_CHECKING:
    from board.events import Change, Operation

MOVING = {"column", "sprint"}


class Task(Entity):
    """Without a sprint it is in the backlog; `place` orders all tasks of the board, in whatever list."""

    entity: ClassVar[str] = "task"
    shown: ClassVar[tuple[str, ...]] = (
        "name",
        "description",
        "column_id",
        "sprint_id",
        "place",
        "estimate",
        "due",
        "started",
        "completed",
        "archived",
    )
    related: ClassVar[tuple[str, ...]] = ("column", "sprint")

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    name = models.CharField(max_length=NAME_CHARACTERS)
    description = models.TextField(default="", blank=True)  # Markdown
    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="tasks")
    sprint = models.ForeignKey(Sprint, on_delete=models.PROTECT, related_name="tasks", null=True)
    place = places.PlaceField()
    estimate = models.PositiveIntegerField(null=True)  # points
    due = models.DateField(null=True)
    started = models.DateTimeField(null=True, editable=False)
    completed = models.DateTimeField(null=True, editable=False)
    archived = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["board", "place"], name="task_place_once_a_board"),)

    _assignees: list[int] | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def assignee_ids(self) -> list[int]:
        if self._assignees is None:
            self._assignees = [user for (user,) in several(statements.assignees_of(self.pk))[0]]
        return self._assignees

    @assignee_ids.setter
    def assignee_ids(self, ids: Iterable[int]) -> None:
        self._assignees = sorted(set(ids))

    def wire(self) -> Wire:
        return {**super().wire(), "assignees": self.assignee_ids}

    def reading(self) -> list[Statement]:
        return [*super().reading(), statements.assignees_of(self.pk)]

    def take(self, found: Sequence[Sequence[Row]]) -> None:
        super().take(found)
        self._assignees = [user for (user,) in found[1]]

    def insert(self) -> None:
        super().insert()
        if self.assignee_ids:
            several(*statements.assign(self.pk, self.assignee_ids))

    def storing(self, changed: set[str]) -> list[Statement]:
        assigning = statements.assign(self.pk, self.assignee_ids) if "assignees" in changed else []
        return [*super().storing(changed), *assigning]

    def revise(
        self,
        operation: "Operation",
        *,
        fields: dict[str, Any],
        beside: places.Beside | None = None,
        version: int | None = None,
    ) -> None:
        """Change what a task says and where it stands, in one event.

        `fields` are wire fields with `column`, `sprint` and `assignees` as ids. Raises Invalid for what is
        not on this board, Refused for a rule that stands against it, Stale by `version`.
        """
        with self.board.change(_verb(fields, moves=beside is not None), operation, of=self) as change:
            change.refuse_stale(self, fields.keys() | ({"place"} if beside else set()), version)
            restored = self.archived and fields.get("archived") is False
            self._refuse_if_archived(fields)
            self._take(fields)
            self._go(change, fields, beside, restored=restored)
            change.save(self, whole=restored)
            self._shorten_places(change)

    def remove(self, operation: "Operation") -> None:
        """Delete this task for good."""
        with self.board.change("task.removed", operation, of=self) as change:
            change.delete(self)

    @classmethod
    def unassign(cls, change: "Change", user_id: int) -> None:
        """Take a person off all tasks of the board, by as many statements for many as for one."""
        tasks = list(cls.objects.filter(board=change.board, assignments__user=user_id))
        load_assignees(tasks)
        Assignment.objects.filter(task__board=change.board, user=user_id).delete()
        remaining = {task.pk: [held for held in task.assignee_ids if held != user_id] for task in tasks}
        change.save_each(tasks, "assignee_ids", remaining)

    def _refuse_if_archived(self, fields: dict[str, Any]) -> None:
        if self.archived and fields.get("archived") is not False:
            raise Refused(_("This task is archived; restore it before you change it."), code="archived")

    def _take(self, fields: dict[str, Any]) -> None:
        for name in fields.keys() - MOVING - {"assignees"}:
            setattr(self, name, fields[name])
        if "assignees" in fields:
            _check_members(self.board, fields["assignees"])
            self.assignee_ids = fields["assignees"]

    def _go(
        self, change: "Change", fields: dict[str, Any], beside: places.Beside | None, *, restored: bool
    ) -> None:
        """Move to the column, sprint and place that are asked for, by the rules of the board."""
        was_column, was_sprint = self.column, self.sprint_id
        spot: list[Row] = []
        if beside or not MOVING.isdisjoint(fields):
            column_id = fields.get("column", was_column.pk)
            columns, spot = several(
                rows.reading(Column).by_id(column_id), self._order(column_id).looking(beside)
            )
            self.column = _found_column(self.board, column_id, columns)
        if "sprint" in fields and fields["sprint"] != was_sprint:
            self._enter_sprint(fields["sprint"], was_done=was_column.kind == Column.Kind.DONE)
        moved = (self.column.pk, self.sprint_id) != (was_column.pk, was_sprint)
        self._check_where(
            entered=restored or self.column.pk != was_column.pk or (was_sprint is None and moved)
        )
        if self.column.kind != was_column.kind:
            self.follow_kind(change.at)
        if moved or beside:
            self.place = self._order(self.column.pk).place(beside, spot)
        if restored:
            _check_room(self.board)

    def _enter_sprint(self, sprint_id: int | None, *, was_done: bool) -> None:
        if was_done:
            message = _("This task is done; a done task stays in its sprint.")
            raise Refused(message, code="done_sprint", field="sprint")
        self.sprint = _open_sprint(self.board, sprint_id)

    def _check_where(self, *, entered: bool) -> None:
        """Check the rules for where this task now is; `entered` says that it counts there from now on."""
        if self.sprint_id is None:
            if self.column.kind != Column.Kind.TODO:
                message = _(
                    "A task in the backlog is not started; give it a sprint before it goes to %(column)s."
                )
                raise Refused(message % {"column": self.column.name}, code="backlog_started", field="column")
        elif self._is_undone_in_finished_sprint():
            message = _("%(sprint)s is finished; what was done in it stays done.")
            raise Refused(message % {"sprint": self.sprint}, code="finished_sprint", field="column")
        elif entered and not self.archived:
            self.column.refuse_if_full()

    def _is_undone_in_finished_sprint(self) -> bool:
        finished = self.sprint is not None and self.sprint.state == Sprint.State.FINISHED
        return finished and self.column.kind != Column.Kind.DONE

    def _order(self, column_id: int) -> places.Order:
        return places.Order("board_task", self.board.pk, apart=self.pk or 0, column=column_id)

    def _shorten_places(self, change: "Change") -> None:
        """Give all tasks new places in the same order, once drops into one gap made them long."""
        if len(self.place) <= places.LONGEST:
            return
        change.write()
        tasks = list(self.board.tasks.order_by("place"))
        load_assignees(tasks)
        for task, place in zip(tasks, places.spread(len(tasks), after=tasks[-1].place), strict=True):
            change.watch(task)
            task.place = place
        change.save_places(tasks)
        self.place = next(task.place for task in tasks if task.pk == self.pk)

    def follow_kind(self, at: datetime) -> None:
        """Let `started` and `completed` say what the column's kind says."""
        now = at.replace(microsecond=0)
        kind = self.column.kind
        self.started = None if kind == Column.Kind.TODO else self.started or now
        self.completed = self.completed or now if kind == Column.Kind.DONE else None


def add_task(
    board: Board, operation: "Operation", *, fields: dict[str, Any], beside: places.Beside | None = None
) -> Task:
    """Add a task to `board`: to a column and sprint, or to the backlog; last or beside another."""
    with board.change("task.added", operation) as change:
        _check_room(board)
        _check_members(board, fields.get("assignees", []))
        plain = {name: held for name, held in fields.items() if name not in MOVING | {"assignees"}}
        task = Task(board=board, column=_column(board, fields.get("column")), **plain)
        task.sprint = _open_sprint(board, fields.get("sprint"))
        task.assignee_ids = fields.get("assignees", [])
        task._check_where(entered=True)
        task.follow_kind(change.at)
        task.place = task._order(task.column.pk).beside(beside)
        change.create(task)
        task._shorten_places(change)
    return task


def _verb(fields: dict[str, Any], *, moves: bool) -> str:
    if "archived" in fields:
        return "task.archived" if fields["archived"] else "task.restored"
    return "task.moved" if (moves or fields) and fields.keys() <= MOVING else "task.changed"


def _column(board: Board, column_id: int | None) -> Column:
    """Return the board's column with this id, or its first to-do column where None is given."""
    if column_id is not None:
        return _found_column(board, column_id, several(rows.reading(Column).by_id(column_id))[0])
    first = board.columns.filter(kind=Column.Kind.TODO).order_by("place").first()
    if first is None:
        raise Invalid(_("There is no column for work to do on this board."), field="column")
    return first


def _found_column(board: Board, column_id: int, found: Sequence[Row]) -> Column:
    """Return the column that was looked for. Raises Invalid if it is not one of `board`."""
    column: Column | None = rows.reading(Column).made(found[0]) if found else None
    if column is None or column.board_id != board.pk:
        message = _("There is no column %(id)s on this board.") % {"id": column_id}
        raise Invalid(message, field="column")
    return column


def _open_sprint(board: Board, sprint_id: int | None) -> Sprint | None:
    """Return the board's sprint with this id if it still takes tasks; None is the backlog."""
    if sprint_id is None:
        return None
    sprint = rows.find(Sprint, sprint_id)
    if sprint is None or sprint.board_id != board.pk:
        raise Invalid(_("There is no sprint %(id)d on this board.") % {"id": sprint_id}, field="sprint")
    if sprint.state == Sprint.State.FINISHED:
        message = _("%(sprint)s is finished and takes no more tasks.")
        raise Refused(message % {"sprint": sprint.name}, code="finished_sprint", field="sprint")
    return sprint


def _check_members(board: Board, user_ids: list[int]) -> None:
    if not user_ids:
        return
    known = set(board.memberships.filter(user__in=user_ids).values_list("user_id", flat=True))
    if strangers := sorted(set(user_ids) - known):
        message = _("Not on this board: %(ids)s. Only its members can be assigned.")
        raise Invalid(message % {"ids": ", ".join(map(str, strangers))}, field="assignees")


def _check_room(board: Board) -> None:
    if board.tasks.filter(archived=False).count() >= OPEN_TASKS_A_BOARD:
        message = _("This board has %(limit)d open tasks, which is the most it can have; archive some first.")
        raise Refused(message % {"limit": OPEN_TASKS_A_BOARD}, code="too_many")
