"""A column of a board: a step of the work, with a limit of how much may be in it at once."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from board import places
from board.errors import Invalid, Refused
from board.limits import COLUMNS_A_BOARD, NAME_CHARACTERS
from board.models.board import Board
from board.models.entity import Entity

if TYPE_CHECKING:
    from board.events import Operation


class Column(Entity):
    """`limit` counts tasks that are neither archived nor in the backlog; a done column has none."""

    class Kind(models.TextChoices):
        TODO = "todo", gettext_lazy("To do")
        DOING = "doing", gettext_lazy("Doing")
        DONE = "done", gettext_lazy("Done")

    entity: ClassVar[str] = "column"
    shown: ClassVar[tuple[str, ...]] = ("name", "place", "limit", "kind")

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="columns")
    name = models.CharField(max_length=NAME_CHARACTERS)
    place = places.PlaceField()
    limit = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.TODO)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["board", "place"], name="column_place_once_a_board"),)

    def __str__(self) -> str:
        return self.name

    def revise(
        self,
        operation: "Operation",
        *,
        fields: dict[str, object],
        beside: places.Beside | None = None,
        version: int | None = None,
    ) -> None:
        """Change name, limit or kind, and move it beside another column.

        Raises Refused when its kind would change while it holds tasks, Stale by `version`.
        """
        with self.board.change("column.changed" if fields else "column.moved", operation, of=self) as change:
            change.refuse_stale(self, fields.keys() | ({"place"} if beside else set()), version)
            self._refuse_kind(fields.get("kind", self.kind))
            for name, held in fields.items():
                setattr(self, name, held)
            self._check_limit()
            if beside:
                self.place = places.Order("board_column", self.board.pk, apart=self.pk).beside(beside)
            change.save(self)

    def remove(self, operation: "Operation") -> None:
        """Delete this column. Raises Refused while it holds tasks, archived ones too."""
        with self.board.change("column.removed", operation, of=self) as change:
            if held := self.tasks.count():
                raise self._in_use(held)
            change.delete(self)

    def refuse_if_full(self) -> None:
        """Raise Refused when one more task would go over the limit; to be asked under the board's lock."""
        if self.limit is None:
            return
        held = self.tasks.filter(archived=False, sprint__isnull=False).count()
        if held >= self.limit:
            message = _("%(column)s is full: it holds %(held)d of at most %(limit)d tasks.")
            raise Refused(
                message % {"column": self.name, "held": held, "limit": self.limit},
                code="wip_limit",
                field="column",
            )

    def _check_limit(self) -> None:
        if self.kind == self.Kind.DONE and self.limit is not None:
            raise Invalid(_("A column for done work has no limit; leave it empty."), field="limit")

    def _refuse_kind(self, kind: object) -> None:
        if kind != self.kind and (held := self.tasks.count()):
            raise self._in_use(held)

    def _in_use(self, held: int) -> Refused:
        message = ngettext(
            "%(column)s still holds %(held)d task, open or archived; move or delete it first.",
            "%(column)s still holds %(held)d tasks, open or archived; move or delete them first.",
            held,
        )
        return Refused(message % {"column": self.name, "held": held}, code="column_in_use", field="column")


def add_column(
    board: Board,
    operation: "Operation",
    *,
    fields: dict[str, object],
    beside: places.Beside | None = None,
) -> Column:
    """Add a column to `board`, last or beside another."""
    with board.change("column.added", operation) as change:
        if board.columns.count() >= COLUMNS_A_BOARD:
            raise Refused(
                _("This board has %(limit)d columns, which is the most it can have.")
                % {"limit": COLUMNS_A_BOARD},
                code="too_many",
            )
        column = Column(board=board, **fields)
        column._check_limit()
        column.place = places.Order("board_column", board.pk).beside(beside)
        change.create(column)
    return column
