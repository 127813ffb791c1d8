"""What an author may know: decisions on their texts, appeals, where they stand, what to tell them.

Deliberately absent: who decided. It was the town.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from engage.identity.models import User
from engage.moderation import writings
from engage.moderation.domain.trust import Level, Needs, Standing, level_of, missing_to_next
from engage.moderation.domain.verbs import APPEALABLE
from engage.moderation.models import Appeal, Decision, Flag, Item
from engage.moderation.selectors.trust import standing_of

PER_PAGE = 30
TELLS_FOR = timedelta(days=7)
"""So long a statement is tried to be mailed; after that it stands on the author's page alone."""
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Yours:
    """A decision on a text of one's own; ``shown`` is None where nobody knows the text any more."""

    decision: Decision
    shown: writings.Shown | None
    appeal: Appeal | None

    @property
    def may_appeal(self) -> bool:
        return self.appeal is None and self.decision.verb in APPEALABLE


@dataclass(frozen=True, slots=True)
class Trust:
    """Where one stands, and what the next level asks for; None at the last."""

    level: Level
    standing: Standing
    missing: Needs | None


def your_decisions(person: User, before: int | None = None) -> tuple[list[Yours], int | None]:
    """The newest decisions on texts of ``person`` below a number, and where the next page begins.

    A query, and one handful for each kind of text.
    """
    rows = _of(person).order_by("-pk")
    rows = rows.filter(pk__lt=before) if before is not None else rows
    found = list(rows[: PER_PAGE + 1])
    page = found[:PER_PAGE]
    shown = shown_texts(decision.item for decision in page)
    yours = [_yours(decision, shown) for decision in page]
    return yours, page[-1].pk if len(found) > PER_PAGE else None


def your_decision(person: User, pk: int) -> Yours | None:
    """One of them, of nobody else."""
    decision = _of(person).filter(pk=pk).first()
    return _yours(decision, shown_texts([decision.item])) if decision else None


def your_trust(person: User) -> Trust:
    """How far the town trusts ``person``, by the same reading that counts."""
    standing = standing_of(person, timezone.now())
    return Trust(level_of(standing), standing, missing_to_next(standing))


def _of(person: User) -> QuerySet[Decision]:
    """Those that the author was told of, or that took something from them."""
    told = ~Q(statement="") | Q(verb__in=APPEALABLE)
    rows = Decision.objects.filter(told, item__author=person)
    return rows.select_related("item__area", "appeal", "sanction")


def _yours(decision: Decision, shown: Mapping[tuple[str, str], writings.Shown]) -> Yours:
    item = decision.item
    return Yours(decision, shown.get((item.kind, item.key)), getattr(decision, "appeal", None))


def shown_texts(items: Iterable[Item]) -> dict[tuple[str, str], writings.Shown]:
    """What the texts look like, asked of each kind once."""
    keys: dict[str, set[str]] = {}
    for item in items:
        keys.setdefault(item.kind, set()).add(item.key)
    known = writings.kinds()
    return {
        (name, key): shown
        for name, wanted in keys.items()
        if name in known
        for key, shown in known[name].show(wanted).items()
    }


def own_flag(person: User, item: Item) -> Flag | None:
    """What ``person`` said against a text, if they did."""
    return Flag.objects.filter(item=item, by=person).first()


def decisions_to_tell(now: datetime, but: Collection[int] = ()) -> QuerySet[Decision]:
    """Decisions whose authors have not been written to yet ``but`` these, the oldest first."""
    rows = Decision.objects.filter(told_at__isnull=True, at__gte=now - TELLS_FOR)
    waiting = rows.exclude(statement="").exclude(pk__in=but).order_by("at", "pk")
    return waiting.select_related("item__author", "sanction")[:AT_ONCE]


def appeals_to_tell(now: datetime, but: Collection[int] = ()) -> QuerySet[Appeal]:
    """Answered appeals whose authors have not been written to yet ``but`` these."""
    rows = Appeal.objects.filter(told_at__isnull=True, answered_at__gte=now - TELLS_FOR)
    waiting = rows.exclude(pk__in=but).order_by("answered_at", "pk")
    return waiting.select_related("decision__item__author")[:AT_ONCE]
