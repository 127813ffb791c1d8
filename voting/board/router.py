"""Which database a table lives in: the board's in ``ballots``, everything else in ``default``."""

from typing import Any

from django.db.models import Model

BOARD = "board"


class BallotsApart:
    """A Django database router; relations across the two databases are refused."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return "ballots" if model._meta.app_label == BOARD else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return (one._meta.app_label == BOARD) == (other._meta.app_label == BOARD)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (app_label == BOARD) == (db == "ballots")
