"""What the board holds, and the verbs that change it."""

from board.models.assignment import Assignment
from board.models.board import Board
from board.models.column import Column
from board.models.entity import Entity
from board.models.event import Event
from board.models.membership import Membership
from board.models.sprint import Sprint
from board.models.task import Task
from board.models.user import User

__all__ = ["Assignment", "Board", "Column", "Entity", "Event", "Membership", "Sprint", "Task", "User"]
