"""The board as a Django app."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = "Board"

    def ready(self) -> None:
        from board.api import schemes  # noqa: F401, PLC0415 - the schema learns of them by the import
