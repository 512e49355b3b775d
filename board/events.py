"""The one door: a change of a board and its event, in one transaction.

The board's row is locked first, so that what a rule sees inside the block is still so at the commit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from board import announcing, roles, rows, statements
from board.errors import KeyReused, Refused, Repeated, Stale
from board.models.entity import Entity
from board.models.event import Event
from board.models.user import User
from board.statements import Row, Statement, several
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

    def standing(self, board: "Board") -> list[Statement]:
        """Return the statements that tell whether this may be done; `check` takes what they find."""
        return [statements.digest_of_key(self.by.pk, self.cid), statements.role_on(board.pk, self.by.pk)]

    def check(self, digests: Sequence[Row], found_roles: Sequence[Row]) -> None:
        """Raise as `refuse_repetition` does, and Missing or Forbidden where `by` may not.

        The role may have been lost while the request waited for the lock.
        """
        self._refuse_known(digests)
        if self.needs:
            roles.check(found_roles[0][0] if found_roles else None, self.needs)

    def refuse_repetition(self) -> None:
        """Raise Repeated when this was done before, KeyReused when its key stands for something else."""
        if self.cid is not None:
            self._refuse_known(statements.several(statements.digest_of_key(self.by.pk, self.cid))[0])

    def _refuse_known(self, digests: Sequence[Row]) -> None:
        if not digests:
            return
        if digests[0][0] != self.digest:
            raise KeyReused(_("This Idempotency-Key was used for another request; send a new one with each."))
        raise Repeated(Event.objects.select_related("board").get(by=self.by, cid=self.cid))


@contextmanager
def open_door(
    board: "Board", verb: str, operation: Operation, *, of: Entity | None = None
) -> Iterator["Change"]:
    """Open the door to `board`: what the block does becomes one event, or nothing at all.

    The entity that it is a change `of` is read anew under the lock, and watched. Raises Repeated or KeyReused
    (see `Operation`) before the block is entered, and DoesNotExist where the board or the entity is gone.
    """
    with transaction.atomic():
        reading = of.reading() if of else []
        locked, digests, found_roles, *found = several(board.locking(), *operation.standing(board), *reading)
        board.take_lock(locked)
        operation.check(digests, found_roles)
        if board.archived and verb != "board.changed":
            raise Refused(_("This board is archived; restore it before you change it."), code="archived")
        opened = Change(board, verb, operation)
        if of is not None:
            of.take(found)
            opened.watch(of)
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
        self._to_write: list[Statement] = []

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
        self.write()
        entity.version = self.seq
        entity.insert()
        self._add(entity, was=None, now=entity.wire())

    def save(self, entity: Entity, *, whole: bool = False) -> None:
        """Write what differs since `watch`, with the event; with `whole` that tells every field."""
        before, after = self._was[entity], entity.wire()
        changed = {name for name in after if after[name] != before[name]}
        if changed:
            entity.version = self.seq
            self._to_write += entity.storing(changed)
            self._add_difference(entity, whole=whole)

    def write(self) -> None:
        """Write what `save` gathered, ahead of a statement that has to find it written."""
        if self._to_write:
            several(*self._to_write)
            self._to_write = []

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
        self.write()
        alike = type(entities[0])._default_manager.filter(pk__in=[entity.pk for entity in entities])
        alike.update(**values, version=self.seq)
        for entity in entities:
            entity.version = self.seq
            self._add_difference(entity)

    def delete(self, entity: Entity) -> None:
        self.write()
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
        self.board.seq = self.seq
        self._to_write += [rows.insert(event), statements.write_seq(self.board.pk, self.seq)]
        self.write()
        transaction.on_commit(partial(announcing.announce, event.wire(self.board.epoch)), robust=True)

    def _add_difference(self, entity: Entity, *, whole: bool = False) -> None:
        before, after = self._was[entity], entity.wire()
        changed = [name for name in after if after[name] != before[name]]
        now = after if whole else {name: after[name] for name in changed}
        self._add(entity, was={name: before[name] for name in changed}, now=now)
        self._was[entity] = after

    def _add(self, entity: Entity, *, was: Wire | None, now: Wire | None) -> None:
        self.changes.append({"entity": entity.entity, "id": entity.pk, "was": was, "now": now})
