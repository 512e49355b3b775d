"""The one door: a change of a board and its event, in one transaction.

The board's row is locked first, so that what a rule sees inside the block is still so at the commit.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from board import announcing, roles, statements
from board.errors import KeyReused, Refused, Repeated, Stale
from board.models.entity import Entity
from board.models.event import Event
from board.models.user import User
from board.wire import Wire

if TYPE_CHECKING:
    from board.models.board import Board

E = TypeVar("E", bound=Entity)
STALE_EVENTS = 5_000  # who is further behind than this is not told which fields changed: all may have


@dataclass(frozen=True, slots=True)
class Operation:
    """Who asks for a change, under which idempotency key (`cid`), by a request with which digest."""

    by: User
    cid: str | None = None
    digest: str = ""
    needs: str = ""  # the role that `by` must have on the board; empty for programs of the house

    def refuse_outsider(self, board: "Board") -> None:
        """Raise Missing or Forbidden where `by` lost the role while the request waited for the lock."""
        if self.needs:
            roles.check(statements.role_on(board.pk, self.by.pk), self.needs)

    def refuse_repetition(self) -> None:
        """Raise Repeated when this was done before, KeyReused when its key stands for something else."""
        if self.cid is None:
            return
        digest = statements.digest_of_key(self.by.pk, self.cid)
        if digest is None:
            return
        if digest != self.digest:
            raise KeyReused(_("This Idempotency-Key was used for another request; send a new one with each."))
        raise Repeated(Event.objects.select_related("board").get(by=self.by, cid=self.cid))


@contextmanager
def open_door(board: "Board", verb: str, operation: Operation) -> Iterator["Change"]:
    """Open the door to `board`: what the block does becomes one event, or nothing at all.

    Raises Repeated or KeyReused (see `Operation`) before the block is entered.
    """
    with transaction.atomic():
        board.lock()
        operation.refuse_repetition()
        operation.refuse_outsider(board)
        if board.archived and verb != "board.changed":
            raise Refused(_("This board is archived; restore it before you change it."), code="archived")
        opened = Change(board, verb, operation)
        yield opened
        opened.record()


class Change:
    """What is done to one board under its lock, gathered into one event."""

    def __init__(self, board: "Board", verb: str, operation: Operation) -> None:
        self.board = board
        self.seq = board.seq + 1  # of the event that this will be
        self.verb = verb
        self.operation = operation
        self.at = timezone.now()
        self.changes: list[Wire] = []
        self._was: dict[Entity, Wire] = {}

    def read(self, entity: E) -> E:
        """Read `entity` anew, under the lock, and watch it."""
        entity.reread()
        return self.watch(entity)

    def watch(self, entity: E) -> E:
        """Remember how `entity`, read under the lock, is now; `save` compares with it."""
        self._was[entity] = entity.wire()
        return entity

    def refuse_stale(self, entity: Entity, fields: Iterable[str], version: int | None) -> None:
        """Raise Stale if one of `fields` was changed by an event after `version` of the watched `entity`."""
        if version is None or entity.version <= version:
            return
        if self.board.seq - version > STALE_EVENTS:
            raise self._stale(entity, sorted(fields))
        later = Event.objects.filter(board=self.board, seq__gt=version, seq__lte=entity.version)
        touched = {
            name
            for changes in later.values_list("changes", flat=True).iterator()
            for item in changes
            if (item["entity"], item["id"]) == (entity.entity, entity.pk)
            for name in item["now"] or ()
        }
        if both := sorted(touched.intersection(fields)):
            raise self._stale(entity, both)

    def _stale(self, entity: Entity, fields: Iterable[str]) -> Stale:
        message = _("Somebody changed this in the meantime; look at it and decide again.")
        return Stale(message, fields={name: [message] for name in fields}, current=self._was[entity])

    def create(self, entity: Entity) -> None:
        entity.version = self.seq
        entity.insert()
        self._add(entity, was=None, now=entity.wire())

    def save(self, entity: Entity, *, whole: bool = False) -> None:
        """Write what differs since `watch`; with `whole` the event tells every field."""
        before, after = self._was[entity], entity.wire()
        changed = {name for name in after if after[name] != before[name]}
        if changed:
            entity.version = self.seq
            entity.store(changed)
            self._add_difference(entity, whole=whole)

    def save_alike(self, entities: Iterable[E], **values: object) -> None:
        """Give many entities the same column `values` by one statement."""
        gathered = [self.watch(entity) for entity in entities]
        for entity in gathered:
            for column, held in values.items():
                setattr(entity, column, held)
        self._write_alike(gathered, values)

    def save_each(self, entities: Iterable[E], attribute: str, held: Mapping[int, object]) -> None:
        """Record many entities whose `attribute`, kept in another table, is now `held` by id."""
        gathered = [self.watch(entity) for entity in entities]
        for entity in gathered:
            setattr(entity, attribute, held[entity.pk])
        self._write_alike(gathered, {})

    def save_places(self, entities: Iterable[E]) -> None:
        """Write the new `place` of many watched entities."""
        gathered = list(entities)
        for entity in gathered:
            entity.version = self.seq
            self._add_difference(entity)
        if gathered:
            type(gathered[0])._default_manager.bulk_update(gathered, ["place", "version"])

    def _write_alike(self, entities: list[E], values: Mapping[str, object]) -> None:
        if not entities:
            return
        rows = type(entities[0])._default_manager.filter(pk__in=[entity.pk for entity in entities])
        rows.update(**values, version=self.seq)
        for entity in entities:
            entity.version = self.seq
            self._add_difference(entity)

    def delete(self, entity: Entity) -> None:
        shape = self._was.get(entity) or entity.wire()
        self._add(entity, was=shape, now=None)
        entity.delete()

    def record(self) -> None:
        """Write the event and the board's new seq, and announce both once they are committed."""
        if not self.changes:
            return
        event = Event(
            board=self.board,
            seq=self.seq,
            verb=self.verb,
            by=self.operation.by,
            at=self.at,
            cid=self.operation.cid,
            digest=self.operation.digest if self.operation.cid else "",
            changes=self.changes,
        )
        event.save(force_insert=True)
        self.board.seq = self.seq
        statements.write_seq(self.board.pk, self.seq)
        transaction.on_commit(partial(announcing.announce, event.wire(self.board.epoch)), robust=True)

    def _add_difference(self, entity: Entity, *, whole: bool = False) -> None:
        before, after = self._was[entity], entity.wire()
        changed = [name for name in after if after[name] != before[name]]
        now = after if whole else {name: after[name] for name in changed}
        self._add(entity, was={name: before[name] for name in changed}, now=now)
        self._was[entity] = after

    def _add(self, entity: Entity, *, was: Wire | None, now: Wire | None) -> None:
        self.changes.append({"entity": entity.entity, "id": entity.pk, "was": was, "now": now})
