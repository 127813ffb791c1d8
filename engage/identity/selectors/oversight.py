"""What administrators and auditors read: who is trusted with what, and what was done by whom.

Deliberately absent: anybody whom it was done for. Control needs counts, days and clerks only.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from engage.identity.domain.areas import SEPARATOR
from engage.identity.models import Assistance, Disclosure, Import, RoleGrant, User

LOOKS_BACK = timedelta(days=30)
SHOWN = 20


def grants_in_force(areas: list[str]) -> QuerySet[RoleGrant]:
    """Roles that hold now in ``areas`` and within them, the whole town's first."""
    return _within(areas).exclude(until__lte=timezone.now()).order_by(*_BY_AREA)


def grants_ended(areas: list[str]) -> QuerySet[RoleGrant]:
    """Roles that held once in ``areas`` and within them, the last ended first."""
    return _within(areas).filter(until__lte=timezone.now()).order_by("-until", "-pk")


_BY_AREA = (F("area").asc(nulls_first=True), "role", "since", "pk")


def own_grants(person: User) -> QuerySet[RoleGrant]:
    """What ``person`` is trusted with now."""
    return grants_in_force([""]).filter(person=person)


def _within(areas: list[str]) -> QuerySet[RoleGrant]:
    grants = RoleGrant.objects.select_related("person", "area", "by")
    if "" in areas:
        return grants
    inner = Q(area__in=areas)
    for path in areas:
        inner |= Q(area__path__startswith=f"{path}{SEPARATOR}")
    return grants.filter(inner)


def assistances_by_day() -> list[dict[str, Any]]:
    """How often each clerk acted for somebody on each day and over which channel. One query."""
    since = timezone.localdate() - LOOKS_BACK
    days = Assistance.objects.filter(on__gte=since).values("on", "clerk__email", "channel")
    counted = days.annotate(times=Count("pk")).order_by("-on", "clerk__email", "channel")
    words = dict(Assistance.Channel.choices)
    return [{**row, "channel": words.get(row["channel"], "")} for row in counted]


def disclosures_by_clerk() -> list[dict[str, Any]]:
    """How often each of the council saw data of people, and why. One query."""
    recent = Disclosure.objects.filter(at__gte=timezone.now() - LOOKS_BACK)
    counted = recent.values("by__email", "why").annotate(times=Count("pk"))
    words = dict(Disclosure.Why.choices)
    return [
        {**row, "why": words.get(row["why"], "")} for row in counted.order_by("by__email", "why")
    ]


def latest_imports() -> QuerySet[Import]:
    """The newest files that were read in, without their rows."""
    return Import.objects.select_related("by").defer("rows", "report")[:SHOWN]
