"""Objections and how often those who made them were right.

Deliberately absent: who objected, for anybody but moderators.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from engage.moderation.domain.accuracy import accuracy
from engage.moderation.models import Flag, Item


@dataclass(frozen=True, slots=True)
class Record:
    """How many objections of a reader were decided, and how many of them upheld."""

    upheld: int = 0
    decided: int = 0

    @property
    def accuracy(self) -> float:
        return accuracy(self.upheld, self.decided)


def records(readers: set) -> dict[object, Record]:
    """The record of each of these readers, in one query; who has none is left out."""
    decided = Flag.objects.filter(by__in=readers, upheld__isnull=False).order_by().values("by")
    counted = decided.annotate(upheld_n=Count("pk", filter=Q(upheld=True)), n=Count("pk"))
    return {row["by"]: Record(row["upheld_n"], row["n"]) for row in counted}


def accuracies(item: Item) -> list[float]:
    """Of everybody whose objection to ``item`` is open, in two queries."""
    readers = set(item.flags.filter(upheld=None).values_list("by", flat=True))
    known = records(readers)
    return [known.get(reader, Record()).accuracy for reader in readers]
