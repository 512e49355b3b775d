"""Send the hub every event that it has not acknowledged, for as long as it takes."""

import logging
import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from django.db.models import F

from board.announcing import announce_missing
from board.models import Board
from watercooler.publisher import NotPublished

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every",
            type=float,
            default=0.5,
            metavar="SECONDS",
            help="how often to look into the log (%(default)s)",
        )
        parser.add_argument("--once", action="store_true", help="look once, send what is missing, and end")

    def handle(self, *, every: float, once: bool, **options: Any) -> None:
        ending = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _setter(ending))
        away = False
        while not ending.is_set():
            away = _look(was_away=away)
            if once or ending.wait(every):
                return


def _look(*, was_away: bool) -> bool:
    """Send what is missing; return whether that failed, and log only where it begins and ends to fail."""
    try:
        announce_missing(Board.objects.filter(seq__gt=F("announced")).order_by("id"))
    except (NotPublished, DatabaseError) as error:
        if not was_away:
            log.warning("%s; trying again", error)
        if isinstance(error, DatabaseError):
            connection.close()
        return True
    if was_away:
        log.info("everything is announced again")
    return False


def _setter(event: threading.Event) -> Any:
    def set_event(_number: int, _frame: FrameType | None) -> None:
        event.set()

    return set_event
