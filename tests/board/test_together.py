"""Many people at once: no rule is overrun, no number is given twice, and nothing is lost."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from board.errors import BoardError, Repeated
from board.events import Operation
from board.models import Board, Column, Membership, Task, User
from board.models.membership import add_member
from board.models.task import add_task
from board.places import Beside
from board.starting import create_board
from tests.board.conftest import fresh, replayed

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6


@pytest.fixture
def operation() -> Operation:
    return Operation(by=User.objects.create(username="ana"))


@pytest.fixture
def board(operation: Operation) -> Board:
    return create_board("Together", operation)


def all_at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Run every work in a thread with a connection of its own, from one start; return what they raised."""
    start = threading.Barrier(len(works))
    raised: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait()
            work()
        except (BoardError, Repeated) as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def task_named(board: Board, operation: Operation, name: str) -> Task:
    fields = {"name": name, "sprint": board.sprints.get().pk}
    return add_task(board, operation, fields=fields)


def test_everybody_drops_a_card_in_the_same_spot(board: Board, operation: Operation) -> None:
    target = task_named(board, operation, "target")
    cards = [task_named(board, operation, str(number)) for number in range(WRITERS)]
    stale = fresh(board)

    def drop(card: Task) -> Callable[[], object]:
        return lambda: Task.objects.get(pk=card.pk).revise(
            operation, fields={}, beside=Beside(target.pk, before=True)
        )

    assert all_at_once(*(drop(card) for card in cards)) == []

    places = list(board.tasks.values_list("place", flat=True))
    assert len(set(places)) == len(places)
    assert list(board.events.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, Board.objects.get(pk=board.pk).seq + 1)
    )
    assert replayed(stale, board) == fresh(board)


def test_two_people_cannot_overrun_a_limit_together(board: Board, operation: Operation) -> None:
    doing = board.columns.get(kind=Column.Kind.DOING)
    doing.revise(operation, fields={"limit": 2})
    cards = [task_named(board, operation, str(number)) for number in range(WRITERS)]

    def move(card: Task) -> Callable[[], object]:
        return lambda: Task.objects.get(pk=card.pk).revise(operation, fields={"column": doing.pk})

    raised = all_at_once(*(move(card) for card in cards))

    assert doing.tasks.count() == 2
    assert [getattr(error, "code", "") for error in raised] == ["wip_limit"] * (WRITERS - 2)


def test_two_admins_cannot_both_leave(board: Board, operation: Operation) -> None:
    ben = User.objects.create(username="ben")
    add_member(board, ben, Membership.Role.ADMIN, operation)
    both = list(Membership.objects.filter(board=board))

    raised = all_at_once(*((lambda member=member: member.remove(operation)) for member in both))

    assert [getattr(error, "code", "") for error in raised] == ["last_admin"]
    assert Membership.objects.filter(board=board, role="admin").count() == 1


def test_a_request_sent_twice_at_once_is_done_once(board: Board, operation: Operation) -> None:
    keyed = Operation(by=operation.by, cid="k1", digest="d")

    def add() -> object:
        return add_task(Board.objects.get(pk=board.pk), keyed, fields={"name": "Once"})

    raised = all_at_once(add, add)

    assert [type(error) for error in raised] == [Repeated]
    assert board.tasks.count() == 1


def test_a_board_asked_for_twice_at_once_is_made_once(operation: Operation) -> None:
    keyed = Operation(by=operation.by, cid="k1", digest="d")

    raised = all_at_once(*((lambda: create_board("Once", keyed)) for _ in range(2)))

    assert [type(error) for error in raised] == [Repeated]
    assert Board.objects.count() == 1
