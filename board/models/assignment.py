"""Who works on which task."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from board.models.task import Task


class Assignment(models.Model):
    """A person who works on a task."""

    task = models.ForeignKey(
        "board.Task", on_delete=models.CASCADE, related_name="assignments", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["task", "user"], name="assigned_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} on {self.task_id}"


def load_assignees(tasks: "Collection[Task]") -> None:
    """Read who works on all of `tasks` by one query; a prefetch would make a manager for each."""
    held: dict[int, list[int]] = {task.pk: [] for task in tasks}
    assigned = Assignment.objects.filter(task__in=held)
    for task_id, user_id in assigned.values_list("task_id", "user_id"):
        held[task_id].append(user_id)
    for task in tasks:
        task.assignee_ids = held[task.pk]
