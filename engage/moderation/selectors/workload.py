"""How much there is to do, who does it, and how much was decided in the promised time.

Deliberately absent: how fast anybody is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.utils import timezone

from engage.identity.domain.roles import Role
from engage.identity.models import User
from engage.identity.rules import Person, trusted_areas
from engage.moderation.domain.claims import LAPSES_AFTER
from engage.moderation.models import Decision
from engage.moderation.selectors.desk import moderated_items, within
from engage.moderation.selectors.lists import promised_hours

THIRTY_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Load:
    """What one moderator decided today, and has claimed now."""

    moderator: User
    decided: int
    claimed: int


@dataclass(frozen=True, slots=True)
class InTime:
    """How many texts waited for a decision, and how many were decided within ``hours``."""

    decided: int
    in_time: int
    hours: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all of them; None where nothing was decided."""
        return self.in_time * 100 // self.decided if self.decided else None


def workload(person: Person) -> list[Load]:
    """Of everybody who works at the texts that ``person`` moderates, in three queries."""
    now = timezone.localtime()
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    areas = trusted_areas(person, Role.MODERATOR)
    rows = Decision.objects.filter(within(areas, "item__area"), at__gte=today, by__isnull=False)
    decided = dict(rows.order_by().values_list("by").annotate(n=Count("pk")))
    held = moderated_items(person).filter(
        queued_at__isnull=False, claimed_by__isnull=False, claimed_at__gt=now - LAPSES_AFTER
    )
    claimed = dict(held.order_by().values_list("claimed_by").annotate(n=Count("pk")))
    people = User.objects.in_bulk({*decided, *claimed})
    loads = [Load(each, decided.get(pk, 0), claimed.get(pk, 0)) for pk, each in people.items()]
    return sorted(loads, key=lambda load: (-load.decided, -load.claimed, str(load.moderator)))


def decided_in_time(since: datetime | None = None) -> InTime:
    """Of everything that waited and was decided since then (within 30 days); two queries."""
    hours = promised_hours()
    begins = since or timezone.now() - THIRTY_DAYS
    rows = Decision.objects.filter(at__gte=begins, waited_since__isnull=False)
    in_time = Q(at__lte=F("waited_since") + timedelta(hours=hours))
    counted = rows.aggregate(n=Count("pk"), soon=Count("pk", filter=in_time))
    return InTime(counted["n"], counted["soon"], hours)
