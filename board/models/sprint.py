"""A sprint: a stretch of time with a goal, and the tasks that the team takes into it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from board.errors import Invalid, Refused
from board.limits import NAME_CHARACTERS, SPRINTS_A_BOARD
from board.models.assignment import load_assignees
from board.models.board import Board
from board.models.column import Column
from board.models.entity import Entity

if TYPE_CHECKING:
    from board.events import Change, Operation

VERBS = {"active": "sprint.started", "finished": "sprint.finished"}  # for coming into this state
LATEST_ZONE = timedelta(hours=12)  # a day is over everywhere on earth 12 hours after it is over in UTC


class Sprint(Entity):
    """Planned, then active, then finished; a finished sprint takes no more tasks."""

    class State(models.TextChoices):
        PLANNED = "planned", gettext_lazy("Planned")
        ACTIVE = "active", gettext_lazy("Active")
        FINISHED = "finished", gettext_lazy("Finished")

    entity: ClassVar[str] = "sprint"
    shown: ClassVar[tuple[str, ...]] = ("name", "goal", "start", "end", "state")

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="sprints")
    name = models.CharField(max_length=NAME_CHARACTERS)
    goal = models.CharField(max_length=NAME_CHARACTERS, default="", blank=True)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)

    def __str__(self) -> str:
        return self.name

    def revise(
        self, operation: "Operation", *, fields: dict[str, object], version: int | None = None
    ) -> None:
        """Change what a sprint says of itself; finishing it sends unfinished tasks back to the backlog."""
        with self.board.change("sprint.changed", operation, of=self) as change:
            change.refuse_stale(self, fields.keys(), version)
            end, state = self.end, self.state
            for name, held in fields.items():
                setattr(self, name, held)
            self._check_dates(end_is_new=self.end != end)
            change.save(self)
            if self.state != state:
                change.verb = VERBS.get(self.state, change.verb)
            if self.state != state and self.state == self.State.FINISHED:
                self._return_unfinished(change)

    def remove(self, operation: "Operation") -> None:
        """Delete this sprint. Raises Refused while it holds tasks, archived ones too."""
        with self.board.change("sprint.removed", operation, of=self) as change:
            if held := self.tasks.count():
                message = ngettext(
                    "%(sprint)s still holds %(held)d task; move it to the backlog first.",
                    "%(sprint)s still holds %(held)d tasks; move them to the backlog first.",
                    held,
                )
                raise Refused(message % {"sprint": self.name, "held": held}, code="sprint_in_use")
            change.delete(self)

    def _check_dates(self, *, end_is_new: bool) -> None:
        if self.start and self.end and self.end < self.start:
            message = _("The sprint ends on %(end)s, before it starts on %(start)s.")
            raise Invalid(message % {"end": self.end, "start": self.start}, field="end")
        if end_is_new and self.end and self.end < _earliest_today():
            raise Invalid(
                _("The end %(end)s is in the past; choose today or later.") % {"end": self.end}, field="end"
            )

    def _return_unfinished(self, change: "Change") -> None:
        unfinished = list(self.tasks.exclude(column__kind=Column.Kind.DONE))
        first = self.board.columns.filter(kind=Column.Kind.TODO).order_by("place").first()
        if first is None and unfinished:
            raise Refused(
                _("There is no to-do column for the unfinished tasks to go back to; add one first."),
                code="backlog_started",
            )
        load_assignees(unfinished)
        change.save_alike(unfinished, column=first, sprint=None, started=None)


def add_sprint(board: Board, operation: "Operation", *, fields: dict[str, object]) -> Sprint:
    """Add a sprint to `board`."""
    with board.change("sprint.added", operation) as change:
        if board.sprints.count() >= SPRINTS_A_BOARD:
            raise Refused(
                _("This board has %(limit)d sprints, which is the most it can have.")
                % {"limit": SPRINTS_A_BOARD},
                code="too_many",
            )
        sprint = Sprint(board=board, **fields)
        sprint._check_dates(end_is_new=True)
        change.create(sprint)
    return sprint


def _earliest_today() -> date:
    return (timezone.now() - LATEST_ZONE).date()
