"""One change of a board, as the log keeps it for ever."""

from django.conf import settings
from django.db import models

from board.limits import KEY_CHARACTERS
from board.wire import Wire, milliseconds


class Event(models.Model):
    """A verb and a list of changes; `seq` counts a board's events without a gap, in commit order."""

    board = models.ForeignKey("board.Board", on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    verb = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    cid = models.CharField(max_length=KEY_CHARACTERS, null=True)  # noqa: DJ001 - null is "no key", and not unique
    digest = models.CharField(max_length=64, default="")  # of the request that carried the key
    changes = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["board", "seq"], name="event_seq_once_a_board"),
            models.UniqueConstraint(
                fields=["by", "cid"], condition=models.Q(cid__isnull=False), name="event_key_once_a_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.seq}"

    def wire(self, epoch: str) -> Wire:
        """Return the event as the log and the hub carry it."""
        return {
            "board": self.board_id,
            "epoch": epoch,
            "seq": self.seq,
            "verb": self.verb,
            "by": self.by_id,
            "at": milliseconds(self.at),
            "cid": self.cid,
            "changes": self.changes,
        }
