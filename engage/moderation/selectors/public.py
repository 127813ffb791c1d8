"""What everybody may know of moderating: the log without names, and the figures of a year.

Deliberately absent: texts, titles, authors, moderators, and times of day.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from engage.moderation.domain.figures import LEAST
from engage.moderation.models import Appeal, Decision, Flag, Reason
from engage.moderation.selectors.lists import promised_hours

PER_PAGE = 50
KEPT_S = 600
FIRST_YEAR = 2000
AGAINST_PEOPLE = (Decision.Verb.SILENCE, Decision.Verb.BAN, Decision.Verb.LIFT)
AGAINST = (
    Decision.Verb.HIDE, Decision.Verb.REMOVE, Decision.Verb.RETURN, Decision.Verb.LOCK,
    Decision.Verb.MOVE, Decision.Verb.SILENCE, Decision.Verb.BAN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One decision as everybody may know it; ``area`` is empty where it could point to somebody."""

    pk: int
    verb: str
    kind: str
    area: str
    why: str
    rule: str
    at: datetime
    after: str
    outcome: str | None


def public_log(before: int | None = None) -> tuple[list[Line], int | None]:
    """The newest decisions below the number ``before``, and where the next page begins.

    Texts that were let through are in the figures only. An area is named for a year, from five
    decisions in that year on, and never with a decision about a person. Two queries.
    """
    rows = Decision.objects.exclude(verb=Decision.Verb.APPROVE).order_by("-pk")
    rows = rows.filter(pk__lt=before) if before is not None else rows
    found = list(rows.annotate(outcome=F("appeal__outcome")).values(*_OF_A_LINE)[: PER_PAGE + 1])
    since = timezone.now() - timedelta(days=365)
    named = _named_areas(since) if found else set()
    page = found[:PER_PAGE]
    lines = [_line(row, named if row["at"] >= since else set()) for row in page]
    return lines, lines[-1].pk if len(found) > PER_PAGE else None


_OF_A_LINE = ("pk", "verb", "why", "rule", "at", "after", "outcome", "item__kind",
              "item__area__name", "item__area_id")  # fmt: skip


def _line(row: dict, named: set[str]) -> Line:
    shown = row["item__area_id"] in named and row["verb"] not in AGAINST_PEOPLE
    area = row["item__area__name"] if shown else ""
    return Line(
        row["pk"], row["verb"], row["item__kind"], area, row["why"], row["rule"], row["at"],
        row["after"], row["outcome"],
    )  # fmt: skip


def _named_areas(since: datetime) -> set[str]:
    """Areas with so many decisions in a year that one of them points to nobody."""
    late = Decision.objects.filter(at__gte=since)
    counted = late.exclude(item__area=None).values("item__area_id").annotate(n=Count("pk"))
    return set(counted.filter(n__gte=LEAST).order_by().values_list("item__area_id", flat=True))


def years() -> list[int]:
    """The years that have figures, the newest first: from the first decision to this one."""
    this = timezone.localdate().year
    first = Decision.objects.aggregate(first=Min("at"))["first"]
    begun = timezone.localtime(first).year if first else this
    return list(range(this, max(FIRST_YEAR, min(begun, this)) - 1, -1))


@dataclass(frozen=True)
class Counts:
    """What was counted in a year, by the keys of the tables; no group is hidden here yet."""

    verbs: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)
    kinds: Counter = field(default_factory=Counter)
    appeals: Counter = field(default_factory=Counter)
    objections: Counter = field(default_factory=Counter)
    upheld: Counter = field(default_factory=Counter)
    waited: int = 0
    in_time: int = 0
    hours: int = 24
    titles: dict[tuple[str, str], str] = field(default_factory=dict)


def figures(year: int) -> Counts:
    """Everything that is counted of a year; made at most every ten minutes, in nine queries."""
    return cache.get_or_set(f"moderation.figures.{year}", lambda: _figures(year), KEPT_S)


def _figures(year: int) -> Counts:
    decided = _within(Decision.objects, year)
    against = decided.filter(verb__in=AGAINST)
    hours = promised_hours()
    waited = decided.filter(waited_since__isnull=False).aggregate(
        all=Count("pk"),
        in_time=Count("pk", filter=Q(at__lte=F("waited_since") + timedelta(hours=hours))),
    )
    reasons: Counter = Counter()
    for (code, why), number in _by(against, "reason__code", "why").items():
        reasons[code or why] += number
    return Counts(
        verbs=_by(decided, "verb"),
        reasons=reasons,
        kinds=_by(against, "item__kind"),
        appeals=_by(_within(Appeal.objects, year), "outcome"),
        objections=_by(_within(Flag.objects, year), "why"),
        upheld=_by(_within(Flag.objects, year), "upheld"),
        waited=waited["all"],
        in_time=waited["in_time"],
        hours=hours,
        titles={row[:2]: row[2] for row in Reason.objects.values_list("code", "language", "title")},
    )


def _within(rows: QuerySet, year: int) -> QuerySet:
    zone = timezone.get_current_timezone()
    begins, ends = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    return rows.filter(at__gte=begins, at__lt=ends)


def _by(rows: QuerySet, *names: str) -> Counter:
    counted = rows.order_by().values_list(*names).annotate(n=Count("pk"))
    return Counter({row[0] if len(names) == 1 else tuple(row[:-1]): row[-1] for row in counted})
