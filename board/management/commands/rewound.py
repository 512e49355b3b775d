"""Tell everybody that the database was restored to an earlier state: to be run once after a restore."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from board.models import Board
from board.models.board import new_epoch


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, **options: Any) -> None:
        """Give every board a new epoch, so that hubs and browsers forget the future they have seen."""
        with transaction.atomic():
            boards = list(Board.objects.select_for_update().order_by("id"))
            for board in boards:
                board.epoch = new_epoch()
                board.announced = max(board.seq - 1, 0)  # the last event alone tells the hub
                board.save(update_fields=["epoch", "announced"])
        many = "1 board has" if len(boards) == 1 else f"{len(boards)} boards have"
        self.stdout.write(f"{many} a new epoch; open pages will fetch what they show anew")
