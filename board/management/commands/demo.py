"""Make a demo board with two people on it, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from board.demo import make_demo


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, **options: Any) -> None:
        if not settings.DEMO_PASSWORD:
            raise CommandError("DEMO_PASSWORD is not set; expected the password of the demo people")
        made = make_demo(settings.DEMO_PASSWORD)
        self.stdout.write("made the demo board" if made else "there are boards already; made nothing")
